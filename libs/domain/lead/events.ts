import type { EventCatalog } from '../../kernel/event.js';

/** How a person reached the company, or the company a person. */
export const CONTACT_CHANNELS = ['call', 'email', 'visit', 'chat', 'form', 'social', 'other'] as const;
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

export const DISQUALIFY_REASONS = ['no_budget', 'no_need', 'no_authority', 'bad_timing', 'competitor', 'unreachable', 'duplicate', 'spam', 'other'] as const;
export type DisqualifyReason = (typeof DISQUALIFY_REASONS)[number];

export interface ContactPerson {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
}

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type LeadEvent =
  | {
      type: 'LeadCaptured';
      /** `source` is where it came from (web, fair, referral …), in the company's own words. */
      data: { leadId: string; source: string; contact: ContactPerson; company?: string; region?: string; segment?: string; product?: string; campaignId?: string; ownerId?: string; note?: string };
    }
  | { type: 'LeadAssigned'; data: { leadId: string; ownerId: string; from?: string; reason?: string } }
  | {
      type: 'LeadContacted';
      /** `automated`: no person of ours took part, so it is no response in the sense of the response time. */
      data: { leadId: string; memberId: string; channel: ContactChannel; direction: 'outbound' | 'inbound'; automated: boolean; note?: string };
    }
  | { type: 'LeadScored'; data: { leadId: string; score: number; model?: string } }
  | { type: 'LeadQualified'; data: { leadId: string; ownerId?: string; note?: string } }
  | { type: 'LeadDisqualified'; data: { leadId: string; ownerId?: string; reason: DisqualifyReason; note?: string } }
  | { type: 'LeadReopened'; data: { leadId: string; reason: string } }
  /** In the stream of the duplicate, which ends here; the other lead goes on. */
  | { type: 'LeadMerged'; data: { leadId: string; intoLeadId: string } }
  | { type: 'LeadConverted'; data: { leadId: string; ownerId?: string; dealId?: string; clientId?: string } };

export const leadEvents: EventCatalog<LeadEvent> = {
  LeadCaptured: { version: 1, personal: ['contact.name', 'contact.email', 'contact.phone', 'note'], personalSubject: 'leadId' },
  LeadAssigned: { version: 1, personal: [] },
  LeadContacted: { version: 1, personal: ['note'], personalSubject: 'leadId' },
  LeadScored: { version: 1, personal: [] },
  LeadQualified: { version: 1, personal: ['note'], personalSubject: 'leadId' },
  LeadDisqualified: { version: 1, personal: ['note'], personalSubject: 'leadId' },
  LeadReopened: { version: 1, personal: [] },
  LeadMerged: { version: 1, personal: [] },
  LeadConverted: { version: 1, personal: [] },
};
