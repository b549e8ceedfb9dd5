import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Actor, Instant } from '../../kernel/event.js';
import { addBusinessMinutes } from '../business-hours.js';
import { ownerProblem } from '../member/facts.js';
import type { ApproveException, CaseCommand, OpenCase } from './commands.js';
import { escalateCase, markServiceLevelBreached, reopenCase, resolveCase, respondToCase } from './decide-care.js';
import { keepPromise, markPromiseBroken, promiseToClient } from './decide-promise.js';
import type { CaseEvent } from './events.js';
import type { CaseRefusal } from './refusals.js';
import { evolveCase, type CaseFacts, type ClientCase, type OpenedCase } from './state.js';

/** What a client asks, complains of or expects: open until resolved, and open again when that did not settle it. */
export const clientCase: Decider<CaseCommand, ClientCase, CaseEvent, CaseRefusal, CaseFacts> = {
  initial: { status: 'absent' },

  evolve: evolveCase,

  decide(state, command, { now, occurredAt, actor, facts }) {
    if (command.type === 'OpenCase') return state.status === 'absent' ? openCase(command, occurredAt, facts) : refuse('case_already_exists');
    if (state.status === 'absent') return refuse('case_not_found');
    switch (command.type) {
      case 'KeepPromise': return keepPromise(state, command);
      case 'MarkPromiseBroken': return markPromiseBroken(state, command, now);
      case 'MarkServiceLevelBreached': return markServiceLevelBreached(state, command, now);
      case 'ReopenCase': return state.status === 'resolved' ? reopenCase(state, command, occurredAt, facts) : refuse('case_not_resolved');
      case 'RespondToCase':
      case 'EscalateCase':
      case 'ResolveCase':
      case 'ApproveException':
      case 'PromiseToClient': return state.status === 'open' ? decideOpen(state, command, occurredAt, actor, facts) : refuse('case_already_resolved');
    }
  },
};

type OpenCaseCommand = Extract<CaseCommand, { type: 'RespondToCase' | 'EscalateCase' | 'ResolveCase' | 'ApproveException' | 'PromiseToClient' }>;

/** What only an open case allows. */
function decideOpen(state: OpenedCase, command: OpenCaseCommand, occurredAt: Instant, actor: Actor, facts: CaseFacts): Decision<CaseEvent, CaseRefusal> {
  switch (command.type) {
    case 'RespondToCase': return respondToCase(state, command, occurredAt, facts);
    case 'EscalateCase': return escalateCase(state, command, occurredAt, facts);
    case 'ResolveCase': return resolveCase(state, command, occurredAt, facts);
    case 'ApproveException': return approveException(state, command, actor);
    case 'PromiseToClient': return promiseToClient(state, command, occurredAt, facts.member);
  }
}

function openCase(command: OpenCase, occurredAt: Instant, { owner, subjectExists, clientExists, calendar, responseMinutes, resolutionMinutes }: CaseFacts): Decision<CaseEvent, CaseRefusal> {
  const { caseId, kind, subject, ownerId, title, channel, note } = command;
  const clientId = command.clientId ?? (subject.kind === 'client' ? subject.id : undefined);
  const problem = ownerProblem(owner, occurredAt);
  if (problem) return refuse(problem, ownerId);
  if (!subjectExists) return refuse('subject_unknown', `${subject.kind} ${subject.id}`);
  if (command.clientId !== undefined && !clientExists) return refuse('client_unknown', command.clientId);
  return accept({
    type: 'CaseOpened',
    data: {
      caseId, kind, subject, ...(clientId && { clientId }), ownerId, title, ...(channel && { channel }), ...(note && { note }),
      responseDueAt: addBusinessMinutes(occurredAt, responseMinutes, calendar), resolutionDueAt: addBusinessMinutes(occurredAt, resolutionMinutes, calendar),
    },
  });
}

function approveException(state: OpenedCase, { caseId, exceptionId, policy, reason, amount, validUntil }: ApproveException, actor: Actor): Decision<CaseEvent, CaseRefusal> {
  if (state.exceptionIds.has(exceptionId)) return refuse('exception_already_approved', exceptionId);
  return accept({ type: 'PolicyExceptionApproved', data: { caseId, exceptionId, policy, reason, approvedBy: actor.id, ...(amount && { amount }), ...(validUntil && { validUntil }) } });
}
