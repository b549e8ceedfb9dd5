import fc from 'fast-check';
import type { DomainEvent } from '../../libs/kernel/event.js';
import type { Said } from '../../libs/testing/in-memory-log.js';

/** One step of a made-up office: what, who, on which of the open things, and how long after the step before. */
export interface Step {
  readonly what: number;
  readonly who: number;
  readonly which: number;
  readonly quarters: number;
  /** How long before it is told it happened, in quarters of an hour. */
  readonly late: number;
}

/** `quartersMax`: at most so many quarters of an hour lie between one step and the next. */
export const steps = (count: number, quartersMax = 60): fc.Arbitrary<Step[]> => fc.array(
  fc.record({ what: fc.nat(999), who: fc.nat(999), which: fc.nat(999), quarters: fc.nat(quartersMax), late: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(200) }) }),
  { minLength: count, maxLength: count },
);

const QUARTER_MS = 15 * 60_000;
/** Clocks go forward in Europe on the 29th. */
const STARTS_AT = Date.UTC(2026, 2, 20, 6);
const MEMBERS = ['ada', 'ben', 'cyd', 'dan'] as const;
const CATEGORIES = ['selling', 'data_entry', 'reporting', 'scheduling', 'travel'] as const;
const iso = (ms: number): string => new Date(ms).toISOString();

interface Thing {
  readonly kind: string;
  readonly id: string;
  owner: string;
  status: string;
  readonly about?: { readonly kind: string; readonly id: string };
}

const SETUP: readonly (DomainEvent & { stream: string })[] = [
  { type: 'PolicySet', stream: 'policy-settings', data: { policyId: 'settings', settings: { zone: 'Europe/Zurich', businessHours: { from: '08:00', to: '16:30' } } } },
  { type: 'MemberAdded', stream: 'member-ada', data: { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'America/Sao_Paulo', teamId: 'north', region: 'EU' } },
  { type: 'MemberAdded', stream: 'member-ben', data: { memberId: 'ben', name: 'Ben', role: 'executive', zone: 'America/New_York', teamId: 'north' } },
  { type: 'MemberAdded', stream: 'member-cyd', data: { memberId: 'cyd', name: 'Cyd', role: 'coordinator', zone: 'Asia/Kolkata', teamId: 'south' } },
  { type: 'CapacitySet', stream: 'member-ada', data: { memberId: 'ada', openItemsMax: 5 } },
  { type: 'CapacitySet', stream: 'member-ben', data: { memberId: 'ben', openItemsMax: 8 } },
  { type: 'CapacitySet', stream: 'member-cyd', data: { memberId: 'cyd', openItemsMax: 3 } },
  { type: 'WorkCalendarSet', stream: 'member-ben', data: { memberId: 'ben', zone: 'America/New_York', weekdays: [1, 2, 3, 4], hours: { from: '12:00', to: '22:00' }, holidays: ['2026-03-26'] } },
];

/** The office's changes of staff, each at most once in a history. */
const STAFF: readonly (DomainEvent & { stream: string })[] = [
  { type: 'RoleChanged', stream: 'member-cyd', data: { memberId: 'cyd', role: 'executive', from: 'coordinator' } },
  { type: 'MemberMovedToTeam', stream: 'member-ada', data: { memberId: 'ada', teamId: 'south' } },
  { type: 'WorkCalendarSet', stream: 'member-cyd', data: { memberId: 'cyd', zone: 'Asia/Kolkata', weekdays: [1, 2, 3, 4, 5, 6], hours: { from: '10:00', to: '18:30' }, holidays: [] } },
  { type: 'CapacitySet', stream: 'member-ada', data: { memberId: 'ada', openItemsMax: 2 } },
  { type: 'AbsenceRecorded', stream: 'member-ben', data: { memberId: 'ben', firstDay: '2026-03-30', lastDay: '2026-04-01', reason: 'leave' } },
  { type: 'WorkCalendarSet', stream: 'member-ben', data: { memberId: 'ben', zone: 'Europe/Zurich', weekdays: [1, 2, 3, 4, 5], hours: { from: '00:00', to: '24:00' }, holidays: [] } },
];

