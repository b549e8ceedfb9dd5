import type { Instant } from '../kernel/event.js';
import type { ReportView } from '../kernel/report.js';
import type { ReadStore, Sql } from '../readstore/sql.js';
import { knownAt } from './as-of-source.js';
import { servingBuild, type Build } from './builds.js';
import { namesOf, viewName } from './names.js';
import { COMPLETE_UNTIL_SQL } from './status.js';

/** A moment of knowledge: a time (what the log had recorded by then) or a log position; left out: now. */
export type AsOf = { readonly time: Instant } | { readonly position: number } | undefined;

/** A projection that a report reads has no tables yet. */
export class NoSuchProjection extends Error {}

export interface View extends ReportView {
  readonly lagMs: number | null;
  readonly projections: readonly { readonly name: string; readonly version: number }[];
}

interface Standing {
  readonly position: number;
  readonly position_at: Instant | null;
  /** How old its knowledge may be at most, whether or not there is anything it lacks. */
  readonly lag_ms: number | null;
  readonly now: Instant;
}

async function standingOf(sql: Sql, { projection, build }: Build): Promise<Standing> {
  const [row] = await sql.query<Standing>(
    `SELECT min(position) AS position, min(position_at) AS position_at, now() AS now,
       CASE WHEN bool_and(${COMPLETE_UNTIL_SQL} IS NOT NULL) THEN floor(extract(epoch FROM now() - min(${COMPLETE_UNTIL_SQL})) * 1000) END::bigint AS lag_ms
     FROM projection_checkpoint WHERE projection = $1 AND build = $2`, [projection, build]);
  return row!; // an aggregate always gives one row
}

/** The last position at which rows of the build changed, at or before a time. */
async function positionAt(sql: Sql, build: Build, time: Instant): Promise<number> {
  const [row] = await sql.query<{ position: number }>(`SELECT position FROM ${namesOf(build.projection, build.suffix).time} WHERE known_at <= $1 ORDER BY known_at DESC, position DESC LIMIT 1`, [time]);
  return row?.position ?? -1;
}

async function timeOf(sql: Sql, build: Build, position: number): Promise<Instant | undefined> {
  const [row] = await sql.query<{ known_at: Instant }>(`SELECT max(known_at) AS known_at FROM ${namesOf(build.projection, build.suffix).time} WHERE position <= $1`, [position]);
  return row?.known_at ?? undefined;
}

/** One statement after the other: a transaction has one connection. */
async function each<T>(builds: readonly Build[], ask: (build: Build) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (const build of builds) answers.push(await ask(build));
  return answers;
}

async function moment(sql: Sql, builds: readonly Build[], standings: readonly Standing[], asOf: AsOf): Promise<{ position: number; asOf: Instant; past: boolean }> {
  const now = standings[0]!.now;
  const reached = Math.min(...standings.map(({ position }) => position));
  if (!asOf) return { position: reached, asOf: now, past: false };
  if ('position' in asOf) {
    const times = await each(builds, (build) => timeOf(sql, build, asOf.position));
    return { position: Math.min(asOf.position, reached), asOf: times.filter((time) => time !== undefined).sort().at(-1) ?? now, past: asOf.position < reached };
  }
  if (asOf.time >= now) return { position: reached, asOf: now, past: false };
  const positions = await each(builds, (build) => positionAt(sql, build, asOf.time));
  return { position: Math.min(Math.max(...positions), reached), asOf: asOf.time, past: true };
}

/** No lag is claimed only where it is known that the log held nothing more when it was asked, before the tables were. */
function lagOf({ position, lag_ms }: Standing, head: number | null): number | null {
  if (head !== null && position >= head) return 0;
  return lag_ms === null ? null : Math.max(0, lag_ms);
}

/**
 * Opens one consistent moment over the tables of some projections and hands it to `read`.
 * @param head the log's last position, asked for before; null where it is not known
 * @throws NoSuchProjection, ReadStoreError
 */
export async function withView<T>(store: ReadStore, projections: readonly string[], asOf: AsOf, read: (view: View) => Promise<T>, head: number | null = null): Promise<T> {
  return store.transaction(async (sql) => {
    const builds: Build[] = [];
    for (const name of projections) {
      const build = await servingBuild(sql, name);
      if (!build) throw new NoSuchProjection(`projection ${name} has no tables yet`);
      builds.push(build);
    }
    const standings = await each(builds, (build) => standingOf(sql, build));
    const at = await moment(sql, builds, standings, asOf);
    const sources = new Map<string, string>();
    builds.forEach((build, index) => {
      const names = namesOf(build.projection, build.suffix);
      for (const [table, spec] of Object.entries(build.tables)) {
        sources.set(viewName(build.projection, table), at.past ? knownAt(names, table, Object.keys(spec.columns), at.position, standings[index]!.position) : names.current(table));
      }
    });
    const lags = standings.map((each) => lagOf(each, head));
    return read({
      position: at.position, isPast: at.past, asOf: at.asOf, now: at.asOf,
      lagMs: lags.includes(null) ? null : Math.max(...lags.map(Number)),
      projections: builds.map(({ projection, version }) => ({ name: projection, version })),
      query: (text, params) => sql.query(text, params),
      table: (name) => {
        const source = sources.get(name);
        if (source === undefined) throw new TypeError(`${name} is no table of ${projections.join(', ')}`);
        return source;
      },
    });
  }, { snapshot: true });
}
