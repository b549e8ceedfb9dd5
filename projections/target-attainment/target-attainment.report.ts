import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { localDay, plusDays, startOfDay } from '../../libs/kernel/local-time.js';
import { sumExactly } from '../../libs/kernel/money.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { together } from '../../libs/kernel/together.js';
import { ratesOn, type ConstantRates } from '../exchange-rates/constant-rates.js';
import { attainmentOf, ratio, shareOf, standingOf, type Attainment, type Ratio } from './attainment.js';
import { amountIn, bookedIn, pipelineOf, SUBJECT_OF, UNGROUPED, type BookedRow, type Bucket, type Measure, type PipelineRow } from './booked.js';
import { openPipeline, total, type OpenPipeline } from './measured.js';
import { companyOf } from './bonus-plans.js';
import { checkpoints, periodBefore, planCurve, progressOn, type PlanCurve } from './plan-curve.js';
import { targetAttainmentFigures } from './target-attainment.figures.js';
import { TargetAttainmentParams } from './target-attainment.params.js';
import { calendarsOf, membersTargetsOf, revisionsOf, targetsOf, type Calendars, type MembersTargets, type Revision, type Target } from './targets.js';

export { bonusAccrual } from './bonus-accrual.js';

const PREVIOUS = 'previous';

export interface OtherCurrency {
  readonly currency: string;
  readonly booked: number;
}

export interface Contribution {
  /** The member, the source …; null for what has none. */
  readonly group: string | null;
  readonly booked: number;
  readonly share: Ratio;
  readonly sampleSize: number;
}

/** Measured against nothing once withdrawn: these figures are null then. */
type Figures = { readonly [F in keyof Attainment]: Attainment[F] | null };

export interface TargetAnswer extends Figures {
  readonly targetId: string;
  readonly metric: Target['metric'];
  readonly scope: Target['scope'];
  readonly scopeId: string | null;
  readonly period: { readonly from: LocalDate; readonly to: LocalDate };
  readonly tz: string;
  readonly currency: string | null;
  readonly status: ReturnType<typeof standingOf>;
  readonly withdrawnAt: Instant | null;
  readonly booked: number;
  readonly won: number;
  readonly reversed: number;
  /** Events behind `booked`. */
  readonly sampleSize: number;
  readonly otherCurrencies: readonly OtherCurrency[];
  readonly asSet: { readonly amount: number; readonly weights: readonly number[] | null; readonly at: Instant; readonly attainment: Ratio | null; readonly expectedToDate: number | null };
  readonly asRevised: { readonly amount: number; readonly weights: readonly number[] | null; readonly at: Instant | null };
  readonly revisions: readonly { readonly at: Instant; readonly from: number; readonly to: number; readonly reason: string }[];
  readonly pipeline: OpenPipeline | null;
  readonly membersTargets: readonly { readonly of: 'member' | 'team'; readonly targets: number; readonly amount: number; readonly difference: number }[];
  readonly contributions: readonly Contribution[] | null;
  readonly previous: { readonly period: { readonly from: LocalDate; readonly to: LocalDate }; readonly booked: number } | null;
}

export interface TargetAttainmentAnswer {
  readonly credit: TargetAttainmentParams['credit'];
  readonly convert: TargetAttainmentParams['convert'];
  /** The date whose rates amounts were converted at. */
  readonly ratesOn: LocalDate | null;
  /** Targets that match, of which `targets` holds the first `limit`. */
  readonly total: number;
  readonly targets: readonly TargetAnswer[];
}

/** A target with its days cut in the report's zone. */
interface Planned {
  readonly target: Target;
  readonly tz: string;
  readonly curve: PlanCurve;
  readonly curveAsSet: PlanCurve;
  readonly today: LocalDate;
  readonly checkpoints: readonly LocalDate[];
}

