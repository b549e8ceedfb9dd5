import { Command } from '../../kernel/command.js';
import type { Instant } from '../../kernel/event.js';
import { IsId, IsInstant, IsText, IsWhole } from '../../kernel/fields.js';
import { IsSubject, type SubjectRef } from '../subject.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;
/** Half a year of working days: longer work is no task. */
const MINUTES_MAX = 60_000;
const WEIGHT_MAX = 100;

@Command({ path: 'POST /tasks', roles: SELLERS, creates: true, summary: 'Give a member a piece of work, with a due time' })
export class AllocateTask {
  declare readonly type: 'AllocateTask';
  @IsId() taskId!: string;
  @IsText({ max: 200 }) title!: string;
  @IsId({ description: 'The member who is to do it' }) ownerId!: string;
  @IsInstant() dueAt!: Instant;
  @IsSubject({ optional: true }) subject?: SubjectRef;
  @IsWhole(1, MINUTES_MAX, { optional: true, description: 'How long it should take' }) estimateMinutes?: number;
  @IsWhole(1, WEIGHT_MAX, { optional: true, description: 'How much it counts as workload; when left out, 1' }) weight?: number;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /tasks/:taskId/owner', roles: SELLERS, summary: 'Hand a task to another member; it stays due when it was' })
export class ReassignTask {
  declare readonly type: 'ReassignTask';
  @IsId() taskId!: string;
  @IsId() ownerId!: string;
  @IsText({ optional: true }) reason?: string;
}

@Command({ path: 'POST /tasks/:taskId/complete', roles: SELLERS, summary: 'Say that the task is done' })
export class CompleteTask {
  declare readonly type: 'CompleteTask';
  @IsId() taskId!: string;
  @IsWhole(0, MINUTES_MAX, { optional: true, description: 'How long it took' }) spentMinutes?: number;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /tasks/:taskId/cancel', roles: SELLERS, summary: 'Take a task off the list: it is no longer due' })
export class CancelTask {
  declare readonly type: 'CancelTask';
  @IsId() taskId!: string;
  @IsText() reason!: string;
}

@Command({ path: 'POST /tasks/:taskId/overdue', roles: ['system'], summary: 'The alarm of a due time: marks the task overdue if that due time still stands and has passed' })
export class MarkTaskOverdue {
  declare readonly type: 'MarkTaskOverdue';
  @IsId() taskId!: string;
  @IsInstant({ description: 'The due time the alarm was set for' }) dueAt!: Instant;
}

export type TaskCommand = AllocateTask | ReassignTask | CompleteTask | CancelTask | MarkTaskOverdue;
