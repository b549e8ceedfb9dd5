import type { EventCatalog, LocalDate, Money } from '../../kernel/event.js';

export const LOST_REASONS = ['price', 'competitor', 'no_decision', 'no_budget', 'timing', 'product_gap', 'unreachable', 'other'] as const;
export type LostReason = (typeof LOST_REASONS)[number];

export const ROADBLOCK_CAUSES = ['legal', 'pricing', 'technical', 'budget', 'decision_maker', 'competitor', 'resources', 'other'] as const;
export type RoadblockCause = (typeof ROADBLOCK_CAUSES)[number];

/** One of the deal's currency is `perUnitMicro` millionths of `to`, on the day of the event. */
export interface ExchangeRate {
  readonly to: string;
  readonly perUnitMicro: number;
}

/** Shares of a deal's credit; they sum to 100. */
export interface CreditShare {
  readonly memberId: string;
  readonly percent: number;
}

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type DealEvent =
  | {
      type: 'DealOpened';
      data: {
        dealId: string; name: string; ownerId: string; pipelineId: string; stage: string; value: Money; rate?: ExchangeRate; leadId?: string; clientId?: string;
        company?: string; segment?: string; region?: string; product?: string; source?: string; campaignId?: string; expectedCloseOn?: LocalDate;
      };
    }
  | { type: 'DealStageChanged'; data: { dealId: string; from: string; to: string } }
  | { type: 'DealValueRevised'; data: { dealId: string; value: Money; from: Money; rate?: ExchangeRate; expectedCloseOn?: LocalDate; reason?: string } }
  | { type: 'DealReassigned'; data: { dealId: string; ownerId: string; from: string; reason?: string } }
  | { type: 'DealCreditSplit'; data: { dealId: string; shares: readonly CreditShare[] } }
  | { type: 'RoadblockRaised'; data: { dealId: string; roadblockId: string; cause: RoadblockCause; note?: string } }
  | { type: 'RoadblockCleared'; data: { dealId: string; roadblockId: string; note?: string } }
  /** `ownerId`, `stage` and `shares` as they stood: credit at the event needs no look back. */
  | { type: 'DealClosed'; data: { dealId: string; outcome: 'won' | 'lost'; value: Money; ownerId: string; stage: string; shares?: readonly CreditShare[]; rate?: ExchangeRate; reason?: LostReason; note?: string } }
  /** The closing is reversed in the period of this event; `stage` is where the deal goes on. */
  | { type: 'DealReopened'; data: { dealId: string; outcome: 'won' | 'lost'; value: Money; ownerId: string; stage: string; shares?: readonly CreditShare[]; reason: string } };

export const dealEvents: EventCatalog<DealEvent> = {
  DealOpened: { version: 1, personal: [] },
  DealStageChanged: { version: 1, personal: [] },
  DealValueRevised: { version: 1, personal: [] },
  DealReassigned: { version: 1, personal: [] },
  DealCreditSplit: { version: 1, personal: [] },
  RoadblockRaised: { version: 1, personal: [] },
  RoadblockCleared: { version: 1, personal: [] },
  DealClosed: { version: 1, personal: [] },
  DealReopened: { version: 1, personal: [] },
};
