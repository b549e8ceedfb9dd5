import { Command } from '../../kernel/command.js';
import type { LocalDate } from '../../kernel/event.js';
import { IsDay, IsFlag, IsId, IsOneOf, IsText, IsWhole } from '../../kernel/fields.js';
import { WORK_CATEGORIES, type WorkCategory } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;
/** A day. */
const MINUTES_MAX = 1_440;

@Command({ path: 'POST /work-logs', roles: SELLERS, creates: true, summary: 'Log how long a member was at what, or how long a machine spared them' })
export class LogWork {
  declare readonly type: 'LogWork';
  @IsId() workLogId!: string;
  @IsId() memberId!: string;
  @IsOneOf(WORK_CATEGORIES) category!: WorkCategory;
  @IsWhole(1, MINUTES_MAX) minutes!: number;
  @IsDay({ description: 'The day, in the member’s own zone' }) on!: LocalDate;
  @IsFlag({ optional: true, description: 'A machine did it: the minutes are those it saved; left out: false' }) automated?: boolean;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /work-logs/:workLogId/correct', roles: SELLERS, summary: 'Put a logged entry right; what is left out stays' })
export class CorrectWork {
  declare readonly type: 'CorrectWork';
  @IsId() workLogId!: string;
  @IsOneOf(WORK_CATEGORIES, { optional: true }) category?: WorkCategory;
  @IsWhole(0, MINUTES_MAX, { optional: true, description: '0 where nothing was done after all' }) minutes?: number;
  @IsDay({ optional: true }) on?: LocalDate;
  @IsText() reason!: string;
}

export type WorkLogCommand = LogWork | CorrectWork;
