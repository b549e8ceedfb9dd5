import type { EventCatalog, LocalDate } from '../../kernel/event.js';

/** What time is spent on. Which of these are administrative is the report's definition, not the log's: it is versioned there. */
export const WORK_CATEGORIES = ['selling', 'meeting', 'follow_up', 'client_care', 'data_entry', 'reporting', 'contract_work', 'scheduling', 'coordination', 'training', 'travel', 'other'] as const;
export type WorkCategory = (typeof WORK_CATEGORIES)[number];

/** How long on what, on which day of the member's own calendar. */
export interface Work {
  readonly category: WorkCategory;
  readonly minutes: number;
  readonly on: LocalDate;
}

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type WorkLogEvent =
  /** `automated`: a machine did it; the minutes are those it saved the member. */
  | { type: 'WorkLogged'; data: { workLogId: string; memberId: string; category: WorkCategory; minutes: number; on: LocalDate; automated: boolean; note?: string } }
  /** All three as they are right, and `from` as they stood. */
  | { type: 'WorkCorrected'; data: { workLogId: string; memberId: string; category: WorkCategory; minutes: number; on: LocalDate; from: Work; reason: string } };

export const workLogEvents: EventCatalog<WorkLogEvent> = {
  WorkLogged: { version: 1, personal: ['note'], personalSubject: 'memberId' },
  WorkCorrected: { version: 1, personal: ['reason'], personalSubject: 'memberId', personalAlways: ['reason'] },
};
