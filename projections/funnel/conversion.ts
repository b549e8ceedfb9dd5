import { meanSql } from '../coordinator-efficiency/stats.js';
import { ratio, total, type Distribution, type FunnelFigures, type Ratio, type Step } from './answer.js';
import type { Scope } from './scope.js';
import { cohortPlace, isAt, joinStage, LEAD_PATH, placeOf, presentOwner, type PlacedStep, type StepRow } from './steps.js';

export interface EntryRow extends StepRow { readonly grp: string; readonly count: number }

/** Entries to each step in the period; a return counts again, several meetings with one lead count once. */
export function entries(scope: Scope): Promise<EntryRow[]> {
  const present = presentOwner(scope, 'f');
  const cut = scope.cut({ at: 'f.entered_at', owner: 'f.owner_id', presentOwner: present.owner, pipeline: 'f.pipeline_id' });
  const visit = scope.table('visit');
  return scope.run(`SELECT ${cut.group} AS grp, f.pipeline_id, f.kind, f.step, count(*) AS count
    FROM (SELECT * FROM ${visit} a WHERE ${scope.within('a.entered_at')} AND a.subject_kind <> 'meeting'
          UNION ALL (SELECT DISTINCT ON (b.journey) * FROM ${visit} b WHERE ${scope.within('b.entered_at')} AND b.subject_kind = 'meeting' ORDER BY b.journey, b.entered_at, b.subject_id)) f
    ${present.joins} ${cut.joins} WHERE true ${cut.where} GROUP BY 1, 2, 3, 4`);
}

/** Without a pipeline: journeys by the furthest place they have reached anywhere; with one: by the furthest they have reached in it. */
export interface CohortRow { readonly grp: string; readonly pipeline_id: string | null; readonly place: number; readonly count: number }

/** Journeys that first reached the cohort's step in the period, by the furthest place they have reached since. */
export function cohort(scope: Scope): Promise<CohortRow[]> {
  const start = cohortPlace(scope, 'v');
  const visit = scope.table('visit');
  const reached = `
WITH candidate AS MATERIALIZED (
  SELECT DISTINCT v.journey FROM ${visit} v ${joinStage(scope, 'v', 's')} WHERE ${scope.within('v.entered_at')} AND ${placeOf('v', 's')} >= ${start}),
reach AS MATERIALIZED (
  SELECT journey, v.pipeline_id, min(v.entered_at) FILTER (WHERE ${placeOf('v', 's')} >= ${start}) AS first_at, max(${placeOf('v', 's')}) AS place
  FROM candidate JOIN ${visit} v USING (journey) ${joinStage(scope, 'v', 's')} GROUP BY 1, 2),
cohort AS MATERIALIZED (SELECT journey, min(first_at) AS first_at, max(place) AS place FROM reach GROUP BY journey HAVING ${scope.within('min(first_at)')})`;
  const counted = `SELECT grp, NULL::text AS pipeline_id, place, count(*) AS count FROM own GROUP BY 1, 3
UNION ALL SELECT own.grp, r.pipeline_id, r.place, count(*) FROM own JOIN reach r USING (journey) WHERE r.pipeline_id IS NOT NULL GROUP BY 1, 2, 3`;
  if (!scope.cuts) return scope.run(`${reached}, own AS (SELECT journey, place, 'all' AS grp FROM cohort) ${counted}`);
  const present = presentOwner(scope, 'f');
  const cut = scope.cut({ at: 'f.entered_at', owner: 'f.owner_id', presentOwner: present.owner, pipeline: 'f.pipeline_id' });
  return scope.run(`${reached},
first AS (
  SELECT DISTINCT ON (v.journey) v.*, c.place FROM cohort c JOIN ${visit} v ON v.journey = c.journey AND v.entered_at = c.first_at ${joinStage(scope, 'v', 's')}
  WHERE ${placeOf('v', 's')} >= ${start} ORDER BY v.journey, ${placeOf('v', 's')}, v.subject_id, v.visit),
own AS (SELECT f.journey, f.place, ${cut.group} AS grp FROM first f ${present.joins} ${cut.joins} WHERE true ${cut.where})
${counted}`);
}

