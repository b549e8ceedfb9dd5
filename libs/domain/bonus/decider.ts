import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Actor, Instant } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { wholeMonths } from '../period.js';
import { sameJson } from '../same-json.js';
import type { TargetMetric } from '../target/events.js';
import { inOrder } from '../work-calendar.js';
import type { ApproveBonus, BonusCommand, DefineBonusPlan, ReviseBonusPlan } from './commands.js';
import type { BonusEvent, BonusTerms } from './events.js';
import { evolveBonusPlan, laidDownBy, termsFor, termsOf, type BonusPlan, type DefinedPlan } from './state.js';

/** Read only when a plan is defined or revised. */
export interface BonusFacts {
  /** Those of the members named in the terms who are not known. */
  readonly unknownMemberIds: readonly string[];
  /** The company's. */
  readonly currency: string;
}

export type BonusRefusal =
  | 'bonus_plan_not_found' | 'bonus_plan_already_exists' | 'bonus_plan_not_yet_defined' | 'bonus_tiers_not_rising' | 'bonus_rate_needs_value' | 'bonus_member_unknown' | 'bonus_plan_not_effective' | 'bonus_member_not_in_plan'
  | 'bonus_period_mismatch' | 'bonus_currency_mismatch' | 'bonus_lines_do_not_sum' | 'bonus_above_cap' | 'bonus_already_approved';

export const bonusRefusals: RefusalCatalog<BonusRefusal> = {
  bonus_plan_not_found: { kind: 'not_found', title: 'No bonus plan has this id.' },
  bonus_plan_already_exists: { kind: 'conflict', title: 'A bonus plan with this id was already defined; it can be revised.' },
  bonus_plan_not_yet_defined: { kind: 'invalid', title: 'A bonus plan cannot be revised, nor a bonus approved, before the plan was defined; give a later occurredAt.' },
  bonus_tiers_not_rising: { kind: 'invalid', title: 'Each tier must start at a higher attainment than the one before.' },
  bonus_rate_needs_value: { kind: 'invalid', title: 'Only a plan on booked value can pay a rate; the others pay amounts.' },
  bonus_member_unknown: { kind: 'invalid', title: 'The plan names someone who is no member.' },
  bonus_plan_not_effective: { kind: 'invalid', title: 'The plan has no terms for a period that starts so early.' },
  bonus_member_not_in_plan: { kind: 'invalid', title: 'The plan’s terms for this period do not name the member.' },
  bonus_period_mismatch: { kind: 'invalid', title: 'A bonus is approved for one whole period of the plan: a month, three months or twelve.' },
  bonus_currency_mismatch: { kind: 'invalid', title: 'A bonus is in the currency of its plan.' },
  bonus_lines_do_not_sum: { kind: 'invalid', title: 'The lines of a bonus must sum to its amount.' },
  bonus_above_cap: { kind: 'invalid', title: 'The bonus is above the plan’s cap.' },
  bonus_already_approved: { kind: 'conflict', title: 'A bonus of this plan was already approved for the member and these days.' },
};

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** A bonus plan, its terms over time and the bonuses that were approved under it. Approved is approved: what changes later is a line of the next one. */
export const bonusPlan: Decider<BonusCommand, BonusPlan, BonusEvent, BonusRefusal, BonusFacts> = {
  initial: { status: 'absent' },

  evolve: evolveBonusPlan,

  decide(state, command, { actor, occurredAt, facts }) {
    if (command.type === 'DefineBonusPlan') return state.status === 'absent' ? definePlan(command, facts) : refuse('bonus_plan_already_exists');
    if (state.status === 'absent') return refuse('bonus_plan_not_found');
    const definedAt = state.terms[0]?.at ?? occurredAt;
    if (occurredAt < definedAt) return refuse('bonus_plan_not_yet_defined', `defined ${definedAt}, said to happen ${occurredAt}`);
    switch (command.type) {
      case 'ReviseBonusPlan': return revisePlan(state, command, facts, occurredAt);
      case 'ApproveBonus': return approveBonus(state, command, actor, occurredAt);
    }
  },
};

