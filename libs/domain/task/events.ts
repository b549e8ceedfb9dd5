import type { EventCatalog, Instant } from '../../kernel/event.js';
import type { SubjectRef } from '../subject.js';

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type TaskEvent =
  | {
      type: 'TaskAllocated';
      /** `weight` is how much it counts as workload, 1 where left out; `estimateMinutes` how long it should take. */
      data: { taskId: string; title: string; ownerId: string; dueAt: Instant; subject?: SubjectRef; estimateMinutes?: number; weight?: number; note?: string };
    }
  | { type: 'TaskReassigned'; data: { taskId: string; ownerId: string; from: string; reason?: string } }
  | { type: 'TaskCompleted'; data: { taskId: string; spentMinutes?: number; note?: string } }
  | { type: 'TaskCancelled'; data: { taskId: string; reason: string } }
  /** It was not done when its due time passed. It can still be completed, late. */
  | { type: 'TaskOverdue'; data: { taskId: string; dueAt: Instant } };

export const taskEvents: EventCatalog<TaskEvent> = {
  TaskAllocated: { version: 1, personal: [] },
  TaskReassigned: { version: 1, personal: [] },
  TaskCompleted: { version: 1, personal: [] },
  TaskCancelled: { version: 1, personal: [] },
  TaskOverdue: { version: 1, personal: [] },
};
