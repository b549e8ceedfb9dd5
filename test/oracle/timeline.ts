import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';

/* Who did what, and what happened to whose work: once more as plain loops over the events, no engine, no SQL, no tables. */

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;

/** `who`: of this member; `about`: of this thing, as `kind/id`; `day`: from this day on, in UTC. */
export interface Question { who?: string | undefined; about?: string | undefined; type?: string | undefined; day?: string | undefined }

const OPENS = /^(LeadCaptured|DealOpened|MeetingScheduled|FollowUpScheduled|TaskAllocated|ContractDrafted|CaseOpened|SurveySent|ClientOnboarded)$/;
const HANDS = /^(LeadAssigned|DealReassigned|TaskReassigned|ClientReassigned|CaseEscalated)$/;
const HAS_PARTS = /^(lead|deal|client|case|contract)\//;

const kindOf = (stream: string): string => stream.split('-')[0]!.split(/(?=[A-Z])/).join('_').toLowerCase();
/** `followUp-4711` is `follow_up/4711`. */
export const nameOf = (stream: string): string => `${kindOf(stream)}/${stream.slice(stream.indexOf('-') + 1)}`;

/** What an event names besides its own stream. */
function namedIn({ type, data, actor }: Event): string[] {
  const { leadId, intoLeadId, dealId, clientId, caseId, contractId, campaignId, materialId, subject, contactId, scope, scopeId, attendeeIds = [], memberIds = [], shares = [] } = data;
  const things = [['lead', leadId], ['lead', intoLeadId], ['deal', dealId], ['client', clientId], ['case', caseId], ['contract', contractId], ['campaign', campaignId], ['material', materialId], ['lead', contactId], ['client', contactId], ['member', contactId]];
  const people = [data.memberId, data.ownerId, data.managerId, data.approvedBy, ...attendeeIds, ...memberIds, ...shares.map((share: any) => share.memberId), HANDS.test(type) ? data.from : undefined, actor.role === 'system' ? undefined : actor.id];
  return [
    ...things.flatMap(([kind, id]) => (id === undefined ? [] : [`${kind}/${id}`])), ...people.flatMap((id) => (id === undefined ? [] : [`member/${id}`])),
    ...(subject ? [`${subject.kind}/${subject.id}`] : []), ...(scope === 'member' || scope === 'team' ? [`${scope}/${scopeId}`] : []),
  ];
}

/** Ids of the events asked for, newest first. */
export function timelineOracle(events: readonly Event[], { who, about, type, day }: Question): string[] {
  const belongsTo = new Map<string, string[]>();
  const owners = new Map<string, { member: string; at: string; told: number }[]>();
  for (const event of events) {
    const name = nameOf(event.stream);
    // A client outlives the deal it came from: it belongs to nothing.
    if (OPENS.test(event.type) && event.type !== 'ClientOnboarded') belongsTo.set(name, namedIn(event).filter((each) => each !== name && HAS_PARTS.test(each)));
    if ((OPENS.test(event.type) || HANDS.test(event.type)) && event.data.ownerId) owners.set(name, [...(owners.get(name) ?? []), { member: event.data.ownerId, at: event.occurredAt, told: event.position }]);
  }
  const ownerAt = (name: string, at: string): string | undefined => {
    const list = [...(owners.get(name) ?? [])].sort((a, b) => (a.at === b.at ? a.told - b.told : a.at < b.at ? -1 : 1));
    return (list.findLast((each) => each.at <= at) ?? list[0])?.member;
  };
  const isAbout = (name: string, seen: readonly string[] = []): boolean => name === about || (belongsTo.get(name) ?? []).some((each) => !seen.includes(each) && isAbout(each, [...seen, each]));
  return events
    .filter((event) => (who === undefined || namedIn(event).includes(`member/${who}`) || event.stream === `member-${who}` || ownerAt(nameOf(event.stream), event.occurredAt) === who)
      && (about === undefined || [nameOf(event.stream), ...namedIn(event)].some((name) => isAbout(name)))
      && (type === undefined || event.type === type) && (day === undefined || event.occurredAt >= `${day}T00:00:00.000Z`))
    .sort((a, b) => (a.occurredAt === b.occurredAt ? b.position - a.position : a.occurredAt < b.occurredAt ? 1 : -1)).map(({ id }) => id);
}
