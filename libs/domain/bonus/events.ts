import type { EventCatalog, LocalDate, Money } from '../../kernel/event.js';
import type { Period } from '../period.js';
import type { TargetMetric } from '../target/events.js';

export const BONUS_PERIODS = ['month', 'quarter', 'year'] as const;
export type BonusPeriod = (typeof BONUS_PERIODS)[number];

/**
 * What is paid from an attainment on, in whole percent of the target. Either a rate or an amount:
 * `rateBasisPoints` (hundredths of a percent) of the value booked between this tier's threshold and the next one's, so that a higher rate accelerates;
 * `amountMinor`, in the plan's currency, once when the threshold is reached, on top of the tiers below.
 */
export type BonusTier =
  | { readonly attainmentPercentFrom: number; readonly rateBasisPoints: number }
  | { readonly attainmentPercentFrom: number; readonly amountMinor: number };

/** What a plan pays. A revision repeats all of it. */
export interface BonusTerms {
  readonly memberIds: readonly string[];
  /** By rising threshold. */
  readonly tiers: readonly BonusTier[];
  /** The most that one member gets for one period, in the plan's currency. */
  readonly capMinor?: number;
  /** Whether a reopened deal takes back what it brought, in the period of the reopening. */
  readonly clawback: boolean;
  /** These terms hold for periods that start on this day or later, until others come into force; of two for the same day the later laid down hold. */
  readonly effectiveFrom: LocalDate;
}

/** One line of a bonus and the deals behind it. Lines sum to the bonus; a clawback or a cap is a negative one. */
export interface BonusLine {
  readonly label: string;
  readonly amountMinor: number;
  readonly dealIds: readonly string[];
}

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type BonusEvent =
  | { type: 'BonusPlanDefined'; data: { planId: string; name: string; metric: TargetMetric; periodKind: BonusPeriod; currency: string } & BonusTerms }
  | { type: 'BonusPlanRevised'; data: { planId: string; reason: string } & BonusTerms }
  | { type: 'BonusApproved'; data: { planId: string; memberId: string; period: Period; amount: Money; lines: readonly BonusLine[]; approvedBy: string; note?: string } };

export const bonusEvents: EventCatalog<BonusEvent> = {
  BonusPlanDefined: { version: 1, personal: [] },
  BonusPlanRevised: { version: 1, personal: [] },
  BonusApproved: { version: 1, personal: [] },
};
