import type { LocalDate } from '../../libs/kernel/event.js';
import { localDay, plusDays, startOfDay } from '../../libs/kernel/local-time.js';
import { sumExactly } from '../../libs/kernel/money.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { ratesOn, type ConstantRates } from '../exchange-rates/constant-rates.js';
import { ratio, rounded, type Ratio } from './attainment.js';
import { amountIn, type Measure } from './booked.js';
import { achievementsIn, approvalsOf, companyOf, memberTargets, periodOfKind, plansOf, termsFor, type AchievementRow, type ApprovalRow, type Company, type Days, type MemberTarget, type Span, type Terms } from './bonus-plans.js';
import { clawbackLine, earnedLines, sumOf, type AccrualLine, type Counted, type PaidPeriod } from './bonus-tiers.js';
import { total } from './measured.js';
import { bonusFigures } from './target-attainment.figures.js';
import { BonusAccrualParams } from './target-attainment.params.js';

export interface Accrual {
  readonly planId: string;
  readonly name: string;
  readonly metric: Terms['metric'];
  readonly memberId: string;
  readonly period: Days;
  readonly tz: string;
  readonly currency: string;
  /** Null where the member has no target of the plan's metric for exactly this period: nothing is accrued without one. */
  readonly target: { readonly targetId: string; readonly amount: number } | null;
  readonly attainment: Ratio | null;
  readonly basis: number;
  readonly earned: number;
  readonly clawback: number;
  readonly accrued: number;
  readonly lines: readonly AccrualLine[];
  readonly approved: { readonly amountMinor: number; readonly by: string; readonly at: string } | null;
}

export interface BonusAccrualAnswer {
  readonly convert: BonusAccrualParams['convert'];
  /** The date whose rates amounts were converted at. */
  readonly ratesOn: LocalDate | null;
  /** Bonuses that match, of which `bonuses` holds the first `limit`. */
  readonly total: number;
  readonly bonuses: readonly Accrual[];
}

/** One member's period under a plan: the question, before anything is counted. */
interface Slot extends Span {
  readonly terms: Terms;
  readonly days: Days;
  readonly tz: string;
  readonly target: MemberTarget | undefined;
}

interface Asked {
  readonly terms: Terms;
  readonly memberId: string;
  readonly days: Days;
}

const slotName = (terms: Terms, memberId: string, { from }: Days): string => JSON.stringify([terms.plan_id, memberId, from]);

async function slotsOf(view: ReportView, asked: readonly Asked[], tz: string | undefined, company: Company): Promise<Slot[]> {
  const targets = await memberTargets(view, asked.map(({ memberId }) => memberId), asked.map(({ days }) => days.from));
  return asked.map(({ terms, memberId, days }) => {
    const target = targets.findLast((each) => each.member_id === memberId && each.metric === terms.metric && each.period_from === days.from && each.period_to === days.to && (each.currency ?? terms.currency) === terms.currency);
    const zone = tz ?? target?.zone ?? company.zone;
    return { slot: slotName(terms, memberId, days), memberId, metric: terms.metric, since: startOfDay(days.from, zone), until: startOfDay(plusDays(days.to, 1), zone), terms, days, tz: zone, target };
  });
}

const measureOf = (terms: Terms, { convert }: BonusAccrualParams, rates: ConstantRates | undefined): Measure => ({ metric: terms.metric, currency: terms.currency, convert, rates });

/** What a slot's bonus is paid for: all that was won, or without clawback each deal once. */
function countedOf(terms: Terms, measure: Measure, rows: readonly AchievementRow[]): Counted[] {
  const counts = rows.filter(({ kind, first }) => kind !== 'reversed' && (terms.clawback || first));
  return counts.flatMap((row) => {
    const amount = amountIn(measure, row);
    return amount === null ? [] : [{ eventId: row.event_id, subjectId: row.subject_id, at: row.occurred_at, amount, reversedAt: row.reversed_at }];
  });
}

const paid = ({ terms, target, days }: Slot, items: readonly Counted[]): PaidPeriod | undefined =>
  target && { label: `${days.from} to ${days.to}`, terms: { tiers: terms.tiers, clawback: terms.clawback, ...(terms.cap_minor !== null && { capMinor: terms.cap_minor }) }, targetAmount: target.amount, items };

/** The earlier periods whose deals were reopened in this one. */
function earlierOf(slot: Slot, plan: readonly Terms[], rows: readonly AchievementRow[], company: Company): Asked[] {
  const days = new Map<LocalDate, Days>();
  for (const row of rows) {
    if (row.kind !== 'reversed') continue;
    const won = periodOfKind(slot.terms.period_kind, localDay(row.roster_at, slot.tz), company.fiscalYearStartMonth);
    if (won.from < slot.days.from) days.set(won.from, won);
  }
  return [...days.values()].sort((a, b) => (a.from < b.from ? -1 : 1)).flatMap((won) => {
    const terms = termsFor(plan, won);
    return terms?.member_ids.includes(slot.memberId) ? [{ terms, memberId: slot.memberId, days: won }] : [];
  });
}

