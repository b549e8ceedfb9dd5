import { Command } from '../../kernel/command.js';
import type { Instant } from '../../kernel/event.js';
import { IsId, IsInstant, IsOneOf, IsText } from '../../kernel/fields.js';
import { IsSubject, type SubjectRef } from '../subject.js';
import { FOLLOW_UP_CHANNELS, FOLLOW_UP_OUTCOMES, type FollowUpChannel, type FollowUpOutcome } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;

@Command({ path: 'POST /follow-ups', roles: SELLERS, creates: true, summary: 'Plan the next contact with a lead, deal or client, with a due time' })
export class ScheduleFollowUp {
  declare readonly type: 'ScheduleFollowUp';
  @IsId() followUpId!: string;
  @IsSubject() subject!: SubjectRef;
  @IsId({ description: 'The member who is to do it' }) ownerId!: string;
  @IsInstant() dueAt!: Instant;
  @IsOneOf(FOLLOW_UP_CHANNELS, { optional: true }) channel?: FollowUpChannel;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /follow-ups/:followUpId/reschedule', roles: SELLERS, summary: 'Give a follow-up another due time; also revives a missed one' })
export class RescheduleFollowUp {
  declare readonly type: 'RescheduleFollowUp';
  @IsId() followUpId!: string;
  @IsInstant() dueAt!: Instant;
  @IsText() reason!: string;
}

@Command({ path: 'POST /follow-ups/:followUpId/complete', roles: SELLERS, summary: 'Say that the follow-up was done, and how it went' })
export class CompleteFollowUp {
  declare readonly type: 'CompleteFollowUp';
  @IsId() followUpId!: string;
  @IsOneOf(FOLLOW_UP_OUTCOMES) outcome!: FollowUpOutcome;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /follow-ups/:followUpId/cancel', roles: SELLERS, summary: 'Take a follow-up off the agenda: it is no longer due' })
export class CancelFollowUp {
  declare readonly type: 'CancelFollowUp';
  @IsId() followUpId!: string;
  @IsText() reason!: string;
}

@Command({ path: 'POST /follow-ups/:followUpId/miss', roles: ['system'], summary: 'The alarm of a due time: marks the follow-up missed if that due time still stands and its grace is over' })
export class MarkFollowUpMissed {
  declare readonly type: 'MarkFollowUpMissed';
  @IsId() followUpId!: string;
  @IsInstant({ description: 'The due time the alarm was set for' }) dueAt!: Instant;
}

export type FollowUpCommand = ScheduleFollowUp | RescheduleFollowUp | CompleteFollowUp | CancelFollowUp | MarkFollowUpMissed;
