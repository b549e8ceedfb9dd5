import { build } from '../../kernel/command.js';
import type { DeadlineSource } from '../../kernel/deadline.js';
import { MarkTaskOverdue } from './commands.js';
import type { TaskEvent } from './events.js';

/** A task is overdue when it is not done at its due time; handing it on does not stop the clock. */
export const taskDeadline: DeadlineSource<TaskEvent> = {
  kind: 'task_overdue',
  category: 'task',
  events: ['TaskAllocated', 'TaskCompleted', 'TaskCancelled', 'TaskOverdue'],
  after(event) {
    switch (event.type) {
      case 'TaskAllocated': return { dueAt: event.data.dueAt, ringAt: event.data.dueAt };
      case 'TaskReassigned': return undefined;
      case 'TaskCompleted':
      case 'TaskCancelled':
      case 'TaskOverdue': return null;
    }
  },
  command: (taskId, { dueAt }) => build(MarkTaskOverdue, { taskId, dueAt }),
};
