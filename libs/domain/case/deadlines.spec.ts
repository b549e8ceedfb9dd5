import { describe, expect, it } from '@jest/globals';
import type { Recorded } from '../../kernel/event.js';
import { firstResponseDeadline, promiseDeadline, resolutionDeadline } from './deadlines.js';
import { MarkPromiseBroken, MarkServiceLevelBreached } from './commands.js';
import type { CaseEvent } from './events.js';

const caseId = 'q1';
const SOON = '2026-03-02T12:00:00.000Z';
const LATER = '2026-03-03T12:00:00.000Z';
const soon = { dueAt: SOON, ringAt: SOON };
const later = { dueAt: LATER, ringAt: LATER };
/** Only what a deadline looks at. */
const recorded = (event: CaseEvent) => event as Recorded<CaseEvent>; // a deadline reads type and data alone

const opened = recorded({ type: 'CaseOpened', data: { caseId, kind: 'issue', subject: { kind: 'client', id: 'c1' }, clientId: 'c1', ownerId: 'ada', title: 'Invoice', responseDueAt: SOON, resolutionDueAt: LATER } });
const responded = recorded({ type: 'CaseResponded', data: { caseId, responseId: 'a1', memberId: 'ada', first: true, businessMinutes: 1 } });
const resolved = recorded({ type: 'CaseResolved', data: { caseId, memberId: 'ada', businessMinutes: 1, resolution: 'paid' } });
const reopened = recorded({ type: 'CaseReopened', data: { caseId, reason: 'again', resolutionDueAt: SOON } });
const breached = (kind: 'first_response' | 'resolution') => recorded({ type: 'CaseServiceLevelBreached', data: { caseId, kind, dueAt: SOON } });
const promised = recorded({ type: 'PromiseMade', data: { caseId, promiseId: 'p1', memberId: 'ada', promise: 'a call', dueAt: LATER } });
const kept = recorded({ type: 'PromiseKept', data: { caseId, promiseId: 'p1' } });
const broken = recorded({ type: 'PromiseBroken', data: { caseId, promiseId: 'p1', dueAt: LATER } });

describe('the alarm of a first answer', () => {
  it('is set by the opening and cleared by any answer or its own breach', () =>
    expect([opened, responded, breached('first_response')].map((event) => firstResponseDeadline.after(event))).toEqual([soon, null, null]));
  it('cares for nothing else', () => expect([resolved, reopened, breached('resolution'), promised].map((event) => firstResponseDeadline.after(event))).toEqual([undefined, undefined, undefined, undefined]));
  it('names the due time it was set for', () => expect(firstResponseDeadline.command(caseId, soon, caseId)).toEqual(Object.assign(new MarkServiceLevelBreached(), { caseId, kind: 'first_response', dueAt: SOON })));
});

describe('the alarm of a resolution', () => {
  it('is set by the opening, cleared by the resolution or its own breach, and set anew by a reopening', () =>
    expect([opened, resolved, reopened, breached('resolution')].map((event) => resolutionDeadline.after(event))).toEqual([later, null, soon, null]));
  it('cares for nothing else', () => expect([responded, breached('first_response'), kept].map((event) => resolutionDeadline.after(event))).toEqual([undefined, undefined, undefined]));
  it('names the due time it was set for', () => expect(resolutionDeadline.command(caseId, later, caseId)).toEqual(Object.assign(new MarkServiceLevelBreached(), { caseId, kind: 'resolution', dueAt: LATER })));
});

describe('the alarm of a promise', () => {
  it('is set by the promise and cleared when it is kept or broken', () => expect([promised, kept, broken].map((event) => promiseDeadline.after(event))).toEqual([later, null, null]));
  it('outlives the resolution of the case', () => expect(promiseDeadline.after(resolved)).toBeUndefined());
  it('is one for each promise', () => expect([promised, kept, broken].map((event) => promiseDeadline.part?.(event))).toEqual(['p1', 'p1', 'p1']));
  it('names the promise and the due time it was set for', () => expect(promiseDeadline.command(caseId, later, 'p1')).toEqual(Object.assign(new MarkPromiseBroken(), { caseId, promiseId: 'p1', dueAt: LATER })));
});

describe('every alarm of a case', () => {
  it('listens to the events that set or clear it', () => {
    const all = [opened, responded, resolved, reopened, breached('first_response'), breached('resolution'), promised, kept, broken];
    for (const source of [firstResponseDeadline, resolutionDeadline, promiseDeadline]) {
      expect(all.filter((event) => source.after(event) !== undefined && !source.events.includes(event.type))).toEqual([]);
    }
  });
});
