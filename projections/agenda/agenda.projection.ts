import type { Recorded } from '../../libs/kernel/event.js';
import { projection, type Rows } from '../../libs/kernel/projection.js';
import { agendaTables, type AgendaTable } from './agenda.tables.js';
import { caseRows, clientRows, evolveCase, evolveClient, type CaseCare, type CaseCareEvent, type ClientCare, type ClientCareEvent } from './care.js';
import { evolveWork, workRows, type PlannedWork, type PlannedWorkEvent } from './planned-work.js';
import { dealRows, evolveDeal, evolveLead, leadRows, type DealSubject, type DealSubjectEvent, type LeadSubject, type LeadSubjectEvent } from './subjects.js';

type AgendaState = PlannedWork | CaseCare | ClientCare | DealSubject | LeadSubject;
type AgendaEvent = PlannedWorkEvent | CaseCareEvent | ClientCareEvent | DealSubjectEvent | LeadSubjectEvent;

/** The entity of an event: `task:4711`. An event may name several; the first of these that it names is the one that changes. */
function keyOf({ type, data }: Recorded<AgendaEvent>): string {
  if ('followUpId' in data) return `follow_up:${data.followUpId}`;
  if ('taskId' in data) return `task:${data.taskId}`;
  if ('meetingId' in data) return `meeting:${data.meetingId}`;
  if ('contractId' in data) return `contract:${data.contractId}`;
  if ('caseId' in data) return `case:${data.caseId}`;
  // A client names the deal it came from, a deal its lead and client.
  if (type === 'DealOpened' || type === 'DealReassigned' || type === 'RoadblockRaised' || type === 'RoadblockCleared' || type === 'DealClosed') return `deal:${data.dealId}`;
  return 'clientId' in data ? `client:${data.clientId}` : `lead:${data.leadId}`;
}

const ofKind = <K extends AgendaState['kind']>(state: AgendaState | undefined, ...kinds: readonly K[]): Extract<AgendaState, { kind: K }> | undefined =>
  state && kinds.some((kind) => kind === state.kind) ? (state as Extract<AgendaState, { kind: K }>) : undefined; // its kind was just looked at

const work = (state: AgendaState | undefined): PlannedWork | undefined => (state && 'dueAt' in state ? state : undefined);

function evolve(state: AgendaState | undefined, event: Recorded<AgendaEvent>): AgendaState | undefined {
  switch (event.type) {
    case 'FollowUpScheduled': case 'FollowUpRescheduled': case 'FollowUpCompleted': case 'FollowUpCancelled': case 'FollowUpMissed':
    case 'TaskAllocated': case 'TaskReassigned': case 'TaskCompleted': case 'TaskCancelled': case 'TaskOverdue':
    case 'MeetingScheduled': case 'MeetingRescheduled': case 'MeetingHeld': case 'MeetingCancelled': case 'MeetingMissed':
    case 'ContractDrafted': case 'ContractSent': case 'ContractSigned': case 'ContractVoided': case 'ContractDeadlineMissed': return evolveWork(work(state), event);
    case 'CaseOpened': case 'CaseResponded': case 'CaseEscalated': case 'CaseResolved': case 'CaseReopened': case 'PromiseMade': case 'PromiseKept': case 'PromiseBroken': case 'CaseServiceLevelBreached':
      return evolveCase(ofKind(state, 'case'), event);
    case 'ClientOnboarded': case 'ClientRenewed': case 'ClientChurned': case 'ClientWonBack': case 'ClientReassigned': case 'RenewalLapsed': return evolveClient(ofKind(state, 'client'), event);
    case 'DealOpened': case 'DealReassigned': case 'RoadblockRaised': case 'RoadblockCleared': case 'DealClosed': return evolveDeal(ofKind(state, 'deal'), event);
    case 'LeadCaptured': case 'LeadAssigned': return evolveLead(ofKind(state, 'lead'), event);
  }
}

function rows(state: AgendaState, key: string): Rows<AgendaTable> {
  const id = key.slice(key.indexOf(':') + 1);
  switch (state.kind) {
    case 'follow_up': case 'task': case 'meeting': case 'contract': return workRows(state, id);
    case 'case': return caseRows(state, id);
    case 'client': return clientRows(state, id);
    case 'deal': return dealRows(state, id);
    case 'lead': return leadRows(state, id);
  }
}

/** What is to be done, by whom and by when, and what stands in the way. */
export const agenda = projection<AgendaState, AgendaEvent, AgendaTable>({
  name: 'agenda',
  version: 3,
  tables: agendaTables,
  /** Who has something is decided by when it was handed on, not by what was told last. */
  revises: ['item', 'subject'],
  events: [
    'FollowUpScheduled', 'FollowUpRescheduled', 'FollowUpCompleted', 'FollowUpCancelled', 'FollowUpMissed', 'TaskAllocated', 'TaskReassigned', 'TaskCompleted', 'TaskCancelled', 'TaskOverdue',
    'MeetingScheduled', 'MeetingRescheduled', 'MeetingHeld', 'MeetingCancelled', 'MeetingMissed', 'ContractDrafted', 'ContractSent', 'ContractSigned', 'ContractVoided', 'ContractDeadlineMissed',
    'CaseOpened', 'CaseResponded', 'CaseEscalated', 'CaseResolved', 'CaseReopened', 'PromiseMade', 'PromiseKept', 'PromiseBroken', 'CaseServiceLevelBreached',
    'ClientOnboarded', 'ClientRenewed', 'ClientChurned', 'ClientWonBack', 'ClientReassigned', 'RenewalLapsed', 'DealOpened', 'DealReassigned', 'RoadblockRaised', 'RoadblockCleared', 'DealClosed',
    'LeadCaptured', 'LeadAssigned',
  ],
  key: keyOf,
  evolve,
  rows,
});
