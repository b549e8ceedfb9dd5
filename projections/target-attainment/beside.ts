import type { TargetMetric, TargetScope } from '../../libs/domain/target/events.js';
import type { LocalDate } from '../../libs/kernel/event.js';
import { plusDays, startOfDay } from '../../libs/kernel/local-time.js';
import type { ReportView } from '../../libs/kernel/report.js';
import type { ConstantRates, Conversion } from '../exchange-rates/constant-rates.js';
import { coverageOf, ratio, type Ratio } from './attainment.js';
import { bookedIn, pipelineOf, SUBJECT_OF, UNGROUPED, type Measure } from './booked.js';
import { openPipeline, total } from './measured.js';
import { TARGETS_MAX } from './target-attainment.params.js';

/** A target beside the figures of another report: what is to be reached, what is, and how far the open deals cover the rest. */
export interface TargetBeside {
  readonly targetId: string;
  readonly metric: TargetMetric;
  readonly scope: TargetScope;
  readonly scopeId: string | null;
  readonly period: { readonly from: LocalDate; readonly to: LocalDate };
  readonly currency: string | null;
  readonly amount: number;
  readonly booked: number;
  readonly attainment: Ratio;
  /** Open value (or number) of deals expected to close in the period; null for meetings and leads. */
  readonly open: number | null;
  readonly coverage: Ratio | null;
}

/** Whose targets, and for exactly which periods. */
export interface BesideQuestion {
  readonly scope: TargetScope;
  /** Left out: of everyone of that scope. */
  readonly scopeIds?: readonly string[] | undefined;
  readonly periods: readonly { readonly from: LocalDate; readonly to: LocalDate }[];
  /** Left out: the zone of each target. */
  readonly tz?: string | undefined;
  readonly credit: 'at-event' | 'current';
  readonly convert: Conversion;
  readonly rates: ConstantRates | undefined;
}

interface Found {
  readonly target_id: string;
  readonly metric: TargetMetric;
  readonly scope: TargetScope;
  readonly scope_id: string | null;
  readonly period_from: LocalDate;
  readonly period_to: LocalDate;
  readonly zone: string;
  readonly currency: string | null;
  readonly amount: number;
}

const found = (view: ReportView, { scope, scopeIds, periods }: BesideQuestion): Promise<Found[]> =>
  view.query<Found>(
    `SELECT t.target_id, t.metric, t.scope, t.scope_id, t.period_from, t.period_to, t.zone, t.currency, t.amount FROM ${view.table('target_attainment_target')} t
     WHERE t.withdrawn_at IS NULL AND t.scope = $1 AND ($2::text[] IS NULL OR t.scope_id = ANY ($2::text[])) AND (t.period_from, t.period_to) IN (SELECT * FROM unnest($3::date[], $4::date[]))
     ORDER BY t.period_from, t.scope_id, t.metric, t.target_id LIMIT ${TARGETS_MAX}`,
    [scope, scopeIds?.length ? scopeIds : null, periods.map(({ from }) => from), periods.map(({ to }) => to)]);

/** The targets that were set for exactly these periods, as last revised. @throws ReadStoreError */
export async function targetsBeside(view: ReportView, question: BesideQuestion): Promise<TargetBeside[]> {
  const targets = await found(view, question);
  const buckets = targets.map(({ target_id: targetId, scope, scope_id: scopeId, metric, period_from: from, period_to: to, zone }) => {
    const tz = question.tz ?? zone;
    return { targetId, scope, scopeId, metric, name: 'all', since: startOfDay(from, tz), until: startOfDay(plusDays(to, 1), tz), zone: tz };
  });
  const booked = await bookedIn(view, buckets, question.credit, UNGROUPED);
  const ofDeals = targets.filter(({ metric }) => SUBJECT_OF[metric] === 'deal');
  const open = await pipelineOf(view, ofDeals.map((target) => ({ targetId: target.target_id, scope: target.scope, scopeId: target.scope_id, from: target.period_from, to: target.period_to })));
  return targets.map((target): TargetBeside => {
    const measure: Measure = { metric: target.metric, currency: target.currency, convert: question.convert, rates: question.rates };
    const own = total(measure, booked.filter((row) => row.target_id === target.target_id));
    const pipeline = ofDeals.includes(target) ? openPipeline(measure, open.filter((row) => row.target_id === target.target_id)) : null;
    return {
      targetId: target.target_id, metric: target.metric, scope: target.scope, scopeId: target.scope_id, period: { from: target.period_from, to: target.period_to }, currency: target.currency,
      amount: target.amount, booked: own, attainment: ratio(own, target.amount), open: pipeline && pipeline.open, coverage: pipeline && coverageOf(target.amount, own, pipeline.open),
    };
  });
}
