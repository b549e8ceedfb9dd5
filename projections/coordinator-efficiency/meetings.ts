import { placeOf, type Grouped } from './section.js';
import type { Scope } from './scope.js';
import { ratio, total, type Ratio } from './stats.js';

interface Counts extends Grouped {
  readonly outcome: string;
  readonly count: number;
  readonly reschedules: number;
}

export interface Meetings {
  readonly meetings: number;
  readonly held: number;
  readonly noShows: number;
  readonly cancelled: number;
  readonly open: number;
  readonly noShowRate: Ratio;
  readonly holdRate: Ratio;
  readonly reschedulesPerMeeting: Ratio;
}

/** Meetings that start in the period, as last agreed. */
export async function meetingCounts(scope: Scope): Promise<Counts[]> {
  const { join, place } = placeOf(scope, 'f.subject_kind', 'f.subject_id');
  const cut = scope.cut({ at: 'f.starts_at', owner: 'f.owner_id', ...(place && { place }) });
  return scope.run<Counts>(`SELECT role, grp, outcome, count(*) AS count, sum(reschedules) AS reschedules FROM (
    SELECT ${cut.role} AS role, ${cut.group} AS grp, f.outcome, f.reschedules FROM ${scope.view.table('coordinator_efficiency_meeting')} f ${join} ${cut.joins}
    WHERE ${scope.within('f.starts_at')}${cut.where}) q GROUP BY role, grp, outcome`);
}

export function meetings(rows: readonly Counts[]): Meetings {
  const of = (wanted: string): number => total(rows, ({ outcome, count }) => (outcome === wanted ? count : 0));
  const [held, noShows, cancelled, open] = [of('held'), of('missed'), of('cancelled'), of('scheduled')];
  const all = held + noShows + cancelled + open;
  return {
    meetings: all, held, noShows, cancelled, open,
    noShowRate: ratio(noShows, held + noShows), holdRate: ratio(held, held + noShows + cancelled), reschedulesPerMeeting: ratio(total(rows, ({ reschedules }) => reschedules), all),
  };
}
