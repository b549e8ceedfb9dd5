import { report, type ReportView } from '../../libs/kernel/report.js';
import type { FunnelFigures } from './answer.js';
import { cohort, cohortConversion, durations, entries, periodConversion, stageDurations } from './conversion.js';
import { funnelFigures } from './funnel.figures.js';
import { FunnelParams } from './funnel.params.js';
import { leakage, leaks, sourceReach, sources, sourceValue } from './origin.js';
import { closings, created, createdFigures, cycles, cycleTimes, salesVelocity, winRate } from './outcome.js';
import { blocked, standing, standingFigures } from './present.js';
import { periodOf, Scope, type Period } from './scope.js';
import { pipelinePaths } from './steps.js';

export interface FunnelAnswer {
  readonly period: Period;
  readonly groupBy: FunnelParams['groupBy'];
  readonly credit: FunnelParams['credit'];
  readonly currency: string | null;
  readonly convert: FunnelParams['convert'];
  /** One entry without groupBy; otherwise one a group, in the order of their names. */
  readonly groups: readonly FunnelFigures[];
}

/** All figures of the funnel for a period, now or as of the view's moment. @throws PeriodError, ReadStoreError */
export async function funnelReport(view: ReportView, params: FunnelParams): Promise<FunnelAnswer> {
  const period = await periodOf(view, params);
  const scope = (): Scope => new Scope(view, params, period);
  const paths = await pipelinePaths(view, params.pipeline);
  const found = {
    standing: await standing(scope()), blocked: await blocked(scope()), entries: await entries(scope()), cohort: await cohort(scope()), durations: await durations(scope()),
    closings: await closings(scope()), created: await created(scope()), cycles: await cycles(scope()), leaks: await leaks(scope()), sources: await sourceReach(scope()), values: await sourceValue(scope()),
  };
  const groups = params.groupBy === 'none' ? ['all'] : [...new Set(Object.values(found).flatMap((rows: readonly { readonly grp: string }[]) => rows.map((row) => row.grp)))].sort();
  return {
    period, groupBy: params.groupBy, credit: params.credit, currency: params.currency ?? null, convert: params.convert,
    groups: groups.map((group): FunnelFigures => {
      const own = <R extends { readonly grp: string }>(rows: readonly R[]): R[] => rows.filter((row) => row.grp === group);
      return {
        group, ...standingFigures(own(found.standing), own(found.blocked), paths),
        periodConversion: periodConversion(own(found.entries), paths), cohortConversion: cohortConversion(own(found.cohort), paths, params.cohortStep), stageDurations: stageDurations(own(found.durations), paths),
        winRate: winRate(own(found.closings)), ...createdFigures(own(found.created)), cycleTimes: cycleTimes(own(found.cycles)), salesVelocity: salesVelocity(own(found.closings), own(found.standing)),
        leakage: leakage(own(found.leaks)), sources: sources(own(found.sources), own(found.values)),
      };
    }),
  };
}

export const funnelStatus = report({
  name: 'funnel',
  version: 1,
  title: 'Funnel status',
  description: 'Where leads and deals stand, how they move on, how long it takes, what is won, lost, stalled and blocked, and where it comes from.',
  projections: ['funnel'],
  params: FunnelParams,
  figures: funnelFigures,
  run: funnelReport,
});
