import fc from 'fast-check';
import { describe, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import type { MemberStanding } from '../member/facts.js';
import {
  ApproveException, EscalateCase, KeepPromise, MarkPromiseBroken, MarkServiceLevelBreached, OpenCase, PromiseToClient, ReopenCase, ResolveCase, RespondToCase, type CaseCommand,
} from './commands.js';
import { caseContext } from './case.context.js';
import { clientCase } from './decider.js';
import { SERVICE_LEVELS, type CaseEvent, type ServiceLevel } from './events.js';
import type { CaseFacts } from './state.js';

const caseId = 'q1';
const EARLIER = '2026-03-02T08:59:00.000Z';
const NOON = '2026-03-02T12:00:00.000Z';
const FRIDAY = '2026-03-06T16:00:00.000Z';
const RESPONSE_DUE = '2026-03-02T17:00:00.000Z';
const RESOLUTION_DUE = '2026-03-03T17:00:00.000Z';
const NEXT_RESOLUTION_DUE = '2026-03-10T16:00:00.000Z';
const PROMISE_DUE = '2026-03-05T12:00:00.000Z';
const subject = { kind: 'client', id: 'c1' } as const;
const active: MemberStanding = { status: 'active', role: 'coordinator', zone: 'UTC' };
const left: MemberStanding = { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW };
const unknown: MemberStanding = { status: 'unknown' };
const facts: CaseFacts = {
  owner: active, member: active, subjectExists: true, clientExists: true,
  calendar: { zone: 'UTC', weekdays: [1, 2, 3, 4, 5], hours: { from: '09:00', to: '17:00' }, holidays: [] }, responseMinutes: 480, resolutionMinutes: 960,
};

const opened: CaseEvent = { type: 'CaseOpened', data: { caseId, kind: 'issue', subject, clientId: 'c1', ownerId: 'ada', title: 'Invoice is wrong', responseDueAt: RESPONSE_DUE, resolutionDueAt: RESOLUTION_DUE } };
const responded: CaseEvent = { type: 'CaseResponded', data: { caseId, responseId: 'a1', memberId: 'ada', first: true, businessMinutes: 180 } };
const escalated: CaseEvent = { type: 'CaseEscalated', data: { caseId, ownerId: 'max', from: 'ada', level: 1, reason: 'third time' } };
const resolved: CaseEvent = { type: 'CaseResolved', data: { caseId, memberId: 'ada', businessMinutes: 180, resolution: 'credit note sent' } };
const reopened: CaseEvent = { type: 'CaseReopened', data: { caseId, reason: 'wrong again', resolutionDueAt: NEXT_RESOLUTION_DUE } };
const excepted: CaseEvent = { type: 'PolicyExceptionApproved', data: { caseId, exceptionId: 'x1', policy: 'No refunds after 30 days', reason: 'our mistake', approvedBy: 'max', amount: { amountMinor: 5_000, currency: 'EUR' }, validUntil: '2026-03-31' } };
const promised: CaseEvent = { type: 'PromiseMade', data: { caseId, promiseId: 'p1', memberId: 'ada', promise: 'new invoice', dueAt: PROMISE_DUE } };
const kept: CaseEvent = { type: 'PromiseKept', data: { caseId, promiseId: 'p1' } };
const broken: CaseEvent = { type: 'PromiseBroken', data: { caseId, promiseId: 'p1', dueAt: PROMISE_DUE } };
const responseBreached: CaseEvent = { type: 'CaseServiceLevelBreached', data: { caseId, kind: 'first_response', dueAt: RESPONSE_DUE } };
const resolutionBreached: CaseEvent = { type: 'CaseServiceLevelBreached', data: { caseId, kind: 'resolution', dueAt: RESOLUTION_DUE } };

const open = build(OpenCase, { caseId, kind: 'issue', subject, ownerId: 'ada', title: 'Invoice is wrong' });
const respond = build(RespondToCase, { caseId, responseId: 'a1' });
const escalate = build(EscalateCase, { caseId, ownerId: 'max', reason: 'third time' });
const resolve = build(ResolveCase, { caseId, resolution: 'credit note sent' });
const reopen = build(ReopenCase, { caseId, reason: 'wrong again' });
const except = build(ApproveException, { caseId, exceptionId: 'x1', policy: 'No refunds after 30 days', reason: 'our mistake', amount: { amountMinor: 5_000, currency: 'EUR' }, validUntil: '2026-03-31' });
const promise = build(PromiseToClient, { caseId, promiseId: 'p1', promise: 'new invoice', dueAt: PROMISE_DUE });
const keep = build(KeepPromise, { caseId, promiseId: 'p1' });
const promiseAlarm = (dueAt: string) => build(MarkPromiseBroken, { caseId, promiseId: 'p1', dueAt });
const alarm = (kind: ServiceLevel, dueAt: string) => build(MarkServiceLevelBreached, { caseId, kind, dueAt });

const { given } = deciderSpec(clientCase, facts);

describe('a case', () => {
  it('is opened with due times in business hours', () => given().when(open).then(opened));
  it('keeps the client, channel and note of a case about something else', () => {
    const more = { subject: { kind: 'deal', id: 'd1' } as const, clientId: 'c2', channel: 'email' as const, note: 'urgent' };
    given().when(build(OpenCase, { ...open, ...more })).then({ type: 'CaseOpened', data: { ...opened.data, ...more } });
  });
  it('is due by the hours of whoever owns it', () =>
    given().when(open, { facts: { ...facts, calendar: { ...facts.calendar, zone: 'America/New_York', weekdays: [1, 2, 3, 4] } }, occurredAt: '2026-03-05T21:00:00.000Z' })
      .then({ type: 'CaseOpened', data: { ...opened.data, responseDueAt: '2026-03-09T20:00:00.000Z', resolutionDueAt: '2026-03-10T20:00:00.000Z' } }));
  it('is not opened twice', () => given(opened).when(open).thenRefused('case_already_exists'));
  it('needs an owner who is known', () => given().when(open, { facts: { ...facts, owner: unknown } }).thenRefused('owner_unknown'));
  it('needs an owner who has not left', () => given().when(open, { facts: { ...facts, owner: left } }).thenRefused('owner_offboarded'));
  it('needs a subject that is known', () => given().when(open, { facts: { ...facts, subjectExists: false } }).thenRefused('subject_unknown'));
  it('is about a client who is known, where it names one', () => given().when(build(OpenCase, { ...open, clientId: 'c9' }), { facts: { ...facts, clientExists: false } }).thenRefused('client_unknown'));

  it('is answered', () => given(opened).when(respond, { occurredAt: NOON }).then(responded));
  it('is answered again, by someone else', () =>
    given(opened, responded).when(build(RespondToCase, { caseId, responseId: 'a2', memberId: 'ben', note: 'sent the form' }), { occurredAt: '2026-03-03T12:00:00.000Z' })
      .then({ type: 'CaseResponded', data: { caseId, responseId: 'a2', memberId: 'ben', first: false, businessMinutes: 660, note: 'sent the form' } }));
  it('records an answer once', () => given(opened, responded).when(respond).thenRefused('response_already_recorded'));
  it('can be answered, resolved and reopened in one moment', () => {
    given(opened).when(respond).then({ type: 'CaseResponded', data: { ...responded.data, businessMinutes: 0 } });
    given(opened, responded).when(resolve).then({ type: 'CaseResolved', data: { ...resolved.data, businessMinutes: 0 } });
    given(opened, responded, resolved).when(reopen).then({ type: 'CaseReopened', data: { ...reopened.data, resolutionDueAt: RESOLUTION_DUE } });
  });
  it('is not answered before it was opened', () => given(opened).when(respond, { occurredAt: EARLIER }).thenRefused('case_out_of_order'));
  it('is not answered by someone unknown', () => given(opened).when(build(RespondToCase, { ...respond, memberId: 'eve' }), { facts: { ...facts, member: unknown } }).thenRefused('member_unknown'));
  it('is not answered by someone who had left', () => given(opened).when(build(RespondToCase, { ...respond, memberId: 'eve' }), { facts: { ...facts, member: left } }).thenRefused('member_left'));

  it('is escalated to another member', () => given(opened).when(escalate).then(escalated));
  it('is escalated a level further', () =>
    given(opened, escalated).when(build(EscalateCase, { ...escalate, ownerId: 'mia' })).then({ type: 'CaseEscalated', data: { caseId, ownerId: 'mia', from: 'max', level: 2, reason: 'third time' } }));
  it('is not escalated to the owner it has', () => given(opened, escalated).when(escalate).thenNothing());
  it('is not escalated to someone unknown', () => given(opened).when(escalate, { facts: { ...facts, owner: unknown } }).thenRefused('owner_unknown'));
  it('is not escalated to someone who has left', () => given(opened).when(escalate, { facts: { ...facts, owner: left } }).thenRefused('owner_offboarded'));
  it('is not escalated before it was opened', () => given(opened).when(escalate, { occurredAt: EARLIER }).thenRefused('case_out_of_order'));

  it('is resolved', () => given(opened, responded).when(resolve, { occurredAt: NOON }).then(resolved));
  it('has its first answer in its resolution where there was none', () =>
    given(opened, escalated).when(resolve, { occurredAt: NOON }).then(
      { type: 'CaseResponded', data: { caseId, responseId: 'resolution', memberId: 'max', first: true, businessMinutes: 180 } },
      { type: 'CaseResolved', data: { caseId, memberId: 'max', businessMinutes: 180, resolution: 'credit note sent' } },
    ));
  it('is resolved by someone who is known', () => given(opened).when(build(ResolveCase, { ...resolve, memberId: 'eve' }), { facts: { ...facts, member: unknown } }).thenRefused('member_unknown'));
  it('is resolved by someone who had not left', () => given(opened).when(build(ResolveCase, { ...resolve, memberId: 'eve' }), { facts: { ...facts, member: left } }).thenRefused('member_left'));
  it('is not resolved before it was opened', () => given(opened).when(resolve, { occurredAt: EARLIER }).thenRefused('case_out_of_order'));
  it('is neither answered, escalated, resolved, excepted nor promised upon once resolved', () => {
    for (const command of [respond, escalate, resolve, except, promise]) given(opened, responded, resolved).when(command).thenRefused('case_already_resolved');
  });

  it('is reopened with a new due time', () => given(opened, responded, resolved).when(reopen, { occurredAt: FRIDAY }).then(reopened));
  it('is not reopened while open', () => given(opened).when(reopen).thenRefused('case_not_resolved'));
  it('is not reopened before it was resolved', () => given(opened, { ...resolved, occurredAt: NOON }).when(reopen).thenRefused('case_out_of_order'));
  it('counts the second resolution from the reopening', () =>
    given(opened, responded, resolved, { ...reopened, occurredAt: FRIDAY }).when(resolve, { occurredAt: '2026-03-09T09:30:00.000Z' }).then({ type: 'CaseResolved', data: { caseId, memberId: 'ada', businessMinutes: 90, resolution: 'credit note sent' } }));
  it('is not resolved anew before it was reopened', () => given(opened, responded, resolved, { ...reopened, occurredAt: FRIDAY }).when(resolve, { occurredAt: NOON }).thenRefused('case_out_of_order'));

  it('has a policy waived by whoever approves it', () => given(opened).when(except, { actor: { id: 'max', role: 'manager' } }).then(excepted));
  it('has a policy waived at no known cost', () =>
    given(opened).when(build(ApproveException, { caseId, exceptionId: 'x2', policy: 'One trial', reason: 'merger' })).then({ type: 'PolicyExceptionApproved', data: { caseId, exceptionId: 'x2', policy: 'One trial', reason: 'merger', approvedBy: 'ada' } }));
  it('has a policy waived once', () => given(opened, excepted).when(except).thenRefused('exception_already_approved'));

  it('is unknown until opened', () => {
    for (const command of [respond, escalate, resolve, reopen, except, promise, keep, promiseAlarm(PROMISE_DUE), alarm('resolution', RESOLUTION_DUE)]) given().when(command).thenRefused('case_not_found');
  });
});

describe('a promise to a client', () => {
  it('is made', () => given(opened).when(promise).then(promised));
  it('is made in the name of the member who is named', () =>
    given(opened).when(build(PromiseToClient, { ...promise, memberId: 'ben' })).then({ type: 'PromiseMade', data: { caseId, promiseId: 'p1', memberId: 'ben', promise: 'new invoice', dueAt: PROMISE_DUE } }));
  it('is made once', () => given(opened, promised).when(promise).thenRefused('promise_already_made'));
  it('is due after it is made', () => given(opened).when(promise, { occurredAt: PROMISE_DUE }).thenRefused('promise_due_in_past'));
  it('is not made by someone unknown', () => given(opened).when(build(PromiseToClient, { ...promise, memberId: 'eve' }), { facts: { ...facts, member: unknown } }).thenRefused('member_unknown'));
  it('is not made by someone who had left', () => given(opened).when(build(PromiseToClient, { ...promise, memberId: 'eve' }), { facts: { ...facts, member: left } }).thenRefused('member_left'));

  it('is kept', () => given(opened, promised).when(build(KeepPromise, { ...keep, note: 'by post' })).then({ type: 'PromiseKept', data: { caseId, promiseId: 'p1', note: 'by post' } }));
  it('is kept once', () => given(opened, promised, kept).when(keep).thenRefused('promise_already_kept'));
  it('can still be kept late', () => given(opened, promised, broken).when(keep).then(kept));
  it('outlives the resolution of its case', () => given(opened, promised, responded, resolved).when(keep).then(kept));
  it('is not kept where it was never made', () => given(opened).when(keep).thenRefused('promise_unknown'));

  it('is broken when its due time passes', () => given(opened, promised).when(promiseAlarm(PROMISE_DUE), { now: PROMISE_DUE }).then(broken));
  it('is broken after the resolution of its case, too', () => given(opened, promised, responded, resolved).when(promiseAlarm(PROMISE_DUE), { now: PROMISE_DUE }).then(broken));
  it('is not broken before', () => given(opened, promised).when(promiseAlarm(PROMISE_DUE)).thenRefused('promise_not_yet_due'));
  it('is broken once', () => given(opened, promised, broken).when(promiseAlarm(PROMISE_DUE), { now: PROMISE_DUE }).thenNothing());
  it('is not broken once kept', () => given(opened, promised, kept).when(promiseAlarm(PROMISE_DUE), { now: PROMISE_DUE }).thenNothing());
  it('ignores the alarm of a due time it does not have', () => given(opened, promised).when(promiseAlarm(NOON), { now: PROMISE_DUE }).thenNothing());
  it('is not broken where it was never made', () => given(opened).when(promiseAlarm(PROMISE_DUE), { now: PROMISE_DUE }).thenRefused('promise_unknown'));
});

describe('the service level of a case', () => {
  const late = { now: '2026-03-11T09:00:00.000Z' };

  it('is breached when the due time of the first answer passes', () => given(opened).when(alarm('first_response', RESPONSE_DUE), late).then(responseBreached));
  it('is breached when the due time of the resolution passes', () => given(opened, responded).when(alarm('resolution', RESOLUTION_DUE), late).then(resolutionBreached));
  it('is breached at its due time', () => given(opened).when(alarm('first_response', RESPONSE_DUE), { now: RESPONSE_DUE }).then(responseBreached));
  it('is not breached before', () => given(opened).when(alarm('first_response', RESPONSE_DUE), { now: '2026-03-02T16:59:59.999Z' }).thenRefused('service_level_not_yet_due'));
  it('is breached once', () => given(opened, resolutionBreached).when(alarm('resolution', RESOLUTION_DUE), late).thenNothing());
  it('is met by an answer', () => given(opened, responded).when(alarm('first_response', RESPONSE_DUE), late).thenNothing());
  it('is met by a resolution', () => given(opened, responded, resolved).when(alarm('resolution', RESOLUTION_DUE), late).thenNothing());
  it('ignores the alarm of a due time it no longer has', () => given(opened, responded, resolved, reopened).when(alarm('resolution', RESOLUTION_DUE), late).thenNothing());
  it('is breached again after a reopening', () =>
    given(opened, responded, resolutionBreached, resolved, reopened).when(alarm('resolution', NEXT_RESOLUTION_DUE), late).then({ type: 'CaseServiceLevelBreached', data: { caseId, kind: 'resolution', dueAt: NEXT_RESOLUTION_DUE } }));
  it('of the first answer stays breached after a reopening', () => given(opened, responseBreached, responded, resolved, reopened).when(alarm('first_response', RESPONSE_DUE), late).thenNothing());
});

describe('any case', () => {
  it('does once what is sent twice, after any history', () => {
    const due = fc.integer({ min: 0, max: 5_000 }).map((minutes) => new Date(Date.parse(SPEC_NOW) + minutes * 60_000).toISOString());
    const id = fc.constantFrom('p1', 'p2');
    const memberId = fc.constantFrom('ada', 'ben');
    const commands: fc.Arbitrary<CaseCommand> = fc.oneof(
      fc.constant(open),
      fc.record({ responseId: fc.constantFrom('a1', 'a2', 'resolution'), memberId }, { requiredKeys: ['responseId'] }).map((fields) => build(RespondToCase, { caseId, ...fields })),
      fc.constantFrom('ada', 'max').map((ownerId) => build(EscalateCase, { ...escalate, ownerId })),
      fc.option(memberId, { nil: undefined }).map((by) => build(ResolveCase, { ...resolve, ...(by && { memberId: by }) })),
      fc.constant(reopen),
      fc.constantFrom('x1', 'x2').map((exceptionId) => build(ApproveException, { ...except, exceptionId })),
      fc.tuple(id, due).map(([promiseId, dueAt]) => build(PromiseToClient, { ...promise, promiseId, dueAt })),
      id.map((promiseId) => build(KeepPromise, { caseId, promiseId })),
      fc.tuple(id, due).map(([promiseId, dueAt]) => build(MarkPromiseBroken, { caseId, promiseId, dueAt })),
      fc.tuple(fc.constantFrom(...SERVICE_LEVELS), fc.oneof(due, fc.constantFrom(RESPONSE_DUE, RESOLUTION_DUE))).map(([kind, dueAt]) => alarm(kind, dueAt)),
    );
    holdsTwiceIsOnce(caseContext, commands, fc.constantFrom(facts, { ...facts, owner: left }, { ...facts, member: unknown }));
  });
});

describe('a case told of late', () => {
  const TEN = '2026-03-02T10:00:00.000Z';
  const passedOn = { ...escalated, occurredAt: NOON };

  it('was answered by whoever had it then', () => given(opened, passedOn).when(respond, { occurredAt: TEN }).then({ type: 'CaseResponded', data: { ...responded.data, businessMinutes: 60 } })); // the spread keeps the shape
  it('is not escalated before it was last escalated: levels count upwards', () => given(opened, passedOn).when(build(EscalateCase, { ...escalate, ownerId: 'cy' }), { occurredAt: TEN }).thenRefused('case_out_of_order'));
});
