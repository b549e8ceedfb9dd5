import { ratio, total, type Distribution, type FunnelFigures, type Ratio, type Step } from './answer.js';
import type { Scope } from './scope.js';
import { cohortPlace, joinStage, LEAD_PATH, notALaterMeeting, placeOf, presentOwner, type PlacedStep } from './steps.js';

export interface EntryRow { readonly grp: string; readonly pipeline_id: string | null; readonly place: number; readonly count: number }

/** Entries to each step in the period; a return counts again. */
export function entries(scope: Scope): Promise<EntryRow[]> {
  const present = presentOwner(scope, 'f');
  const cut = scope.cut({ at: 'f.entered_at', owner: 'f.owner_id', presentOwner: present.owner, pipeline: 'f.pipeline_id' });
  return scope.run(`SELECT ${cut.group} AS grp, f.pipeline_id, ${placeOf('f', 's')} AS place, count(*) AS count
    FROM ${scope.table('visit')} f ${joinStage(scope, 'f', 's')} ${present.joins} ${cut.joins}
    WHERE ${scope.within('f.entered_at')} AND ${notALaterMeeting(scope, 'f')} ${cut.where} GROUP BY 1, 2, 3`);
}

export type CohortRow = EntryRow;

/** Journeys that first reached the cohort's step in the period, by the furthest place they have reached since. */
export function cohort(scope: Scope): Promise<CohortRow[]> {
  const present = presentOwner(scope, 'f');
  const cut = scope.cut({ at: 'f.entered_at', owner: 'f.owner_id', presentOwner: present.owner, pipeline: 'f.pipeline_id' });
  const start = cohortPlace(scope, 'v');
  return scope.run(`
WITH candidate AS MATERIALIZED (
  SELECT DISTINCT v.journey FROM ${scope.table('visit')} v ${joinStage(scope, 'v', 's')} WHERE ${scope.within('v.entered_at')} AND ${placeOf('v', 's')} >= ${start}),
entry AS MATERIALIZED (
  SELECT v.*, ${placeOf('v', 's')} AS place, ${start} AS start_place FROM candidate c JOIN ${scope.table('visit')} v ON v.journey = c.journey ${joinStage(scope, 'v', 's')}),
first AS (SELECT DISTINCT ON (journey) * FROM entry WHERE place >= start_place ORDER BY journey, entered_at, place),
furthest AS (SELECT DISTINCT ON (journey) journey, place, pipeline_id FROM entry ORDER BY journey, place DESC, entered_at)
SELECT ${cut.group} AS grp, r.pipeline_id, r.place, count(*) AS count
FROM first f JOIN furthest r USING (journey) ${present.joins} ${cut.joins}
WHERE ${scope.within('f.entered_at')} ${cut.where} GROUP BY 1, 2, 3`);
}

export interface DurationRow { readonly grp: string; readonly pipeline_id: string | null; readonly place: number; readonly open: boolean; readonly count: number; readonly mean: number; readonly median: number; readonly p90: number }

/** Days of the visits that ended in the period, and the age of those still open. */
export function durations(scope: Scope): Promise<DurationRow[]> {
  const present = presentOwner(scope, 'f');
  const now = scope.now();
  const cut = scope.cut({ at: `coalesce(f.left_at, ${now})`, owner: 'f.owner_id', presentOwner: present.owner, pipeline: 'f.pipeline_id' });
  const days = `(extract(epoch FROM coalesce(f.left_at, ${now}) - f.entered_at) / 86400)::double precision`;
  return scope.run(`SELECT ${cut.group} AS grp, f.pipeline_id, ${placeOf('f', 's')} AS place, f.left_at IS NULL AS open, count(*) AS count, avg(${days}) AS mean,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY ${days}) AS median, percentile_cont(0.9) WITHIN GROUP (ORDER BY ${days}) AS p90
    FROM (SELECT * FROM ${scope.table('visit')} a WHERE ${scope.within('left_at')} UNION ALL SELECT * FROM ${scope.table('visit')} b WHERE left_at IS NULL AND kind <> 'milestone') f
    ${joinStage(scope, 'f', 's')} ${present.joins} ${cut.joins} WHERE f.kind <> 'milestone' ${cut.where} GROUP BY 1, 2, 3, 4`);
}

const plain = ({ pipeline, step, name }: PlacedStep): Step => ({ pipeline, step, name });
const at = (step: PlacedStep) => (row: EntryRow): boolean => row.place === step.place && (step.pipeline === null || row.pipeline_id === step.pipeline);

/** Entries to each step ÷ entries to the one before it. */
export function periodConversion(rows: readonly EntryRow[], paths: readonly (readonly PlacedStep[])[]): FunnelFigures['periodConversion'] {
  const count = (step: PlacedStep): number => total(rows.filter(at(step)), (row) => row.count);
  return [LEAD_PATH, ...paths].flatMap((path) => path.slice(1).map((to, index) => {
    const from = path[index]!;
    return { from: plain(from), to: plain(to), conversion: ratio(count(to), count(from)) };
  }));
}

/** Of the cohort, who ever reached each step: the furthest reached counts, so a skipped step is a reached one. */
export function cohortConversion(rows: readonly CohortRow[], paths: readonly (readonly PlacedStep[])[], step: string): FunnelFigures['cohortConversion'] {
  const size = total(rows, (row) => row.count);
  const reached = (to: PlacedStep): Ratio => ratio(total(rows.filter((row) => row.place >= to.place && (to.pipeline === null || row.pipeline_id === to.pipeline)), (row) => row.count), size);
  const steps = [...LEAD_PATH, ...paths.flatMap((path) => path.slice(1))];
  return { step, size, reached: steps.map((to) => ({ ...plain(to), conversion: reached(to) })) };
}

export const NO_DURATION: Distribution = { count: 0, mean: null, median: null, p90: null };

export function stageDurations(rows: readonly DurationRow[], paths: readonly (readonly PlacedStep[])[]): FunnelFigures['stageDurations'] {
  const steps = [...LEAD_PATH.slice(0, 3), ...paths.flatMap((path) => path.slice(1, -1))];
  return steps.map((step) => {
    const found = rows.filter(at(step));
    const done = found.find((row) => !row.open);
    const open = found.find((row) => row.open);
    return {
      ...plain(step), ...(done ? { count: done.count, mean: done.mean, median: done.median, p90: done.p90 } : NO_DURATION),
      open: { count: open?.count ?? 0, medianAge: open?.median ?? null },
    };
  });
}
