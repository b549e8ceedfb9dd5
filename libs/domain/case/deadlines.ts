import { build } from '../../kernel/command.js';
import type { Deadline, DeadlineSource } from '../../kernel/deadline.js';
import type { Instant } from '../../kernel/event.js';
import { MarkPromiseBroken, MarkServiceLevelBreached } from './commands.js';
import type { CaseEvent } from './events.js';

const at = (dueAt: Instant): Deadline => ({ dueAt, ringAt: dueAt });

/** A case breaches its response time when nobody has answered at its due time. */
export const firstResponseDeadline: DeadlineSource<CaseEvent> = {
  kind: 'case_first_response',
  category: 'case',
  events: ['CaseOpened', 'CaseResponded', 'CaseServiceLevelBreached'],
  after(event) {
    if (event.type === 'CaseOpened') return at(event.data.responseDueAt);
    if (event.type === 'CaseResponded') return null;
    return event.type === 'CaseServiceLevelBreached' && event.data.kind === 'first_response' ? null : undefined;
  },
  command: (caseId, { dueAt }) => build(MarkServiceLevelBreached, { caseId, kind: 'first_response', dueAt }),
};

/** A case breaches its resolution time when it is open at its due time; a reopening sets a new one. */
export const resolutionDeadline: DeadlineSource<CaseEvent> = {
  kind: 'case_resolution',
  category: 'case',
  events: ['CaseOpened', 'CaseResolved', 'CaseReopened', 'CaseServiceLevelBreached'],
  after(event) {
    if (event.type === 'CaseOpened' || event.type === 'CaseReopened') return at(event.data.resolutionDueAt);
    if (event.type === 'CaseResolved') return null;
    return event.type === 'CaseServiceLevelBreached' && event.data.kind === 'resolution' ? null : undefined;
  },
  command: (caseId, { dueAt }) => build(MarkServiceLevelBreached, { caseId, kind: 'resolution', dueAt }),
};

/** A promise is broken when it is not kept at its due time, whatever became of its case. */
export const promiseDeadline: DeadlineSource<CaseEvent> = {
  kind: 'case_promise',
  category: 'case',
  events: ['PromiseMade', 'PromiseKept', 'PromiseBroken'],
  part: (event) => ('promiseId' in event.data ? event.data.promiseId : ''),
  after(event) {
    if (event.type === 'PromiseMade') return at(event.data.dueAt);
    return event.type === 'PromiseKept' || event.type === 'PromiseBroken' ? null : undefined;
  },
  command: (caseId, { dueAt }, promiseId) => build(MarkPromiseBroken, { caseId, promiseId, dueAt }),
};