function plan(target: Target, tz: string, calendars: Calendars, now: Instant): Planned {
  const days = calendars(target.scope, target.scope_id, tz);
  const period = { from: target.period_from, to: target.period_to };
  const curve = planCurve(period, days, target.weights ?? undefined);
  return { target, tz, curve, curveAsSet: planCurve(period, days, target.set_weights ?? undefined), today: localDay(now, tz), checkpoints: checkpoints(curve) };
}

function bucketsOf({ target, tz, checkpoints: days }: Planned, compare: TargetAttainmentParams['compare']): Bucket[] {
  const common = { targetId: target.target_id, scope: target.scope, scopeId: target.scope_id, metric: target.metric };
  const bucket = (name: string, from: LocalDate, to: LocalDate): Bucket => ({ ...common, name, since: startOfDay(from, tz), until: startOfDay(plusDays(to, 1), tz), zone: tz });
  const parts = days.map((day, index) => bucket(day, index === 0 ? target.period_from : plusDays(days[index - 1]!, 1), day));
  const before = periodBefore({ from: target.period_from, to: target.period_to });
  return compare === 'previous' ? [...parts, bucket(PREVIOUS, before.from, before.to)] : parts;
}

function othersOf(measure: Measure, rows: readonly BookedRow[]): OtherCurrency[] {
  const sums = new Map<string, number>();
  for (const row of rows) if (amountIn(measure, row) === null && row.currency !== null) sums.set(row.currency, sumExactly([sums.get(row.currency) ?? 0, row.value_minor]));
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, booked]) => ({ currency, booked }));
}

function contributionsOf(measure: Measure, rows: readonly BookedRow[], booked: number): Contribution[] {
  const groups = [...new Set(rows.map(({ grp }) => grp))].sort((a, b) => (a ?? '') < (b ?? '') ? -1 : 1);
  return groups.map((group) => {
    const own = rows.filter(({ grp }) => grp === group);
    const sum = total(measure, own);
    return { group, booked: sum, share: ratio(sum, booked), sampleSize: samples(own) };
  });
}

const samples = (rows: readonly BookedRow[]): number => rows.reduce((all, { facts }) => all + facts, 0);

interface Found {
  readonly booked: readonly BookedRow[];
  /** The same by what was asked for; empty without groupBy. */
  readonly groups: readonly BookedRow[];
  readonly pipeline: readonly PipelineRow[];
  readonly revisions: readonly Revision[];
  readonly membersTargets: readonly MembersTargets[];
}

const NO_FIGURES: Figures = { attainment: null, elapsedDays: null, remainingDays: null, totalDays: null, expectedToDate: null, pace: null, runRateForecast: null, requiredPerDay: null, linearity: null, pipelineForecast: null, coverage: null };

function answerOf(planned: Planned, found: Found, params: TargetAttainmentParams, rates: ConstantRates | undefined): TargetAnswer {
  const { target, tz, curve, today } = planned;
  const period = { from: target.period_from, to: target.period_to };
  const measure: Measure = { metric: target.metric, currency: target.currency, convert: params.convert, rates };
  const isMoney = target.metric === 'booked_value';
  const now = found.booked.filter(({ bucket }) => bucket !== PREVIOUS);
  const booked = total(measure, now);
  const pipeline = SUBJECT_OF[target.metric] === 'deal' ? openPipeline(measure, found.pipeline) : null;
  const status = standingOf(period, today, target.withdrawn_at);
  const bookedBy = planned.checkpoints.map((day) => ({ day, booked: total(measure, now.filter(({ bucket }) => bucket <= day)) }));
  const asSet = progressOn(planned.curveAsSet, today);
  const figures = status === 'withdrawn' ? NO_FIGURES : attainmentOf(target.amount, isMoney, curve, today, { booked, bookedBy, weighted: pipeline && pipeline.weighted, open: pipeline && pipeline.open });
  return {
    targetId: target.target_id, metric: target.metric, scope: target.scope, scopeId: target.scope_id, period, tz, currency: target.currency, status, withdrawnAt: target.withdrawn_at,
    booked, won: total(measure, now.filter(({ kind }) => kind !== 'reversed')), reversed: total(measure, now.filter(({ kind }) => kind === 'reversed')), sampleSize: samples(now.filter((row) => amountIn(measure, row) !== null)),
    otherCurrencies: othersOf(measure, now),
    ...figures,
    asSet: {
      amount: target.set_amount, weights: target.set_weights, at: target.set_at, attainment: status === 'withdrawn' ? null : ratio(booked, target.set_amount),
      expectedToDate: status === 'withdrawn' || asSet.total === 0 ? null : shareOf(target.set_amount, asSet.elapsed, asSet.total, isMoney),
    },
    asRevised: { amount: target.amount, weights: target.weights, at: target.revised_at },
    revisions: found.revisions.map((each) => ({ at: each.revised_at, from: each.from_amount, to: each.amount, reason: each.reason })),
    pipeline,
    membersTargets: found.membersTargets.map(({ of, targets, amount }) => ({ of, targets, amount, difference: target.amount - amount })),
    contributions: params.groupBy === 'none' ? null : contributionsOf(measure, found.groups.filter((row) => row.bucket !== PREVIOUS && amountIn(measure, row) !== null), booked),
    previous: params.compare === 'previous' ? { period: periodBefore(period), booked: total(measure, found.booked.filter(({ bucket }) => bucket === PREVIOUS)) } : null,
  };
}

