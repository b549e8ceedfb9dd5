import type { Decider } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import { BEFORE_ALL, placed, type Dated } from '../in-force.js';
import type { Period } from '../period.js';
import type { TargetMetric } from '../target/events.js';
import type { BonusCommand } from './commands.js';
import type { BonusEvent, BonusPeriod, BonusTerms } from './events.js';

export interface Approval {
  readonly memberId: string;
  readonly period: Period;
  readonly amountMinor: number;
}

export interface DefinedPlan {
  readonly status: 'defined';
  readonly metric: TargetMetric;
  readonly periodKind: BonusPeriod;
  readonly currency: string;
  /** In the order in which they were laid down: by when that happened, not by when it was recorded. */
  readonly terms: readonly (BonusTerms & Dated)[];
  readonly approvals: readonly Approval[];
}

export type BonusPlan = { readonly status: 'absent' } | DefinedPlan;

export const termsOf = ({ memberIds, tiers, capMinor, clawback, effectiveFrom }: BonusTerms): BonusTerms => ({ memberIds, tiers, ...(capMinor !== undefined && { capMinor }), clawback, effectiveFrom });

/** The terms that had been laid down by a moment. */
export const laidDownBy = ({ terms }: DefinedPlan, at: Instant): readonly BonusTerms[] => terms.filter((each, index) => index === 0 || each.at <= at);

/** The terms for a period as laid down by a moment: of those in force on its first day the ones that came into force last, as laid down last. */
export function termsFor(plan: DefinedPlan, period: Period, at: Instant): BonusTerms | undefined {
  const inForce = laidDownBy(plan, at).filter(({ effectiveFrom }) => effectiveFrom <= period.from);
  return inForce.reduce<BonusTerms | undefined>((latest, terms) => (latest && latest.effectiveFrom > terms.effectiveFrom ? latest : terms), undefined);
}

/** What a plan's history comes to. */
export const evolveBonusPlan: Decider<BonusCommand, BonusPlan, BonusEvent, string>['evolve'] = (state, event) => {
  const at = event.occurredAt ?? BEFORE_ALL;
  if (event.type === 'BonusPlanDefined') {
    const { metric, periodKind, currency } = event.data;
    return { status: 'defined', metric, periodKind, currency, terms: [{ at, ...termsOf(event.data) }], approvals: [] };
  }
  if (state.status === 'absent') return state;
  switch (event.type) {
    case 'BonusPlanRevised': return { ...state, terms: placed(state.terms, { at, ...termsOf(event.data) }) };
    case 'BonusApproved': {
      const { memberId, period, amount } = event.data;
      return { ...state, approvals: [...state.approvals, { memberId, period, amountMinor: amount.amountMinor }] };
    }
  }
};