export interface DurationRow extends StepRow { readonly grp: string; readonly open: boolean; readonly count: number; readonly mean: number; readonly median: number; readonly p90: number }

/** Days of the visits that ended in the period, and the age of those still open. */
export function durations(scope: Scope): Promise<DurationRow[]> {
  const present = presentOwner(scope, 'f');
  const now = scope.now();
  const visit = scope.table('visit');
  const cut = scope.cut({ at: `coalesce(f.left_at, ${now})`, owner: 'f.owner_id', presentOwner: present.owner, pipeline: 'f.pipeline_id' });
  return scope.run(`SELECT grp, pipeline_id, kind, step, open, count(*) AS count, ${meanSql('days')} AS mean, (percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY days))[1] AS median, (percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY days))[2] AS p90
    FROM (SELECT ${cut.group} AS grp, f.pipeline_id, f.kind, f.step, f.left_at IS NULL AS open, date_part('epoch', coalesce(f.left_at, ${now}) - f.entered_at) / 86400 AS days
      FROM (SELECT * FROM ${visit} a WHERE ${scope.within('a.left_at')} UNION ALL SELECT * FROM ${visit} b WHERE b.left_at IS NULL AND b.kind <> 'milestone') f
      ${present.joins} ${cut.joins} WHERE true ${cut.where}) timed GROUP BY 1, 2, 3, 4, 5`);
}

const plain = ({ pipeline, step, name }: PlacedStep): Step => ({ pipeline, step, name });

const entriesTo = (rows: readonly EntryRow[], step: PlacedStep): number => total(rows.filter((row) => isAt(row, step)), (row) => row.count);

/** Entries to each step, from which the conversion between any two follows. */
export const entryCounts = (rows: readonly EntryRow[], paths: readonly (readonly PlacedStep[])[]): FunnelFigures['entries'] =>
  [...LEAD_PATH, ...paths.flatMap((path) => path.slice(1))].map((step) => ({ ...plain(step), count: entriesTo(rows, step) }));

/** Entries to each step ÷ entries to the one before it. */
export function periodConversion(rows: readonly EntryRow[], paths: readonly (readonly PlacedStep[])[]): FunnelFigures['periodConversion'] {
  const count = (step: PlacedStep): number => entriesTo(rows, step);
  return [LEAD_PATH, ...paths].flatMap((path) => path.slice(1).map((to, index) => {
    const from = path[index]!;
    return { from: plain(from), to: plain(to), conversion: ratio(count(to), count(from)) };
  }));
}

/** Of the cohort, who ever reached each step: the furthest reached counts, so a skipped step is a reached one. */
export function cohortConversion(rows: readonly CohortRow[], paths: readonly (readonly PlacedStep[])[], step: string): FunnelFigures['cohortConversion'] {
  const size = total(rows.filter((row) => row.pipeline_id === null), (row) => row.count);
  const reached = (to: PlacedStep): Ratio => ratio(total(rows.filter((row) => row.place >= to.place && row.pipeline_id === to.pipeline), (row) => row.count), size);
  const steps = [...LEAD_PATH, ...paths.flatMap((path) => path.slice(1))];
  return { step, size, reached: steps.map((to) => ({ ...plain(to), conversion: reached(to) })) };
}

export const NO_DURATION: Distribution = { count: 0, mean: null, median: null, p90: null };

export function stageDurations(rows: readonly DurationRow[], paths: readonly (readonly PlacedStep[])[]): FunnelFigures['stageDurations'] {
  const steps = [...LEAD_PATH.slice(0, 3), ...paths.flatMap((path) => path.slice(1, -1))];
  return steps.map((step) => {
    const found = rows.filter((row) => isAt(row, step));
    const done = found.find((row) => !row.open);
    const open = found.find((row) => row.open);
    return {
      ...plain(step), ...(done ? { count: done.count, mean: done.mean, median: done.median, p90: done.p90 } : NO_DURATION),
      open: { count: open?.count ?? 0, medianAge: open?.median ?? null },
    };
  });
}
