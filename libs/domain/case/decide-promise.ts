import { accept, refuse, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import { actingMemberProblem } from '../acting-member.js';
import type { MemberStanding } from '../member/facts.js';
import type { KeepPromise, MarkPromiseBroken, PromiseToClient } from './commands.js';
import type { CaseEvent } from './events.js';
import type { CaseRefusal } from './refusals.js';
import type { KnownCase, OpenedCase } from './state.js';

export function promiseToClient(state: OpenedCase, command: PromiseToClient, occurredAt: Instant, member: MemberStanding): Decision<CaseEvent, CaseRefusal> {
  const { caseId, promiseId, promise, dueAt, memberId = state.ownerId } = command;
  if (state.promises.has(promiseId)) return refuse('promise_already_made', promiseId);
  const problem = command.memberId === undefined ? undefined : actingMemberProblem(member, occurredAt);
  if (problem) return refuse(problem, memberId);
  if (dueAt <= occurredAt) return refuse('promise_due_in_past', `due ${dueAt}, made ${occurredAt}`);
  return accept({ type: 'PromiseMade', data: { caseId, promiseId, memberId, promise, dueAt } });
}

/** A promise outlives the resolution of its case, and a broken one can still be kept. */
export function keepPromise(state: KnownCase, { caseId, promiseId, note }: KeepPromise): Decision<CaseEvent, CaseRefusal> {
  const promise = state.promises.get(promiseId);
  if (!promise) return refuse('promise_unknown', promiseId);
  if (promise.status === 'kept') return refuse('promise_already_kept', promiseId);
  return accept({ type: 'PromiseKept', data: { caseId, promiseId, ...(note && { note }) } });
}

export function markPromiseBroken(state: KnownCase, { caseId, promiseId, dueAt }: MarkPromiseBroken, now: Instant): Decision<CaseEvent, CaseRefusal> {
  const promise = state.promises.get(promiseId);
  if (!promise) return refuse('promise_unknown', promiseId);
  // Alarms ring late, early and twice: one counts only for the due time that set it.
  if (promise.status !== 'open' || promise.dueAt !== dueAt) return accept();
  if (now < dueAt) return refuse('promise_not_yet_due', `due ${dueAt}`);
  return accept({ type: 'PromiseBroken', data: { caseId, promiseId, dueAt } });
}