/** Terms in the one spelling that is stored. */
const spelt = (terms: BonusTerms): BonusTerms => termsOf({ ...terms, memberIds: inOrder(terms.memberIds) });

function termsProblem({ tiers }: BonusTerms, metric: TargetMetric, { unknownMemberIds }: BonusFacts): BonusRefusal | undefined {
  const rising = tiers.every(({ attainmentPercentFrom }, index) => attainmentPercentFrom > (tiers[index - 1]?.attainmentPercentFrom ?? -1));
  if (!rising) return 'bonus_tiers_not_rising';
  if (metric !== 'booked_value' && tiers.some((tier) => 'rateBasisPoints' in tier)) return 'bonus_rate_needs_value';
  return unknownMemberIds.length > 0 ? 'bonus_member_unknown' : undefined;
}

function definePlan(command: DefineBonusPlan, facts: BonusFacts): Decision<BonusEvent, BonusRefusal> {
  const { planId, name, metric, periodKind, currency = facts.currency } = command;
  const problem = termsProblem(command, metric, facts);
  if (problem) return refuse(problem, facts.unknownMemberIds.join(', ') || undefined);
  return accept({ type: 'BonusPlanDefined', data: { planId, name, metric, periodKind, currency, ...spelt(command) } });
}

function revisePlan(state: DefinedPlan, command: ReviseBonusPlan, facts: BonusFacts, occurredAt: Instant): Decision<BonusEvent, BonusRefusal> {
  const terms = spelt(command);
  if (sameJson(terms, laidDownBy(state, occurredAt).map(termsOf).at(-1))) return accept();
  const problem = termsProblem(command, state.metric, facts);
  if (problem) return refuse(problem, facts.unknownMemberIds.join(', ') || undefined);
  return accept({ type: 'BonusPlanRevised', data: { planId: command.planId, ...terms, reason: command.reason } });
}

function approveBonus(
  state: DefinedPlan, { planId, memberId, period: { from, to }, amount, lines, note }: ApproveBonus, actor: Actor, occurredAt: Instant,
): Decision<BonusEvent, BonusRefusal> {
  const approved = state.approvals.find((approval) => approval.memberId === memberId && approval.period.from <= to && approval.period.to >= from);
  if (approved) {
    const same = approved.period.from === from && approved.period.to === to && approved.amountMinor === amount.amountMinor && amount.currency === state.currency;
    return same ? accept() : refuse('bonus_already_approved', `${approved.amountMinor} for ${approved.period.from} to ${approved.period.to}`);
  }
  if (wholeMonths({ from, to }) !== MONTHS[state.periodKind]) return refuse('bonus_period_mismatch', `${from} to ${to} is no ${state.periodKind}`);
  const terms = termsFor(state, { from, to }, occurredAt);
  if (!terms) return refuse('bonus_plan_not_effective', from);
  if (!terms.memberIds.includes(memberId)) return refuse('bonus_member_not_in_plan', memberId);
  if (amount.currency !== state.currency) return refuse('bonus_currency_mismatch', state.currency);
  if (terms.capMinor !== undefined && amount.amountMinor > terms.capMinor) return refuse('bonus_above_cap', `cap ${terms.capMinor}`);
  const sumMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (sumMinor !== amount.amountMinor) return refuse('bonus_lines_do_not_sum', `lines ${sumMinor}, amount ${amount.amountMinor}`);
  return accept({
    type: 'BonusApproved',
    data: { planId, memberId, period: { from, to }, amount, lines: lines.map(({ label, amountMinor, dealIds }) => ({ label: label.trim(), amountMinor, dealIds })), approvedBy: actor.id, ...(note && { note }) },
  });
}
