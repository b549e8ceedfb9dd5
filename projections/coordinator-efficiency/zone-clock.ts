import type { Instant } from '../../libs/kernel/event.js';
import { clockChanges } from '../../libs/kernel/local-time.js';

/** What a zone's clocks show, as two arrays for SQL: from each moment on they are so many seconds ahead of UTC. */
export interface ZoneClock {
  readonly since: readonly string[];
  readonly seconds: readonly number[];
}

/** The clock of a zone between two moments; what lies outside is cut by the nearest of its offsets. */
export function zoneClock(zone: string, from: Instant, until: Instant): ZoneClock {
  const changes = clockChanges(zone, from, until);
  return { since: changes.map(({ at }, index) => (index === 0 ? '-infinity' : at)), seconds: changes.map(({ offsetSeconds }) => offsetSeconds) };
}

/**
 * SQL for the local time of a moment, given the arrays of a `ZoneClock` as SQL. Its day is the one that the engine says: the database's
 * own time-zone data, which may be another edition, is not asked.
 */
export const localTimeSql = (at: string, since: string, seconds: string): string =>
  `(${at} AT TIME ZONE 'UTC' + make_interval(secs => (${seconds}::double precision[])[width_bucket(${at}, ${since}::timestamptz[])]))`;
