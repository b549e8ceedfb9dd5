import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { asItWas, BEFORE_ALL, begun, revised, type Change } from '../in-force.js';
import { ownerProblem, type MemberStanding } from '../member/facts.js';
import type { AllocateTask, TaskCommand } from './commands.js';
import type { TaskEvent } from './events.js';

export type Task =
  | { readonly status: 'absent' }
  | { readonly status: 'completed' }
  | { readonly status: 'cancelled' }
  | {
      readonly status: 'open' | 'overdue';
      readonly allocatedAt: Instant;
      readonly ownerId: string;
      readonly dueAt: Instant;
      /** Who had it from when on: what is told late takes its place in between. */
      readonly changes: readonly Change<{ readonly ownerId: string }>[];
    };

/** Read only when a task is given to someone. */
export interface TaskFacts {
  readonly owner: MemberStanding;
  readonly subjectExists: boolean;
}

export type TaskRefusal = 'task_not_found' | 'task_already_exists' | 'task_already_closed' | 'task_due_in_past' | 'task_not_yet_allocated' | 'task_not_yet_overdue' | 'subject_unknown' | 'owner_unknown' | 'owner_offboarded';

export const taskRefusals: RefusalCatalog<TaskRefusal> = {
  task_not_found: { kind: 'not_found', title: 'No task has this id.' },
  task_already_exists: { kind: 'conflict', title: 'A task with this id was already allocated.' },
  task_already_closed: { kind: 'conflict', title: 'The task was already completed or cancelled.' },
  task_due_in_past: { kind: 'invalid', title: 'A task must be due after the moment it is allocated.' },
  task_not_yet_allocated: { kind: 'invalid', title: 'A task cannot change hands before it was allocated; give a later occurredAt.' },
  task_not_yet_overdue: { kind: 'conflict', title: 'The due time has not passed yet.' },
  subject_unknown: { kind: 'invalid', title: 'What the task is about is not known.' },
  owner_unknown: { kind: 'invalid', title: 'No member has the id given as owner.' },
  owner_offboarded: { kind: 'invalid', title: 'The member given as owner has left.' },
};

/** A task: open, then done or cancelled. An overdue one can still be done, late, or be handed on. */
export const task: Decider<TaskCommand, Task, TaskEvent, TaskRefusal, TaskFacts> = {
  initial: { status: 'absent' },

  evolve(state, event) {
    const at = event.occurredAt ?? BEFORE_ALL;
    switch (event.type) {
      case 'TaskAllocated': return { status: 'open', allocatedAt: at, dueAt: event.data.dueAt, ...begun(at, { ownerId: event.data.ownerId }) };
      case 'TaskReassigned': return 'ownerId' in state ? revised(state, at, { ownerId: event.data.ownerId }) : state;
      case 'TaskCompleted': return { status: 'completed' };
      case 'TaskCancelled': return { status: 'cancelled' };
      case 'TaskOverdue': return 'ownerId' in state ? { ...state, status: 'overdue' } : state;
    }
  },

  decide(state, command, { now, occurredAt, facts }) {
    const { taskId } = command;
    if (command.type === 'AllocateTask') return state.status === 'absent' ? allocate(command, occurredAt, facts) : refuse('task_already_exists');
    if (state.status === 'absent') return refuse('task_not_found');
    if (command.type === 'MarkTaskOverdue') {
      // Alarms ring late, early and twice: one counts only for the due time that set it.
      if (state.status !== 'open' || state.dueAt !== command.dueAt) return accept();
      if (now < state.dueAt) return refuse('task_not_yet_overdue', `due ${state.dueAt}`);
      return accept({ type: 'TaskOverdue', data: { taskId, dueAt: state.dueAt } });
    }
    if (state.status === 'completed' || state.status === 'cancelled') return command.type === 'CancelTask' && state.status === 'cancelled' ? accept() : refuse('task_already_closed', state.status);
    switch (command.type) {
      case 'ReassignTask': {
        const { ownerId, reason } = command;
        if (occurredAt < state.allocatedAt) return refuse('task_not_yet_allocated', `allocated ${state.allocatedAt}, said to happen ${occurredAt}`);
        const { ownerId: from } = asItWas(state, occurredAt);
        if (ownerId === from) return accept();
        const problem = ownerProblem(facts.owner, occurredAt);
        return problem ? refuse(problem, ownerId) : accept({ type: 'TaskReassigned', data: { taskId, ownerId, from, ...(reason && { reason }) } });
      }
      case 'CompleteTask': {
        const { spentMinutes, note } = command;
        return accept({ type: 'TaskCompleted', data: { taskId, ...(spentMinutes !== undefined && { spentMinutes }), ...(note && { note }) } });
      }
      case 'CancelTask':
        return accept({ type: 'TaskCancelled', data: { taskId, reason: command.reason } });
    }
  },
};

function allocate(command: AllocateTask, occurredAt: Instant, { owner, subjectExists }: TaskFacts): Decision<TaskEvent, TaskRefusal> {
  const { taskId, title, ownerId, dueAt, subject, estimateMinutes, weight, note } = command;
  const problem = ownerProblem(owner, occurredAt);
  if (problem) return refuse(problem, ownerId);
  if (subject && !subjectExists) return refuse('subject_unknown', `${subject.kind} ${subject.id}`);
  if (dueAt <= occurredAt) return refuse('task_due_in_past', `due ${dueAt}, allocated ${occurredAt}`);
  return accept({ type: 'TaskAllocated', data: { taskId, title, ownerId, dueAt, ...(subject && { subject }), ...(estimateMinutes && { estimateMinutes }), ...(weight && { weight }), ...(note && { note }) } });
}
