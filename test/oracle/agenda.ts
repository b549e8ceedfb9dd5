import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';

/* What is to be done, once more as plain loops over the events: no engine, no SQL, no tables. */

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;

export interface Question { who?: string; state?: 'late' | 'blocked' | 'missed' }
interface Item { kind: string; id: string; part: string; member: string; due: string; missed: boolean; sent: boolean; deal: string | undefined }

const last = (list: readonly Event[], ...types: string[]): Event | undefined => list.findLast(({ type }) => types.includes(type));
/** Who has it: whoever was given it last by when that happened; what is told of before the beginning began with it. */
const holder = (list: readonly Event[], ...types: string[]): string =>
  list.filter(({ type }) => types.includes(type)).reduce((best, each) => (Math.max(Date.parse(each.occurredAt), Date.parse(list[0]!.occurredAt)) >= Math.max(Date.parse(best.occurredAt), Date.parse(list[0]!.occurredAt)) ? each : best)).data.ownerId;
const after = (list: readonly Event[], since: Event): Event[] => list.slice(list.indexOf(since) + 1);

/** The open items of one stream. */
function itemsOf(stream: string, list: readonly Event[], dealOf: (subject: any) => string | undefined): Item[] {
  const [category, id] = [stream.slice(0, stream.indexOf('-')), stream.slice(stream.indexOf('-') + 1)];
  const opening = list[0]!.data;
  const has = (...types: string[]): boolean => last(list, ...types) !== undefined;
  const item = (kind: string, member: string, due: string, missed: boolean, deal: string | undefined, more: { part?: string; sent?: boolean } = {}): Item => ({ kind, id, part: more.part ?? '', member, due, missed, sent: more.sent ?? false, deal });
  switch (category) {
    case 'followUp': {
      const planned = last(list, 'FollowUpScheduled', 'FollowUpRescheduled')!;
      return has('FollowUpCompleted', 'FollowUpCancelled') ? [] : [item('follow_up', opening.ownerId, planned.data.dueAt, last(after(list, planned), 'FollowUpMissed') !== undefined, dealOf(opening.subject))];
    }
    case 'meeting': {
      if (has('MeetingHeld', 'MeetingCancelled', 'MeetingMissed')) return [];
      const starts = last(list, 'MeetingScheduled', 'MeetingRescheduled')!.data.startsAt;
      return [...new Set<string>([opening.ownerId, ...opening.attendeeIds])].map((member) => item('meeting', member, starts, false, dealOf(opening.subject)));
    }
    case 'task': return has('TaskCompleted', 'TaskCancelled') ? [] : [item('task', holder(list, 'TaskAllocated', 'TaskReassigned'), opening.dueAt, has('TaskOverdue'), dealOf(opening.subject))];
    case 'contract': return has('ContractSigned', 'ContractVoided') ? [] : [item('contract', opening.ownerId, opening.dueAt, has('ContractDeadlineMissed'), opening.dealId, { sent: has('ContractSent') })];
    case 'case': {
      const owner = last(list, 'CaseOpened', 'CaseEscalated')!.data.ownerId;
      const deal = dealOf({ kind: 'case', id });
      const breached = (since: Event, kind: string): boolean => after(list, since).some(({ type, data }) => type === 'CaseServiceLevelBreached' && data.kind === kind);
      const round = last(list, 'CaseOpened', 'CaseReopened')!;
      const promises = list.filter(({ type, data }) => type === 'PromiseMade' && !list.some((each) => each.type === 'PromiseKept' && each.data.promiseId === data.promiseId));
      return [
        ...(has('CaseResponded', 'CaseResolved') ? [] : [item('case_response', owner, opening.responseDueAt, breached(list[0]!, 'first_response'), deal)]),
        ...(last(list, 'CaseResolved', 'CaseOpened', 'CaseReopened')!.type === 'CaseResolved' ? [] : [item('case_resolution', owner, round.data.resolutionDueAt, breached(round, 'resolution'), deal)]),
        ...promises.map(({ data }) => item('promise', data.memberId, data.dueAt, list.some((each) => each.type === 'PromiseBroken' && each.data.promiseId === data.promiseId), deal, { part: data.promiseId })),
      ];
    }
    case 'client': {
      const owner = holder(list, 'ClientOnboarded', 'ClientReassigned');
      const terms = last(list, 'ClientOnboarded', 'ClientRenewed', 'ClientWonBack', 'ClientChurned')!;
      return terms.data.renewal ? [item('renewal', owner, terms.data.renewal.lapsesAt, last(after(list, terms), 'RenewalLapsed') !== undefined, undefined)] : [];
    }
    default: return [];
  }
}

/** The items asked for, in the order of the list, and how many of them stand in which way. */
export function agendaOracle(events: readonly Event[], now: string, { who, state }: Question) {
  const streams = new Map<string, Event[]>();
  for (const event of events) {
    const list = streams.get(event.stream);
    if (list) list.push(event);
    else streams.set(event.stream, [event]);
  }
  /** What is about a contract or case is about the deal that these are about. */
  const dealOf = (subject: any): string | undefined => {
    if (subject?.kind === 'deal') return subject.id;
    const own = subject?.kind === 'contract' || subject?.kind === 'case' ? streams.get(`${subject.kind}-${subject.id}`)?.[0]?.data : undefined;
    return own?.dealId ?? (own?.subject?.kind === 'deal' ? own.subject.id : undefined);
  };
  const stuck = new Set<string>();
  for (const event of events) {
    const { type, data, stream } = event;
    if (type !== 'RoadblockRaised') continue;
    const ends = after(streams.get(stream)!, event).some((each) => each.type === 'DealClosed' || (each.type === 'RoadblockCleared' && each.data.roadblockId === data.roadblockId));
    if (!ends) stuck.add(data.dealId);
  }
  const isBlocked = ({ sent, deal }: Item): boolean => sent || (deal !== undefined && stuck.has(deal));
  const wanted = [...streams].flatMap(([stream, list]) => itemsOf(stream, list, dealOf))
    .filter((item) => (who === undefined || item.member === who) && (state !== 'late' || item.due < now) && (state !== 'missed' || item.missed) && (state !== 'blocked' || isBlocked(item)));
  return {
    items: wanted.map(({ due, kind, id, part, member }) => [due, kind, id, part, member].join(' ')).sort(), total: wanted.length,
    late: wanted.filter(({ due }) => due < now).length, missed: wanted.filter(({ missed }) => missed).length, blocked: wanted.filter(isBlocked).length,
  };
}
