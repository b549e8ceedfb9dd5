import { accept, refuse, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import { actingMemberProblem } from '../acting-member.js';
import { addBusinessMinutes, businessMinutesBetween } from '../business-hours.js';
import { ownerProblem } from '../member/facts.js';
import type { EscalateCase, MarkServiceLevelBreached, ReopenCase, ResolveCase, RespondToCase } from './commands.js';
import type { CaseEvent } from './events.js';
import type { CaseRefusal } from './refusals.js';
import { ownerAt, type CaseFacts, type OpenedCase, type ResolvedCase } from './state.js';

/** The answer that lies in resolving a case nobody had answered. */
const RESOLUTION_RESPONSE_ID = 'resolution';

type CaseDecision = Decision<CaseEvent, CaseRefusal>;

export function respondToCase(state: OpenedCase, command: RespondToCase, occurredAt: Instant, { member, calendar }: CaseFacts): CaseDecision {
  const { caseId, responseId, memberId = ownerAt(state, occurredAt), note } = command;
  if (state.responseIds.has(responseId)) return refuse('response_already_recorded', responseId);
  const problem = command.memberId === undefined ? undefined : actingMemberProblem(member, occurredAt);
  if (problem) return refuse(problem, memberId);
  if (occurredAt < state.openedAt) return refuse('case_out_of_order', `opened ${state.openedAt}`);
  const businessMinutes = businessMinutesBetween(state.openedAt, occurredAt, calendar);
  return accept({ type: 'CaseResponded', data: { caseId, responseId, memberId, first: state.responseIds.size === 0, businessMinutes, ...(note && { note }) } });
}

export function escalateCase(state: OpenedCase, { caseId, ownerId, reason }: EscalateCase, occurredAt: Instant, { owner }: CaseFacts): CaseDecision {
  if (ownerId === state.ownerId) return accept();
  const problem = ownerProblem(owner, occurredAt);
  if (problem) return refuse(problem, ownerId);
  // Levels count upwards: what comes between two escalations would give both another level.
  const last = state.owners.at(-1)!.at; // its opening is the first
  if (occurredAt < last) return refuse('case_out_of_order', `with ${state.ownerId} since ${last}`);
  return accept({ type: 'CaseEscalated', data: { caseId, ownerId, from: state.ownerId, level: state.level + 1, reason } });
}

export function resolveCase(state: OpenedCase, command: ResolveCase, occurredAt: Instant, { member, calendar }: CaseFacts): CaseDecision {
  const { caseId, resolution, memberId = ownerAt(state, occurredAt) } = command;
  const problem = command.memberId === undefined ? undefined : actingMemberProblem(member, occurredAt);
  if (problem) return refuse(problem, memberId);
  if (occurredAt < state.since) return refuse('case_out_of_order', `open since ${state.since}`);
  const resolved: CaseEvent = { type: 'CaseResolved', data: { caseId, memberId, businessMinutes: businessMinutesBetween(state.since, occurredAt, calendar), resolution } };
  if (state.responseIds.size > 0) return accept(resolved);
  const businessMinutes = businessMinutesBetween(state.openedAt, occurredAt, calendar);
  return accept<CaseEvent>({ type: 'CaseResponded', data: { caseId, responseId: RESOLUTION_RESPONSE_ID, memberId, first: true, businessMinutes } }, resolved);
}

export function reopenCase(state: ResolvedCase, { caseId, reason }: ReopenCase, occurredAt: Instant, { calendar, resolutionMinutes }: CaseFacts): CaseDecision {
  if (occurredAt < state.since) return refuse('case_out_of_order', `resolved ${state.since}`);
  return accept({ type: 'CaseReopened', data: { caseId, reason, resolutionDueAt: addBusinessMinutes(occurredAt, resolutionMinutes, calendar) } });
}

export function markServiceLevelBreached(state: OpenedCase | ResolvedCase, { caseId, kind, dueAt }: MarkServiceLevelBreached, now: Instant): CaseDecision {
  // Alarms ring late, early and twice: one counts only for the due time that set it.
  const met = kind === 'first_response' ? state.responseIds.size > 0 : state.status === 'resolved';
  if (met || state.breached.has(kind) || state.dueAt[kind] !== dueAt) return accept();
  if (now < dueAt) return refuse('service_level_not_yet_due', `due ${dueAt}`);
  return accept({ type: 'CaseServiceLevelBreached', data: { caseId, kind, dueAt } });
}
