import type { BonusEvent, BonusTerms } from '../../libs/domain/bonus/events.js';
import type { TargetEvent } from '../../libs/domain/target/events.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Row, Rows } from '../../libs/kernel/projection.js';
import type { TargetAttainmentTable } from './target-attainment.tables.js';

type Set = Extract<TargetEvent, { type: 'TargetSet' }>['data'];

/** A target as set, with what became of it. */
export interface TargetCredit {
  readonly kind: 'target';
  readonly set: Omit<Set, 'targetId' | 'note'>;
  readonly setAt: Instant;
  readonly revisions: readonly { readonly at: Instant; readonly from: number; readonly amount: number; readonly weights?: readonly number[]; readonly reason: string }[];
  readonly withdrawnAt?: Instant;
}

type Defined = Extract<BonusEvent, { type: 'BonusPlanDefined' }>['data'];
type Approved = Extract<BonusEvent, { type: 'BonusApproved' }>['data'];

/** A bonus plan, its terms in the order they were laid down, and what was approved under it. */
export interface PlanCredit {
  readonly kind: 'plan';
  readonly plan: Pick<Defined, 'name' | 'metric' | 'periodKind' | 'currency'>;
  readonly terms: readonly BonusTerms[];
  readonly approvals: readonly ({ readonly eventId: string; readonly at: Instant } & Pick<Approved, 'memberId' | 'period' | 'amount' | 'approvedBy'>)[];
}

export function evolveTarget(target: TargetCredit | undefined, event: Recorded<TargetEvent>): TargetCredit | undefined {
  if (event.type === 'TargetSet') {
    const { metric, scope, scopeId, period, amount, currency, zone, weights } = event.data;
    const set = { metric, scope, period, amount, zone, ...(scopeId !== undefined && { scopeId }), ...(currency !== undefined && { currency }), ...(weights && { weights }) };
    return { kind: 'target', set, setAt: event.occurredAt, revisions: [] };
  }
  if (!target) return undefined;
  if (event.type === 'TargetWithdrawn') return { ...target, withdrawnAt: event.occurredAt };
  const { amount, from, weights, reason } = event.data;
  return { ...target, revisions: [...target.revisions, { at: event.occurredAt, from, amount, reason, ...(weights && { weights }) }] };
}

export function targetRows({ set, setAt, revisions, withdrawnAt }: TargetCredit, targetId: string): Rows<TargetAttainmentTable> {
  const last = revisions.at(-1);
  return {
    target: [{
      target_id: targetId, metric: set.metric, scope: set.scope, scope_id: set.scopeId ?? null, period_from: set.period.from, period_to: set.period.to, zone: set.zone, currency: set.currency ?? null,
      set_at: setAt, set_amount: set.amount, set_weights: set.weights ?? null, amount: last ? last.amount : set.amount, weights: (last ? last.weights : set.weights) ?? null, revised_at: last?.at ?? null, withdrawn_at: withdrawnAt ?? null,
    }],
    revision: revisions.map(({ at, from, amount, reason }, index) => ({ target_id: targetId, revision: index + 1, revised_at: at, from_amount: from, amount, reason })),
  };
}

const termsOf = ({ memberIds, tiers, capMinor, clawback, effectiveFrom }: BonusTerms): BonusTerms => ({ memberIds, tiers, clawback, effectiveFrom, ...(capMinor !== undefined && { capMinor }) });

export function evolvePlan(plan: PlanCredit | undefined, event: Recorded<BonusEvent>): PlanCredit | undefined {
  if (event.type === 'BonusPlanDefined') {
    const { name, metric, periodKind, currency } = event.data;
    return { kind: 'plan', plan: { name, metric, periodKind, currency }, terms: [termsOf(event.data)], approvals: [] };
  }
  if (!plan) return undefined;
  if (event.type === 'BonusPlanRevised') return { ...plan, terms: [...plan.terms, termsOf(event.data)] };
  const { memberId, period, amount, approvedBy } = event.data;
  return { ...plan, approvals: [...plan.approvals, { eventId: event.id, at: event.occurredAt, memberId, period, amount, approvedBy }] };
}

export function planRows({ plan, terms, approvals }: PlanCredit, planId: string): Rows<TargetAttainmentTable> {
  return {
    bonus_terms: terms.map(({ memberIds, tiers, capMinor, clawback, effectiveFrom }, index): Row => ({
      plan_id: planId, terms: index + 1, name: plan.name, metric: plan.metric, period_kind: plan.periodKind, currency: plan.currency, member_ids: memberIds, tiers, cap_minor: capMinor ?? null, clawback, effective_from: effectiveFrom,
    })),
    bonus_approval: approvals.map(({ eventId, at, memberId, period, amount, approvedBy }): Row => ({
      event_id: eventId, plan_id: planId, member_id: memberId, period_from: period.from, period_to: period.to, amount_minor: amount.amountMinor, currency: amount.currency, approved_by: approvedBy, approved_at: at,
    })),
  };
}
