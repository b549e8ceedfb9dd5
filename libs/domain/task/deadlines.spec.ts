import { describe, expect, it } from '@jest/globals';
import type { Recorded } from '../../kernel/event.js';
import { MarkTaskOverdue } from './commands.js';
import { taskDeadline } from './deadlines.js';
import type { TaskEvent } from './events.js';

const taskId = 't1';
const DUE = '2026-03-02T12:00:00.000Z';
const due = { dueAt: DUE, ringAt: DUE };
const after = (event: TaskEvent) => taskDeadline.after(event as Recorded<TaskEvent>); // a deadline reads type and data alone

describe('the alarm of a task', () => {
  it('is set by the allocation', () => expect(after({ type: 'TaskAllocated', data: { taskId, title: 'Offer', ownerId: 'ada', dueAt: DUE } })).toEqual(due));
  it('goes on when the task is handed on', () => expect(after({ type: 'TaskReassigned', data: { taskId, ownerId: 'ben', from: 'ada' } })).toBeUndefined());
  it('is cleared when it is completed, cancelled or overdue', () => {
    const ends: TaskEvent[] = [{ type: 'TaskCompleted', data: { taskId } }, { type: 'TaskCancelled', data: { taskId, reason: 'lost' } }, { type: 'TaskOverdue', data: { taskId, dueAt: DUE } }];
    expect(ends.map(after)).toEqual([null, null, null]);
    expect(taskDeadline.events).toEqual(['TaskAllocated', ...ends.map(({ type }) => type)]);
  });
  it('names the due time it was set for', () => expect(taskDeadline.command(taskId, due, taskId)).toEqual(Object.assign(new MarkTaskOverdue(), { taskId, dueAt: DUE })));
});
