import fc from 'fast-check';
import { describe, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { CorrectWork, LogWork, type WorkLogCommand } from './commands.js';
import { workLog, type WorkLogFacts } from './decider.js';
import type { WorkLogEvent } from './events.js';
import { workLogContext } from './work-log.context.js';

const workLogId = 'w1';
const memberId = 'ada';
const on = '2026-03-02';
const facts: WorkLogFacts = { member: { status: 'active', role: 'coordinator', zone: 'UTC' } };

const logged: WorkLogEvent = { type: 'WorkLogged', data: { workLogId, memberId, category: 'data_entry', minutes: 45, on, automated: false } };
const corrected: WorkLogEvent = { type: 'WorkCorrected', data: { workLogId, memberId, category: 'data_entry', minutes: 54, on, from: { category: 'data_entry', minutes: 45, on }, reason: 'digits swapped' } };

const log = build(LogWork, { workLogId, memberId, category: 'data_entry', minutes: 45, on });
const correct = build(CorrectWork, { workLogId, minutes: 54, reason: 'digits swapped' });

const { given } = deciderSpec(workLog, facts);

describe('an entry of a work log', () => {
  it('is logged', () => given().when(log).then(logged));
  it('keeps that a machine did it, and the note', () =>
    given().when(build(LogWork, { ...log, automated: true, note: 'imported the fair’s cards' })).then({ type: 'WorkLogged', data: { workLogId, memberId, category: 'data_entry', minutes: 45, on, automated: true, note: 'imported the fair’s cards' } }));
  it('is not logged twice', () => given(logged).when(log).thenRefused('work_log_already_exists'));
  it('is of a member who is known', () => given().when(log, { facts: { member: { status: 'unknown' } } }).thenRefused('member_unknown'));
  it('is of a member who has not left', () => given().when(log, { facts: { member: { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW } } }).thenRefused('member_left'));
  it('is of a day that has begun somewhere', () => {
    given().when(build(LogWork, { ...log, on: '2026-03-03' }), { now: '2026-03-02T09:59:59.999Z' }).thenRefused('work_log_in_future');
    given().when(build(LogWork, { ...log, on: '2026-03-03' }), { now: '2026-03-02T10:00:00.000Z' }).then({ type: 'WorkLogged', data: { workLogId, memberId, category: 'data_entry', minutes: 45, on: '2026-03-03', automated: false } });
  });

  it('is put right, and tells what it said', () => given(logged).when(correct).then(corrected));
  it('is put right in all of its parts', () =>
    given(logged, corrected)
      .when(build(CorrectWork, { workLogId, category: 'reporting', minutes: 0, on: '2026-03-01', reason: 'other day, other work, not done' }))
      .then({ type: 'WorkCorrected', data: { workLogId, memberId, category: 'reporting', minutes: 0, on: '2026-03-01', from: { category: 'data_entry', minutes: 54, on }, reason: 'other day, other work, not done' } }));
  it('is put right once', () => given(logged, corrected).when(correct).thenNothing());
  it('is not moved to a day to come', () => given(logged).when(build(CorrectWork, { workLogId, on: '2026-03-04', reason: 'typo' })).thenRefused('work_log_in_future'));
  it('is unknown until logged', () => given().when(correct).thenRefused('work_log_not_found'));

  it('does once what is sent twice, after any history', () => {
    const day = fc.constantFrom('2026-03-01', '2026-03-02', '2026-03-09');
    const commands: fc.Arbitrary<WorkLogCommand> = fc.oneof(
      day.map((of) => build(LogWork, { ...log, on: of })),
      fc.tuple(fc.constantFrom('data_entry', 'selling', undefined), fc.constantFrom(0, 45, 54, undefined), fc.option(day, { nil: undefined })).map(([category, minutes, of]) => build(CorrectWork, { workLogId, category, minutes, on: of, reason: 'typo' })),
    );
    holdsTwiceIsOnce(workLogContext, commands, fc.constant(facts));
  });
});
