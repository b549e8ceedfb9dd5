import type { BonusEvent, BonusTerms } from '../../libs/domain/bonus/events.js';
import { placed, type Dated } from '../../libs/domain/in-force.js';
import type { TargetEvent } from '../../libs/domain/target/events.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Row, Rows } from '../../libs/kernel/projection.js';
import type { TargetAttainmentTable } from './target-attainment.tables.js';

type Set = Extract<TargetEvent, { type: 'TargetSet' }>['data'];

interface Aim {
  readonly amount: number;
  readonly weights?: readonly number[];
}

/** A target as set, with what became of it. Revisions by when they happened: one told late takes its place in between. */
export interface TargetCredit {
  readonly kind: 'target';
  readonly set: Omit<Set, 'targetId' | 'note'>;
  readonly setAt: Instant;
  readonly revisions: readonly (Aim & { readonly at: Instant; readonly reason: string })[];
  readonly withdrawnAt?: Instant;
}

type Defined = Extract<BonusEvent, { type: 'BonusPlanDefined' }>['data'];
type Approved = Extract<BonusEvent, { type: 'BonusApproved' }>['data'];

/** A bonus plan, its terms in the order in which they were laid down (by when that happened), and what was approved under it. */
export interface PlanCredit {
  readonly kind: 'plan';
  readonly plan: Pick<Defined, 'name' | 'metric' | 'periodKind' | 'currency'>;
  readonly terms: readonly (BonusTerms & Dated)[];
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
  const { amount, weights, reason } = event.data;
  return { ...target, revisions: placed(target.revisions, { at: event.occurredAt, amount, reason, ...(weights && { weights }) }) };
}

export function targetRows({ set, setAt, revisions, withdrawnAt }: TargetCredit, targetId: string): Rows<TargetAttainmentTable> {
  const last = revisions.at(-1);
  const aim: Aim = last ?? set;
  return {
    target: [{
      target_id: targetId, metric: set.metric, scope: set.scope, scope_id: set.scopeId ?? null, period_from: set.period.from, period_to: set.period.to, zone: set.zone, currency: set.currency ?? null,
      set_at: setAt, set_amount: set.amount, set_weights: set.weights ?? null, amount: aim.amount, weights: aim.weights ?? null, revised_at: last?.at ?? null, withdrawn_at: withdrawnAt ?? null,
    }],
    revision: revisions.map(({ at, amount, reason }, index) => ({
      target_id: targetId, revision: index + 1, revised_at: at, from_amount: revisions[index - 1]?.amount ?? set.amount, amount, reason,
    })),
  };
}

const termsOf = ({ memberIds, tiers, capMinor, clawback, effectiveFrom }: BonusTerms): BonusTerms => ({ memberIds, tiers, clawback, effectiveFrom, ...(capMinor !== undefined && { capMinor }) });

export function evolvePlan(plan: PlanCredit | undefined, event: Recorded<BonusEvent>): PlanCredit | undefined {
  if (event.type === 'BonusPlanDefined') {
    const { name, metric, periodKind, currency } = event.data;
    return { kind: 'plan', plan: { name, metric, periodKind, currency }, terms: [{ at: event.occurredAt, ...termsOf(event.data) }], approvals: [] };
  }
  if (!plan) return undefined;
  if (event.type === 'BonusPlanRevised') return { ...plan, terms: placed(plan.terms, { at: event.occurredAt, ...termsOf(event.data) }) };
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