type Rows = ReadonlyMap<string, readonly AchievementRow[]>;

async function rowsOf(view: ReportView, slots: readonly Slot[]): Promise<Rows> {
  const rows = new Map<string, AchievementRow[]>(slots.map(({ slot }) => [slot, []]));
  for (const row of await achievementsIn(view, slots)) rows.get(row.slot)?.push(row);
  return rows;
}

interface Earlier {
  readonly slots: readonly Slot[];
  readonly rows: Rows;
}

function accrualOf(slot: Slot, own: readonly AchievementRow[], earlier: Earlier, approval: ApprovalRow | undefined, measure: Measure): Accrual {
  const { terms, memberId, days, target } = slot;
  const isMoney = terms.metric === 'booked_value';
  const items = countedOf(terms, measure, own);
  const now = paid(slot, items);
  const before = earlier.slots.filter((each) => each.memberId === memberId && each.terms.plan_id === terms.plan_id).flatMap((each) => paid(each, countedOf(each.terms, measure, earlier.rows.get(each.slot) ?? [])) ?? []);
  const earned = now ? earnedLines(now.terms, now.targetAmount, items) : [];
  const taken = [...before, ...(now ? [now] : [])].flatMap((each) => clawbackLine(each, slot.since, slot.until) ?? []);
  const booked = total(measure, own);
  const ofDeals = isMoney || terms.metric === 'won_deals';
  return {
    planId: terms.plan_id, name: terms.name, metric: terms.metric, memberId, period: days, tz: slot.tz, currency: terms.currency,
    target: target ? { targetId: target.target_id, amount: target.amount } : null, attainment: target ? ratio(booked, target.amount) : null,
    basis: isMoney && items.every(({ amount }) => Number.isSafeInteger(amount)) ? sumExactly(items.map(({ amount }) => amount)) : rounded(items.reduce((sum, { amount }) => sum + amount, 0), isMoney),
    earned: sumOf(earned), clawback: sumOf(taken), accrued: sumOf(earned) + sumOf(taken), lines: [...earned, ...taken].map((line) => (ofDeals ? line : { ...line, dealIds: [] })),
    approved: approval ? { amountMinor: approval.amount_minor, by: approval.approved_by, at: approval.approved_at } : null,
  };
}

/** What was accrued by each member under each plan, for the period that a day falls in. @throws ReadStoreError */
export async function bonusAccrualReport(view: ReportView, params: BonusAccrualParams): Promise<BonusAccrualAnswer> {
  const company = await companyOf(view);
  const plans = await plansOf(view, params);
  const on = params.on ?? localDay(view.now, params.tz ?? company.zone);
  const asked = [...plans.values()].flatMap((plan): Asked[] => {
    const days = periodOfKind(plan[0]!.period_kind, on, company.fiscalYearStartMonth); // a plan has terms
    const terms = termsFor(plan, days);
    return terms ? terms.member_ids.filter((id) => !params.owner?.length || params.owner.includes(id)).map((memberId) => ({ terms, memberId, days })) : [];
  });
  const slots = await slotsOf(view, asked.slice(0, params.limit), params.tz, company);
  const rows = await rowsOf(view, slots);
  const before = await slotsOf(view, slots.flatMap((slot) => earlierOf(slot, plans.get(slot.terms.plan_id)!, rows.get(slot.slot) ?? [], company)), params.tz, company);
  const earlier = { slots: before, rows: await rowsOf(view, before) };
  const approvals = await approvalsOf(view, [...plans.keys()], [...new Set(slots.map(({ days }) => days.from))]);
  const rates = params.convert === 'constant' ? await ratesOn(view, params.ratesOn ?? localDay(view.now, params.tz ?? company.zone)) : undefined;
  const bonuses = slots.map((slot) => {
    const approval = approvals.find((each) => each.plan_id === slot.terms.plan_id && each.member_id === slot.memberId && each.period_from === slot.days.from && each.period_to === slot.days.to);
    return accrualOf(slot, rows.get(slot.slot) ?? [], earlier, approval, measureOf(slot.terms, params, rates));
  });
  return { convert: params.convert, ratesOn: rates?.on ?? null, total: asked.length, bonuses };
}

export const bonusAccrual = report({
  name: 'bonus-accrual',
  version: 1,
  title: 'Bonus accrual',
  description: 'What each member has earned under each bonus plan in a period, line by line with the deals behind it, what reopened deals take back, and what was approved.',
  projections: ['target_attainment', 'exchange_rates'],
  params: BonusAccrualParams,
  figures: bonusFigures,
  run: bonusAccrualReport,
});
