import { localDay } from '../../libs/kernel/local-time.js';
import { DateTime } from 'luxon';
import { partsOf, periodOfDays, type Part } from '../coordinator-efficiency/period.js';
import { ratio, type Ratio } from '../coordinator-efficiency/stats.js';
import type { ClientScope } from './client-scope.js';
import { CLIENT_PLACE } from './sql.js';

/** The matrix has at most this many columns: months after a cohort's own. */
export const COHORT_MONTHS_MAX = 60;

export interface CohortCell extends Ratio {
  /** Months after the cohort's own: 0 is its first. */
  readonly k: number;
  /** The month is not over yet: the figure can still grow. */
  readonly immature: boolean;
}

export interface Cohort {
  readonly cohort: string;
  readonly size: number;
  readonly cells: readonly CohortCell[];
}

interface Found {
  readonly cohort: number;
  /** Null: the size of the cohort. */
  readonly month: number | null;
  readonly clients: number;
}

/** Months from the first cohort's to the one that holds `now`; a cohort's cells are these, from its own on. */
function monthsOf(scope: ClientScope, count: number): Part[] {
  const { period: { to, tz }, view: { now } } = scope;
  const first = DateTime.fromISO(to, { zone: 'utc' }).startOf('month').minus({ months: count - 1 }).toISODate()!; // a valid day gives a day
  const present = DateTime.fromISO(localDay(now, tz), { zone: 'utc' }).endOf('month').toISODate()!; // a valid day gives a day
  return first > present ? [] : partsOf(periodOfDays(first, present, tz), 'month');
}

/** Clients by the month they came in, and how many of them were active, or bought, in each month since. */
export async function cohorts(scope: ClientScope, counts: 'active' | 'buying', size: number): Promise<Cohort[]> {
  const months = monthsOf(scope, size);
  if (months.length === 0) return [];
  const starts = `${scope.value(months.map(({ since }) => since))}::timestamptz[]`;
  const [first, last] = [scope.value(months[0]!.since), scope.value(months[Math.min(size, months.length) - 1]!.until)]; // looked at above
  const now = scope.now();
  const cut = scope.cut({ at: 'f.onboarded_at', owner: 'o.owner_id', presentOwner: 'f.owner_id', place: { ...CLIENT_PLACE, region: 'f.region', segment: 'f.segment' }, client: 'f', part: () => `'all'` });
  const table = (name: string): string => scope.view.table(`retention_${name}`);
  const { where: only } = scope.counted('f');
  const seen = counts === 'active'
    ? `SELECT m.client_id, m.cohort, int4range(width_bucket(r.since, ${starts}), width_bucket(least(coalesce(r.until_at, ${now}), ${now}) - interval '1 microsecond', ${starts}), '[]') AS months
       FROM member m JOIN ${table('revenue')} r ON r.client_id = m.client_id WHERE r.active AND r.since < least(coalesce(r.until_at, ${now}), ${now})`
    : `SELECT m.client_id, m.cohort, int4range(width_bucket(p.bought_at, ${starts}), width_bucket(p.bought_at, ${starts}), '[]') AS months FROM member m JOIN ${table('purchase')} p ON p.client_id = m.client_id WHERE p.bought_at < ${now}`;
  // A client's months are put together before they are counted: what is counted then is told apart by nothing but its month.
  const rows = await scope.run<Found>(`WITH member AS (
      SELECT f.client_id, width_bucket(f.onboarded_at, ${starts}) AS cohort FROM ${table('client')} f LEFT JOIN ${table('ownership')} o ON o.client_id = f.client_id AND o.stretch = 1 ${cut.joins}
      WHERE f.onboarded_at >= ${first}::timestamptz AND f.onboarded_at < ${last}::timestamptz${only}${cut.where}),
    stay AS (SELECT cohort, unnest(range_agg(months)) AS months FROM (${seen}) s GROUP BY client_id, cohort)
    SELECT cohort, NULL::integer AS month, count(*) AS clients FROM member GROUP BY cohort
    UNION ALL SELECT cohort, month, count(*) FROM stay CROSS JOIN LATERAL generate_series(lower(months), upper(months) - 1) AS month GROUP BY cohort, month`);
  return months.slice(0, size).map((month, index): Cohort => {
    const own = rows.filter(({ cohort }) => cohort === index + 1);
    const members = own.find((row) => row.month === null)?.clients ?? 0;
    const cells = months.slice(index, index + COHORT_MONTHS_MAX + 1);
    return {
      cohort: month.label, size: members,
      cells: cells.map((cell, k) => ({ ...ratio(own.find((row) => row.month === index + k + 1)?.clients ?? 0, members), k, immature: cell.until > scope.view.now })),
    };
  });
}
