import type { EventCatalog, Instant } from '../../kernel/event.js';
import type { SubjectRef } from '../subject.js';

export const MEETING_OUTCOMES = ['progressed', 'no_change', 'not_interested', 'other'] as const;
export type MeetingOutcome = (typeof MEETING_OUTCOMES)[number];

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type MeetingEvent =
  | {
      type: 'MeetingScheduled';
      /** `ownerId` holds the meeting; `attendeeIds` are the other members who take part. `zone` is where its hour was agreed. */
      data: { meetingId: string; subject: SubjectRef; title: string; ownerId: string; attendeeIds: readonly string[]; startsAt: Instant; endsAt: Instant; zone: string; location?: string };
    }
  | { type: 'MeetingRescheduled'; data: { meetingId: string; startsAt: Instant; endsAt: Instant; from: { startsAt: Instant; endsAt: Instant }; reason: string } }
  | { type: 'MeetingHeld'; data: { meetingId: string; outcome: MeetingOutcome; note?: string } }
  | { type: 'MeetingCancelled'; data: { meetingId: string; reason: string; by: 'us' | 'them' } }
  /** The other side did not come: a no-show. */
  | { type: 'MeetingMissed'; data: { meetingId: string; note?: string } };

export const meetingEvents: EventCatalog<MeetingEvent> = {
  MeetingScheduled: { version: 1, personal: [] },
  MeetingRescheduled: { version: 1, personal: [] },
  MeetingHeld: { version: 1, personal: [] },
  MeetingCancelled: { version: 1, personal: [] },
  MeetingMissed: { version: 1, personal: [] },
};
