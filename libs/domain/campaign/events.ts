import type { EventCatalog, LocalDate, Money } from '../../kernel/event.js';

export const CAMPAIGN_CHANNELS = ['email', 'search', 'social', 'display', 'event', 'webinar', 'referral', 'partner', 'print', 'outbound', 'other'] as const;
export type CampaignChannel = (typeof CAMPAIGN_CHANNELS)[number];

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type CampaignEvent =
  | { type: 'CampaignLaunched'; data: { campaignId: string; name: string; channel: CampaignChannel; startsOn: LocalDate; endsOn?: LocalDate; budget?: Money } }
  /** `spent` is what it cost in the end; where it is not told, the budget stands for it. */
  | { type: 'CampaignEnded'; data: { campaignId: string; spent?: Money; note?: string } }
  /** A lead came by this campaign. In a stream of the lead's attributions: a lead may owe itself to several campaigns, each counted once. */
  | { type: 'LeadAttributed'; data: { campaignId: string; leadId: string } };

export const campaignEvents: EventCatalog<CampaignEvent> = {
  CampaignLaunched: { version: 1, personal: [] },
  CampaignEnded: { version: 1, personal: [] },
  LeadAttributed: { version: 1, personal: [] },
};
