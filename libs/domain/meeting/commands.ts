import { Command } from '../../kernel/command.js';
import type { Instant } from '../../kernel/event.js';
import { IsId, IsInstant, IsListOfIds, IsOneOf, IsText, IsZone } from '../../kernel/fields.js';
import { IsSubject, type SubjectRef } from '../subject.js';
import { MEETING_OUTCOMES, type MeetingOutcome } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;
const ATTENDEES_MAX = 50;

@Command({ path: 'POST /meetings', roles: SELLERS, creates: true, summary: 'Put a meeting with a lead or client on the calendar' })
export class ScheduleMeeting {
  declare readonly type: 'ScheduleMeeting';
  @IsId() meetingId!: string;
  @IsSubject() subject!: SubjectRef;
  @IsText({ max: 200 }) title!: string;
  @IsId({ description: 'The member who holds it' }) ownerId!: string;
  @IsListOfIds({ optional: true, max: ATTENDEES_MAX, description: 'The other members who take part' }) attendeeIds?: readonly string[];
  @IsInstant() startsAt!: Instant;
  @IsInstant() endsAt!: Instant;
  @IsZone({ optional: true, description: 'Where its hour was agreed; when left out, the zone of its owner' }) zone?: string;
  @IsText({ optional: true }) location?: string;
}

@Command({ path: 'POST /meetings/:meetingId/reschedule', roles: SELLERS, summary: 'Move a meeting to another time' })
export class RescheduleMeeting {
  declare readonly type: 'RescheduleMeeting';
  @IsId() meetingId!: string;
  @IsInstant() startsAt!: Instant;
  @IsInstant() endsAt!: Instant;
  @IsText() reason!: string;
}

@Command({ path: 'POST /meetings/:meetingId/hold', roles: SELLERS, summary: 'Say that the meeting took place, and what came of it' })
export class HoldMeeting {
  declare readonly type: 'HoldMeeting';
  @IsId() meetingId!: string;
  @IsOneOf(MEETING_OUTCOMES) outcome!: MeetingOutcome;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /meetings/:meetingId/cancel', roles: SELLERS, summary: 'Call a meeting off, ours or theirs to have done so' })
export class CancelMeeting {
  declare readonly type: 'CancelMeeting';
  @IsId() meetingId!: string;
  @IsText() reason!: string;
  @IsOneOf(['us', 'them'], { description: 'Who called it off' }) by!: 'us' | 'them';
}

@Command({ path: 'POST /meetings/:meetingId/no-show', roles: SELLERS, summary: 'Say that the other side did not come' })
export class MarkNoShow {
  declare readonly type: 'MarkNoShow';
  @IsId() meetingId!: string;
  @IsText({ optional: true }) note?: string;
}

export type MeetingCommand = ScheduleMeeting | RescheduleMeeting | HoldMeeting | CancelMeeting | MarkNoShow;
