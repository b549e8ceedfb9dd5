import type { ClientEvent } from '../../libs/domain/client/events.js';
import type { ContractEvent } from '../../libs/domain/contract/events.js';
import type { FollowUpEvent } from '../../libs/domain/follow-up/events.js';
import type { LeadEvent } from '../../libs/domain/lead/events.js';
import type { MeetingEvent } from '../../libs/domain/meeting/events.js';
import type { TaskEvent } from '../../libs/domain/task/events.js';
import type { WorkLogEvent } from '../../libs/domain/work-log/events.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import { projection, type Rows } from '../../libs/kernel/projection.js';
import { activityTables, efficiencyTables, type EfficiencyTable } from './coordinator-efficiency.tables.js';
import * as items from './items.js';
import * as subjects from './subjects.js';

export { roster } from './roster.projection.js';

type State = items.FollowUp | items.Meeting | items.Contract | items.Task | items.WorkEntry | subjects.Lead | subjects.Deal | subjects.Case | subjects.Client;

export type EfficiencyEvent =
  | FollowUpEvent | MeetingEvent | ContractEvent | TaskEvent | WorkLogEvent | subjects.LeadFact | subjects.DealFact | subjects.CaseFact
  | Extract<ClientEvent, { type: 'ClientOnboarded' }>;

const ofKind = <K extends State['kind']>(state: State | undefined, kind: K): Extract<State, { kind: K }> | undefined =>
  state?.kind === kind ? (state as Extract<State, { kind: K }>) : undefined; // its kind was just looked at

function evolve(state: State | undefined, event: Recorded<EfficiencyEvent>): State | undefined {
  switch (event.type) {
    case 'FollowUpScheduled': case 'FollowUpRescheduled': case 'FollowUpCompleted': case 'FollowUpCancelled': case 'FollowUpMissed': return items.evolveFollowUp(ofKind(state, 'follow_up'), event);
    case 'MeetingScheduled': case 'MeetingRescheduled': case 'MeetingHeld': case 'MeetingCancelled': case 'MeetingMissed': return items.evolveMeeting(ofKind(state, 'meeting'), event);
    case 'ContractDrafted': case 'ContractSent': case 'ContractSigned': case 'ContractVoided': case 'ContractDeadlineMissed': return items.evolveContract(ofKind(state, 'contract'), event);
    case 'TaskAllocated': case 'TaskReassigned': case 'TaskCompleted': case 'TaskCancelled': case 'TaskOverdue': return items.evolveTask(ofKind(state, 'task'), event);
    case 'WorkLogged': case 'WorkCorrected': return items.evolveWork(ofKind(state, 'work'), event);
    case 'LeadCaptured': case 'LeadAssigned': case 'LeadContacted': case 'LeadDisqualified': case 'LeadReopened': case 'LeadMerged': case 'LeadConverted': return subjects.evolveLead(ofKind(state, 'lead'), event);
    case 'DealOpened': case 'DealReassigned': case 'DealClosed': case 'DealReopened': return subjects.evolveDeal(ofKind(state, 'deal'), event);
    case 'CaseOpened': case 'CaseEscalated': case 'CaseResolved': case 'CaseReopened': return subjects.evolveCase(ofKind(state, 'case'), event);
    case 'ClientOnboarded': return subjects.evolveClient(ofKind(state, 'client'), event);
  }
}

function rows(state: State, stream: string): Rows<EfficiencyTable> {
  const id = stream.slice(stream.indexOf('-') + 1);
  switch (state.kind) {
    case 'follow_up': return items.followUpRows(state, id);
    case 'meeting': return items.meetingRows(state, id);
    case 'contract': return items.contractRows(state, id);
    case 'task': return items.taskRows(state, id);
    case 'work': return items.workRows(state, id);
    case 'lead': return subjects.leadRows(state, id);
    case 'deal': return subjects.dealRows(state, id);
    case 'case': return subjects.caseRows(state, id);
    case 'client': return subjects.clientRows(state, id);
  }
}

/** What coordinators and executives do, one row a fact, with the dates and people its figures are counted by. */
export const coordinatorEfficiency = projection<State, EfficiencyEvent, EfficiencyTable>({
  name: 'coordinator_efficiency',
  version: 2,
  tables: efficiencyTables,
  /** Who had something is decided by when it was handed on, not by what was told last. */
  revises: ['holding', 'lead', 'task'],
  events: [
    'FollowUpScheduled', 'FollowUpRescheduled', 'FollowUpCompleted', 'FollowUpCancelled', 'FollowUpMissed',
    'MeetingScheduled', 'MeetingRescheduled', 'MeetingHeld', 'MeetingCancelled', 'MeetingMissed',
    'ContractDrafted', 'ContractSent', 'ContractSigned', 'ContractVoided', 'ContractDeadlineMissed',
    'TaskAllocated', 'TaskReassigned', 'TaskCompleted', 'TaskCancelled', 'TaskOverdue', 'WorkLogged', 'WorkCorrected',
    'LeadCaptured', 'LeadAssigned', 'LeadContacted', 'LeadDisqualified', 'LeadReopened', 'LeadMerged', 'LeadConverted',
    'DealOpened', 'DealReassigned', 'DealClosed', 'DealReopened', 'CaseOpened', 'CaseEscalated', 'CaseResolved', 'CaseReopened', 'ClientOnboarded',
  ],
  key: (event) => event.stream,
  evolve,
  rows,
});

interface Contact {
  readonly leadId: string;
  readonly memberId: string;
  readonly at: Instant;
}

/**
 * Contacts with leads, each a key of its own: a lead that is called a thousand times would otherwise carry a thousand
 * contacts through every further event.
 */
export const activity = projection<Contact, Extract<LeadEvent, { type: 'LeadContacted' }>, 'contact'>({
  name: 'activity',
  version: 1,
  tables: activityTables,
  events: ['LeadContacted'],
  keyPerEvent: true,
  key: (event) => (event.data.automated ? null : event.id),
  evolve: (_, { data, occurredAt }) => ({ leadId: data.leadId, memberId: data.memberId, at: occurredAt }),
  rows: ({ leadId, memberId, at }, id) => ({ contact: [{ contact_id: id, lead_id: leadId, member_id: memberId, contacted_at: at }] }),
});
