import fc from 'fast-check';
import { describe, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { CancelFollowUp, CompleteFollowUp, MarkFollowUpMissed, RescheduleFollowUp, ScheduleFollowUp, type FollowUpCommand } from './commands.js';
import { followUp, type FollowUpFacts } from './decider.js';
import type { FollowUpEvent } from './events.js';
import { followUpContext } from './follow-up.context.js';

const NOON = '2026-03-02T12:00:00.000Z';
const THREE = '2026-03-02T15:00:00.000Z';
const followUpId = 'f1';
const subject = { kind: 'lead', id: 'l1' } as const;
const facts: FollowUpFacts = { owner: { status: 'active', role: 'coordinator', zone: 'UTC' }, subjectExists: true, graceMinutes: 30 };

const scheduled: FollowUpEvent = { type: 'FollowUpScheduled', data: { followUpId, subject, ownerId: 'ada', dueAt: NOON, graceMinutes: 30 } };
const rescheduled: FollowUpEvent = { type: 'FollowUpRescheduled', data: { followUpId, dueAt: THREE, graceMinutes: 30, reason: 'asked to call later' } };
const completed: FollowUpEvent = { type: 'FollowUpCompleted', data: { followUpId, outcome: 'reached' } };
const cancelled: FollowUpEvent = { type: 'FollowUpCancelled', data: { followUpId, reason: 'lead merged' } };
const missed: FollowUpEvent = { type: 'FollowUpMissed', data: { followUpId, dueAt: NOON, graceMinutes: 30 } };

const schedule = build(ScheduleFollowUp, { followUpId, subject, ownerId: 'ada', dueAt: NOON });
const reschedule = build(RescheduleFollowUp, { followUpId, dueAt: THREE, reason: 'asked to call later' });
const complete = build(CompleteFollowUp, { followUpId, outcome: 'reached' });
const cancel = build(CancelFollowUp, { followUpId, reason: 'lead merged' });
const alarm = (dueAt: string) => build(MarkFollowUpMissed, { followUpId, dueAt });

const { given } = deciderSpec(followUp, facts);

describe('a follow-up', () => {
  it('is scheduled with the grace that the policy gives', () => given().when(schedule).then(scheduled));
  it('keeps its channel and note', () =>
    given().when(build(ScheduleFollowUp, { ...schedule, channel: 'call', note: 'ask for Kim' })).then({ type: 'FollowUpScheduled', data: { ...scheduled.data, channel: 'call', note: 'ask for Kim' } })); // the spread keeps the Scheduled shape
  it('is not scheduled twice', () => given(scheduled).when(schedule).thenRefused('follow_up_already_exists'));
  it('needs a due time after the planning', () => given().when(schedule, { occurredAt: NOON }).thenRefused('follow_up_due_in_past'));
  it('needs an owner who is known', () => given().when(schedule, { facts: { ...facts, owner: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('needs an owner who has not left', () =>
    given().when(schedule, { facts: { ...facts, owner: { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW } } }).thenRefused('owner_offboarded'));
  it('needs a subject that is known', () => given().when(schedule, { facts: { ...facts, subjectExists: false } }).thenRefused('subject_unknown'));

  it('moves to another due time', () => given(scheduled).when(reschedule).then(rescheduled));
  it('is not moved to the due time it has', () => given(scheduled, rescheduled).when(reschedule).thenNothing());
  it('is not moved into the past', () => given(scheduled).when(reschedule, { occurredAt: THREE }).thenRefused('follow_up_due_in_past'));
  it('is planned anew after a miss', () => given(scheduled, missed).when(reschedule).then(rescheduled));
  it('is not moved once done', () => given(scheduled, completed).when(reschedule).thenRefused('follow_up_already_closed'));

  it('is completed', () => given(scheduled).when(complete).then(completed));
  it('can still be completed late, after the miss', () => given(scheduled, missed).when(complete).then(completed));
  it('is completed once', () => given(scheduled, completed).when(complete).thenRefused('follow_up_already_closed'));

  it('is cancelled', () => given(scheduled).when(cancel).then(cancelled));
  it('stays cancelled', () => given(scheduled, cancelled).when(cancel).thenNothing());
  it('is not cancelled once done', () => given(scheduled, completed).when(cancel).thenRefused('follow_up_already_closed'));

  it('is missed when its own due time and grace have passed', () => given(scheduled).when(alarm(NOON), { now: '2026-03-02T12:30:00.000Z' }).then(missed));
  it('is not missed within its grace', () => given(scheduled).when(alarm(NOON), { now: '2026-03-02T12:29:59.999Z' }).thenRefused('follow_up_not_yet_missed'));
  it('ignores the alarm of a due time it no longer has', () => given(scheduled, rescheduled).when(alarm(NOON), { now: THREE }).thenNothing());
  it('ignores the second ring of an alarm', () => given(scheduled, missed).when(alarm(NOON), { now: THREE }).thenNothing());
  it('ignores an alarm once done', () => given(scheduled, completed).when(alarm(NOON), { now: THREE }).thenNothing());

  it('is unknown until scheduled', () => {
    for (const command of [reschedule, complete, cancel, alarm(NOON)]) given().when(command, { now: THREE }).thenRefused('follow_up_not_found');
  });

  it('does once what is sent twice, after any history', () => {
    const due = fc.integer({ min: 0, max: 5_000 }).map((minutes) => new Date(Date.parse(SPEC_NOW) + minutes * 60_000).toISOString());
    const commands: fc.Arbitrary<FollowUpCommand> = fc.oneof(
      due.map((dueAt) => build(ScheduleFollowUp, { ...schedule, dueAt })),
      due.map((dueAt) => build(RescheduleFollowUp, { ...reschedule, dueAt })),
      fc.constant(complete),
      fc.constant(cancel),
      due.map(alarm),
    );
    holdsTwiceIsOnce(followUpContext, commands, fc.constant(facts));
  });
});

describe('a follow-up moved late', () => {
  const EARLIER = '2026-03-02T08:59:59.999Z';

  it('is not moved before it was planned', () => given(scheduled).when(reschedule, { occurredAt: EARLIER }).thenRefused('follow_up_moved_out_of_order'));
  it('is not moved before it was planned, where it was missed since', () => given(scheduled, missed).when(reschedule, { occurredAt: EARLIER }).thenRefused('follow_up_moved_out_of_order'));
});
