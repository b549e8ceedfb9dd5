import { context, type Facts } from '../../kernel/context.js';
import { memberAt } from '../member/facts.js';
import { subjectExists } from '../subject.js';
import { AllocateTask, CancelTask, CompleteTask, MarkTaskOverdue, ReassignTask, type TaskCommand } from './commands.js';
import { task, taskRefusals, type Task, type TaskFacts } from './decider.js';
import { taskEvents } from './events.js';

const NOT_ASKED: TaskFacts = { owner: { status: 'unknown' }, subjectExists: false };

const facts: Facts<TaskCommand, Task, TaskFacts> = async (read, command, _, occurredAt) => {
  if (command.type !== 'AllocateTask' && command.type !== 'ReassignTask') return NOT_ASKED;
  const subject = command.type === 'AllocateTask' ? command.subject : undefined;
  const [owner, exists] = await Promise.all([memberAt(read, command.ownerId, occurredAt), subject ? subjectExists(read, subject) : false]);
  return { owner, subjectExists: exists };
};

export const taskContext = context({
  name: 'task',
  category: 'task',
  idField: 'taskId',
  commands: [AllocateTask, ReassignTask, CompleteTask, CancelTask, MarkTaskOverdue],
  events: taskEvents,
  refusals: taskRefusals,
  decider: task,
  facts,
});
