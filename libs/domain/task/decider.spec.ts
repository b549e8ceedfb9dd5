import fc from 'fast-check';
import { describe, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import type { MemberStanding } from '../member/facts.js';
import { AllocateTask, CancelTask, CompleteTask, MarkTaskOverdue, ReassignTask, type TaskCommand } from './commands.js';
import { task, type TaskFacts } from './decider.js';
import type { TaskEvent } from './events.js';
import { taskContext } from './task.context.js';

const taskId = 't1';
const NOON = '2026-03-02T12:00:00.000Z';
const left: MemberStanding = { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW };
const facts: TaskFacts = { owner: { status: 'active', role: 'coordinator', zone: 'UTC' }, subjectExists: true };

const allocated: TaskEvent = { type: 'TaskAllocated', data: { taskId, title: 'Prepare the offer', ownerId: 'ada', dueAt: NOON } };
const reassigned: TaskEvent = { type: 'TaskReassigned', data: { taskId, ownerId: 'ben', from: 'ada', reason: 'on leave' } };
const completed: TaskEvent = { type: 'TaskCompleted', data: { taskId } };
const cancelled: TaskEvent = { type: 'TaskCancelled', data: { taskId, reason: 'deal lost' } };
const overdue: TaskEvent = { type: 'TaskOverdue', data: { taskId, dueAt: NOON } };

const allocate = build(AllocateTask, { taskId, title: 'Prepare the offer', ownerId: 'ada', dueAt: NOON });
const reassign = build(ReassignTask, { taskId, ownerId: 'ben', reason: 'on leave' });
const complete = build(CompleteTask, { taskId });
const cancel = build(CancelTask, { taskId, reason: 'deal lost' });
const alarm = (dueAt: string) => build(MarkTaskOverdue, { taskId, dueAt });

const { given } = deciderSpec(task, facts);

describe('a task', () => {
  it('is allocated', () => given().when(allocate).then(allocated));
  it('keeps its subject, estimate, weight and note', () => {
    const more = { subject: { kind: 'deal', id: 'd1' } as const, estimateMinutes: 90, weight: 3, note: 'two variants' };
    given().when(build(AllocateTask, { ...allocate, ...more })).then({ type: 'TaskAllocated', data: { taskId, title: 'Prepare the offer', ownerId: 'ada', dueAt: NOON, ...more } });
  });
  it('is about nothing in particular, if so be it', () => given().when(allocate, { facts: { ...facts, subjectExists: false } }).then(allocated));
  it('is not allocated twice', () => given(allocated).when(allocate).thenRefused('task_already_exists'));
  it('is due after it is allocated', () => given().when(allocate, { occurredAt: NOON }).thenRefused('task_due_in_past'));
  it('needs an owner who is known', () => given().when(allocate, { facts: { ...facts, owner: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('needs an owner who has not left', () => given().when(allocate, { facts: { ...facts, owner: left } }).thenRefused('owner_offboarded'));
  it('is about a subject that is known, where it names one', () =>
    given().when(build(AllocateTask, { ...allocate, subject: { kind: 'deal', id: 'd1' } }), { facts: { ...facts, subjectExists: false } }).thenRefused('subject_unknown'));

  it('is handed to another member', () => given(allocated).when(reassign).then(reassigned));
  it('stays with the owner it has', () => given(allocated, reassigned).when(reassign).thenNothing());
  it('can be handed on when overdue', () => given(allocated, overdue).when(reassign).then(reassigned));
  it('is not handed to someone unknown', () => given(allocated).when(reassign, { facts: { ...facts, owner: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('is not handed to someone who has left', () => given(allocated).when(reassign, { facts: { ...facts, owner: left } }).thenRefused('owner_offboarded'));

  it('is completed', () => given(allocated).when(complete).then(completed));
  it('keeps the time it took, be it none', () => given(allocated).when(build(CompleteTask, { taskId, spentMinutes: 0, note: 'was done already' })).then({ type: 'TaskCompleted', data: { taskId, spentMinutes: 0, note: 'was done already' } }));
  it('can still be completed late', () => given(allocated, overdue).when(complete).then(completed));

  it('is cancelled', () => given(allocated).when(cancel).then(cancelled));
  it('stays cancelled', () => given(allocated, cancelled).when(cancel).thenNothing());
  it('is beyond change once completed', () => {
    for (const command of [reassign, complete, cancel]) given(allocated, completed).when(command).thenRefused('task_already_closed');
  });
  it('is neither handed on nor completed once cancelled', () => {
    for (const command of [reassign, complete]) given(allocated, cancelled).when(command).thenRefused('task_already_closed');
  });

  it('is overdue when its due time passes', () => given(allocated, reassigned).when(alarm(NOON), { now: NOON }).then(overdue));
  it('is not overdue before', () => given(allocated).when(alarm(NOON)).thenRefused('task_not_yet_overdue'));
  it('is overdue once', () => given(allocated, overdue, reassigned).when(alarm(NOON), { now: NOON }).thenNothing());
  it('ignores the alarm of a due time it does not have', () => given(allocated).when(alarm(SPEC_NOW), { now: NOON }).thenNothing());
  it('ignores an alarm once completed or cancelled', () => {
    for (const closed of [completed, cancelled]) given(allocated, closed).when(alarm(NOON), { now: NOON }).thenNothing();
  });

  it('is unknown until allocated', () => {
    for (const command of [reassign, complete, cancel, alarm(NOON)]) given().when(command, { now: NOON }).thenRefused('task_not_found');
  });

  it('does once what is sent twice, after any history', () => {
    const due = fc.integer({ min: 0, max: 5_000 }).map((minutes) => new Date(Date.parse(SPEC_NOW) + minutes * 60_000).toISOString());
    const commands: fc.Arbitrary<TaskCommand> = fc.oneof(
      due.map((dueAt) => build(AllocateTask, { ...allocate, dueAt })),
      fc.constantFrom('ada', 'ben').map((ownerId) => build(ReassignTask, { taskId, ownerId })),
      fc.constant(complete),
      fc.constant(cancel),
      due.map(alarm),
    );
    holdsTwiceIsOnce(taskContext, commands, fc.constantFrom(facts, { ...facts, owner: left }));
  });
});

describe('a task handed on late', () => {
  const TEN = '2026-03-02T10:00:00.000Z';
  const toCy: TaskEvent & { occurredAt: string } = { type: 'TaskReassigned', data: { taskId, ownerId: 'cy', from: 'ada' }, occurredAt: NOON };

  it('takes its place in time', () => given(allocated, toCy).when(reassign, { occurredAt: TEN }).then(reassigned));
  it('stays with the owner of later', () => given(allocated, toCy, { ...reassigned, occurredAt: TEN }).when(build(ReassignTask, { taskId, ownerId: 'cy' }), { now: NOON }).thenNothing());
  it('is not handed on before it was allocated', () => given(allocated).when(reassign, { occurredAt: '2026-03-02T08:59:59.999Z' }).thenRefused('task_not_yet_allocated'));
});