/** Every figure of the targets asked for, now or as of the view's moment. @throws ReadStoreError */
export async function targetAttainmentReport(view: ReportView, params: TargetAttainmentParams): Promise<TargetAttainmentAnswer> {
  const company = await companyOf(view);
  const { targets, total: matching } = await targetsOf(view, params);
  const calendars = await calendarsOf(view, targets.flatMap(({ scope, scope_id: id }) => (scope === 'member' && id !== null ? [id] : [])));
  const planned = targets.map((target) => plan(target, params.tz ?? target.zone, calendars, view.now));
  const ends = planned.map(({ target, tz }) => [startOfDay(target.period_to, tz), view.now].sort()[0]!); // a list of two has a first
  const rates = params.convert === 'constant' ? await ratesOn(view, params.ratesOn ?? localDay(view.now, params.tz ?? company.zone)) : undefined;
  const scopes = targets.filter(({ metric }) => SUBJECT_OF[metric] === 'deal').map((each) => ({ targetId: each.target_id, scope: each.scope, scopeId: each.scope_id, from: each.period_from, to: each.period_to }));
  const buckets = planned.flatMap((each) => bucketsOf(each, params.compare));
  const found = await together({
    booked: bookedIn(view, buckets, params.credit, UNGROUPED, params),
    groups: params.groupBy === 'none' ? Promise.resolve([]) : bookedIn(view, buckets, params.credit, { groupBy: params.groupBy, fiscalStartMonth: company.fiscalYearStartMonth }, params),
    pipeline: pipelineOf(view, scopes, params),
    membersTargets: membersTargetsOf(view, targets, ends),
    revisions: revisionsOf(view, targets.map((target) => target.target_id)),
  });
  const own = <R extends { readonly target_id: string }>(rows: readonly R[], { target }: Planned): R[] => rows.filter((row) => row.target_id === target.target_id);
  return {
    credit: params.credit, convert: params.convert, ratesOn: rates?.on ?? null, total: matching,
    targets: planned.map((each) => answerOf(each, { booked: own(found.booked, each), groups: own(found.groups, each), pipeline: own(found.pipeline, each), revisions: own(found.revisions, each), membersTargets: own(found.membersTargets, each) }, params, rates)),
  };
}

export const targetAttainmentStatus = report({
  name: 'target-attainment',
  version: 1,
  title: 'Target attainment',
  description: 'What members, teams and the company are to reach, what they have reached, whether they are on pace, and where they will come out.',
  projections: ['target_attainment', 'funnel', 'exchange_rates'],
  params: TargetAttainmentParams,
  figures: targetAttainmentFigures,
  run: targetAttainmentReport,
});