/** A history as deciders would have let it happen, from steps that mean nothing by themselves. */
export function officeHistory(taken: readonly Step[]): Said<DomainEvent>[] {
  let clock = STARTS_AT;
  const things: Thing[] = [];
  const said: Said<DomainEvent>[] = SETUP.map((event) => ({ ...event, occurredAt: iso(STARTS_AT - 90 * 96 * QUARTER_MS), recordedAt: iso(STARTS_AT) }));
  const staff = [...STAFF];
  taken.forEach(({ what, who, which, quarters, late }, index) => {
    clock += quarters * QUARTER_MS;
    const member = MEMBERS[who % MEMBERS.length]!;
    const soon = iso(clock + ((which % 40) + 1) * 2 * QUARTER_MS);
    const say = (type: string, stream: string, data: object): void => void said.push({ type, stream, data, occurredAt: iso(clock - late * QUARTER_MS), recordedAt: iso(clock) });
    const of = (...kinds: string[]): Thing | undefined => {
      const among = things.filter(({ kind, status }) => kinds.includes(kind) && status === 'open');
      return among[which % Math.max(1, among.length)];
    };
    const make = (kind: string, about?: Thing, status = 'open'): Thing => {
      const thing: Thing = { kind, id: `${kind}${index}`, owner: member, status, ...(about && { about: { kind: about.kind, id: about.id } }) };
      things.push(thing);
      return thing;
    };
    const close = (thing: Thing, status = 'closed'): void => void (thing.status = status);
    const subject = which % 5 === 0 ? of('contract', 'case') : of('lead', 'deal');
    const choice = what % 32;
    const target = of('followUp');
    const meeting = of('meeting');
    const task = of('task');
    const contract = of('contract');
    const lead = of('lead');
    const deal = of('deal');
    switch (choice) {
      case 0: case 1: { const made = make('lead'); if (which % 4 === 0) made.owner = ''; say('LeadCaptured', `lead-${made.id}`, { leadId: made.id, source: which % 2 ? 'web' : 'fair', contact: {}, ...(made.owner && { ownerId: made.owner }), ...(which % 3 && { region: 'EU', segment: 'small', product: 'crm' }), ...(which % 5 && { campaignId: `c${which % 5}` }) }); break; }
      case 2: case 26: case 27: if (lead && lead.owner !== member) { say('LeadAssigned', `lead-${lead.id}`, { leadId: lead.id, ownerId: member, ...(lead.owner && { from: lead.owner }) }); lead.owner = member; } break;
      case 3: case 4: if (lead) say('LeadContacted', `lead-${lead.id}`, { leadId: lead.id, memberId: which % 2 || !lead.owner ? member : lead.owner, channel: 'call', direction: 'outbound', automated: what % 5 === 0 }); break;
      case 5: if (lead) { const how = ['LeadDisqualified', 'LeadMerged', 'LeadConverted'][who % 3]!; say(how, `lead-${lead.id}`, { leadId: lead.id, reason: 'spam', intoLeadId: 'other' }); close(lead, how === 'LeadDisqualified' ? 'disqualified' : 'closed'); } break;
      case 6: { const gone = things.find(({ kind, status }) => kind === 'lead' && status === 'disqualified'); if (gone) { say('LeadReopened', `lead-${gone.id}`, { leadId: gone.id, reason: 'back' }); gone.status = 'open'; } break; }
      case 7: case 28: { const from = lead; const made = make('deal'); say('DealOpened', `deal-${made.id}`, { dealId: made.id, name: 'd', ownerId: member, pipelineId: which % 3 ? 'p' : 'q', stage: 's', value: { amountMinor: 100, currency: 'EUR' }, ...(from && { leadId: from.id, source: 'web', campaignId: 'c1', product: 'erp' }) }); break; }
      case 8: if (deal && deal.owner !== member) { say('DealReassigned', `deal-${deal.id}`, { dealId: deal.id, ownerId: member, from: deal.owner }); deal.owner = member; } break;
      case 9: if (deal) { say('DealClosed', `deal-${deal.id}`, { dealId: deal.id, outcome: who % 2 ? 'won' : 'lost', value: { amountMinor: 100, currency: 'EUR' }, ownerId: deal.owner, stage: 's' }); close(deal, 'done'); } break;
      case 10: { const done = things.find(({ kind, status }) => kind === 'deal' && status === 'done'); if (done && who % 3 === 0) { say('DealReopened', `deal-${done.id}`, { dealId: done.id, outcome: 'won', value: { amountMinor: 100, currency: 'EUR' }, ownerId: member, stage: 's', reason: 'r' }); done.status = 'open'; done.owner = member; } break; }
      case 11: case 12: if (subject) { const made = make('followUp', subject); say('FollowUpScheduled', `followUp-${made.id}`, { followUpId: made.id, subject: made.about, ownerId: member, dueAt: soon, graceMinutes: who % 2 ? 720 : 0 }); } break;
      case 13: if (target) say('FollowUpRescheduled', `followUp-${target.id}`, { followUpId: target.id, dueAt: soon, graceMinutes: 60, reason: 'r' }); break;
      case 14: case 15: if (target) { const how = who % 4 ? 'FollowUpCompleted' : 'FollowUpCancelled'; say(how, `followUp-${target.id}`, { followUpId: target.id, outcome: 'reached', reason: 'r' }); close(target); } break;
      case 16: if (subject) { const made = make('meeting', subject); say('MeetingScheduled', `meeting-${made.id}`, { meetingId: made.id, subject: made.about, title: 't', ownerId: member, attendeeIds: [], startsAt: soon, endsAt: soon, zone: 'UTC' }); } break;
      case 17: if (meeting) say('MeetingRescheduled', `meeting-${meeting.id}`, { meetingId: meeting.id, startsAt: soon, endsAt: soon, from: { startsAt: soon, endsAt: soon }, reason: 'r' }); break;
      case 18: if (meeting) { say(['MeetingHeld', 'MeetingCancelled', 'MeetingMissed'][who % 3]!, `meeting-${meeting.id}`, { meetingId: meeting.id, outcome: 'progressed', reason: 'r', by: 'us' }); close(meeting); } break;
      case 19: { const made = make('task', subject); say('TaskAllocated', `task-${made.id}`, { taskId: made.id, title: 't', ownerId: member, dueAt: soon, ...(made.about && { subject: made.about }), ...(which % 3 === 0 && { weight: 2 }) }); break; }
      case 20: if (task && task.owner !== member) { say('TaskReassigned', `task-${task.id}`, { taskId: task.id, ownerId: member, from: task.owner }); task.owner = member; } break;
      case 21: if (task) { say(who % 4 ? 'TaskCompleted' : 'TaskCancelled', `task-${task.id}`, { taskId: task.id, reason: 'r', ...(which % 2 && { spentMinutes: which }) }); close(task); } break;
      case 22: if (deal) { const made = make('contract', deal); say('ContractDrafted', `contract-${made.id}`, { contractId: made.id, dealId: deal.id, ownerId: member, dueAt: soon }); } break;
      case 23: if (contract) say('ContractSent', `contract-${contract.id}`, { contractId: contract.id }); break;
      case 24: if (contract) { say(who % 4 ? 'ContractSigned' : 'ContractVoided', `contract-${contract.id}`, { contractId: contract.id, reason: 'r' }); close(contract); } break;
      case 29: { const made = make('case', subject ?? deal); if (made.about) say('CaseOpened', `case-${made.id}`, { caseId: made.id, kind: 'issue', subject: made.about, ownerId: member, title: 't', responseDueAt: soon, resolutionDueAt: soon }); else things.pop(); break; }
      case 30: { const open = of('case'); if (open && who % 2 && open.owner !== member) { say('CaseEscalated', `case-${open.id}`, { caseId: open.id, ownerId: member, from: open.owner, level: 1, reason: 'r' }); open.owner = member; } else if (open) { say('CaseResolved', `case-${open.id}`, { caseId: open.id, memberId: member, businessMinutes: 1, resolution: 'r' }); close(open, 'resolved'); } break; }
      case 31: { const done = things.find(({ kind, status }) => kind === 'case' && status === 'resolved'); if (done) { say('CaseReopened', `case-${done.id}`, { caseId: done.id, reason: 'r', resolutionDueAt: soon }); done.status = 'open'; } break; }
      default: {
        const change = staff.splice(which % Math.max(1, staff.length), 1)[0];
        if (change && who % 2) say(change.type, change.stream, change.data);
        else if (who % 5 === 0 && things.length > 0) say('WorkCorrected', `workLog-w${index}`, { workLogId: `w${index}`, memberId: member, category: 'selling', minutes: 1, on: iso(clock).slice(0, 10), from: { category: 'travel', minutes: 2, on: iso(clock).slice(0, 10) }, reason: 'r' });
        else say('WorkLogged', `workLog-w${index}`, { workLogId: `w${index}`, memberId: member, category: CATEGORIES[which % CATEGORIES.length]!, minutes: which % 90, on: iso(clock).slice(0, 10), automated: who % 3 === 0 });
      }
    }
  });
  return said;
}
