import type { EventCatalog } from '../../kernel/event.js';

/** A fixed list, no free text: this event must never itself hold what is to be forgotten. */
export const FORGET_REASONS = ['requested', 'consent_withdrawn', 'retention_over', 'other'] as const;
export type ForgetReason = (typeof FORGET_REASONS)[number];

/** Stored for ever in this shape: add a type or a version, never change one. */
export type ContactEvent =
  /** `contactId` is the id under which the person's data was stored: their lead's, client's or member's. Their key is destroyed. */
  { type: 'ContactForgotten'; data: { contactId: string; reason?: ForgetReason } };

export const contactEvents: EventCatalog<ContactEvent> = {
  ContactForgotten: { version: 1, personal: [], forgets: 'contactId' },
};
