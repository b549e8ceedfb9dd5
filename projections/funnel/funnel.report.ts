import type { LocalDate } from '../../libs/kernel/event.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { together } from '../../libs/kernel/together.js';
import { previousPeriod, type Period } from '../coordinator-efficiency/period.js';
import { by, type FunnelFigures } from './answer.js';
import { cohort, cohortConversion, durations, entries, entryCounts, periodConversion, stageDurations } from './conversion.js';
import { funnelFigures } from './funnel.figures.js';
import { FunnelParams } from './funnel.params.js';
import { leakage, leaks, sourceReach, sources, sourceValue } from './origin.js';
import { closings, created, createdFigures, cycles, cycleTimes, openAges, salesVelocity, winRate } from './outcome.js';
import { blocked, standing, standingFigures } from './present.js';
import { frameOf, Scope, type Frame } from './scope.js';
import { pipelinePaths, type PlacedStep } from './steps.js';
import { targetsOf } from './targets.js';

export interface FunnelAnswer {
  readonly period: Period;
  readonly groupBy: FunnelParams['groupBy'];
  readonly credit: FunnelParams['credit'];
  readonly currency: string | null;
  readonly convert: FunnelParams['convert'];
  /** The date whose rates amounts were converted at. */
  readonly ratesOn: LocalDate | null;
  /** One entry without groupBy; otherwise one a group, in the order of their names. */
  readonly groups: readonly FunnelFigures[];
  readonly previous?: { readonly period: Period; readonly groups: readonly FunnelFigures[] };
}

async function rowsOf(frame: Frame) {
  const scope = (): Scope => new Scope(frame);
  const { cycles: closed, ages, ...rows } = await together({
    cohort: cohort(scope()), durations: durations(scope()), standing: standing(scope()), entries: entries(scope()), sources: sourceReach(scope()), values: sourceValue(scope()), leaks: leaks(scope()),
    blocked: blocked(scope()), closings: closings(scope()), created: created(scope()), cycles: cycles(scope()), ages: openAges(scope()),
  });
  return { ...rows, cycles: [...closed, ...ages] };
}

/** The figures of each group, in the order of their names. */
async function groupsOf(frame: Frame, paths: readonly (readonly PlacedStep[])[]): Promise<FunnelFigures[]> {
  const { params } = frame;
  const { found, targets } = await together({ found: rowsOf(frame), targets: targetsOf(frame) });
  const seen = new Set(Object.values(found).flatMap((rows: readonly { readonly grp: string }[]) => rows.map((row) => row.grp)));
  const groups = params.groupBy === 'none' ? ['all'] : [...new Set([...seen, ...targets.keys()])].sort();
  const own = <R extends { readonly grp: string }>(rows: readonly R[]): ((group: string) => readonly R[]) => {
    const grouped = by(rows, (row) => row.grp);
    return (group) => grouped.get(group) ?? [];
  };
  const of = {
    standing: own(found.standing), blocked: own(found.blocked), entries: own(found.entries), cohort: own(found.cohort), durations: own(found.durations),
    closings: own(found.closings), created: own(found.created), cycles: own(found.cycles), leaks: own(found.leaks), sources: own(found.sources), values: own(found.values),
  };
  return groups.map((group): FunnelFigures => ({
    group, ...standingFigures(of.standing(group), of.blocked(group), paths), entries: entryCounts(of.entries(group), paths),
    periodConversion: periodConversion(of.entries(group), paths), cohortConversion: cohortConversion(of.cohort(group), paths, params.cohortStep), stageDurations: stageDurations(of.durations(group), paths),
    winRate: winRate(of.closings(group)), ...createdFigures(of.created(group)), cycleTimes: cycleTimes(of.cycles(group)), salesVelocity: salesVelocity(of.closings(group), of.standing(group)),
    leakage: leakage(of.leaks(group)), sources: sources(of.sources(group), of.values(group)), targets: targets.get(group) ?? [],
  }));
}

/** All figures of the funnel for a period, now or as of the view's moment. @throws ReadStoreError */
export async function funnelReport(view: ReportView, params: FunnelParams): Promise<FunnelAnswer> {
  const frame = await frameOf(view, params);
  const paths = await pipelinePaths(view, params.pipeline);
  const before = previousPeriod(frame.period);
  return {
    period: frame.period, groupBy: params.groupBy, credit: params.credit, currency: params.currency ?? null, convert: params.convert, ratesOn: frame.rates?.on ?? null,
    groups: await groupsOf(frame, paths),
    ...(params.compare === 'previous' && { previous: { period: before, groups: await groupsOf({ ...frame, period: before }, paths) } }),
  };
}

export const funnelStatus = report({
  name: 'funnel',
  version: 3,
  title: 'Funnel status',
  description: 'Where leads and deals stand, how they move on, how long it takes, what is won, lost, stalled and blocked, and where it comes from.',
  projections: ['funnel', 'target_attainment', 'exchange_rates', 'roster'],
  params: FunnelParams,
  figures: funnelFigures,
  run: funnelReport,
});
