import type { EventCatalog, Instant } from '../../kernel/event.js';
import type { SubjectRef } from '../subject.js';

export const FOLLOW_UP_OUTCOMES = ['reached', 'no_answer', 'left_message', 'meeting_agreed', 'not_interested', 'other'] as const;
export type FollowUpOutcome = (typeof FOLLOW_UP_OUTCOMES)[number];

export const FOLLOW_UP_CHANNELS = ['call', 'email', 'visit', 'chat', 'other'] as const;
export type FollowUpChannel = (typeof FOLLOW_UP_CHANNELS)[number];

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type FollowUpEvent =
  | {
      type: 'FollowUpScheduled';
      /** `graceMinutes` after `dueAt` it counts as missed: the policy's figure when it was scheduled. */
      data: { followUpId: string; subject: SubjectRef; ownerId: string; dueAt: Instant; graceMinutes: number; channel?: FollowUpChannel; note?: string };
    }
  | { type: 'FollowUpRescheduled'; data: { followUpId: string; dueAt: Instant; graceMinutes: number; reason: string } }
  | { type: 'FollowUpCompleted'; data: { followUpId: string; outcome: FollowUpOutcome; note?: string } }
  | { type: 'FollowUpCancelled'; data: { followUpId: string; reason: string } }
  | { type: 'FollowUpMissed'; data: { followUpId: string; dueAt: Instant; graceMinutes: number } };

export const followUpEvents: EventCatalog<FollowUpEvent> = {
  FollowUpScheduled: { version: 1, personal: [] },
  FollowUpRescheduled: { version: 1, personal: [] },
  FollowUpCompleted: { version: 1, personal: [] },
  FollowUpCancelled: { version: 1, personal: [] },
  FollowUpMissed: { version: 1, personal: [] },
};
