import type { EventCatalog } from '../../kernel/event.js';

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type CalendarFeedEvent =
  /** `tokenHash` is the SHA-256 of the secret in the link, in hexadecimal: whoever reads the log cannot subscribe. */
  | { type: 'CalendarFeedOpened'; data: { feedId: string; memberId: string; tokenHash: string } }
  | { type: 'CalendarFeedRevoked'; data: { feedId: string; memberId: string; reason?: string } };

export const calendarFeedEvents: EventCatalog<CalendarFeedEvent> = {
  CalendarFeedOpened: { version: 1, personal: [] },
  CalendarFeedRevoked: { version: 1, personal: [] },
};
