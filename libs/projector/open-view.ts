import type { Instant } from '../kernel/event.js';
import type { ReportView } from '../kernel/report.js';
import type { ReadStore, Sql } from '../readstore/sql.js';
import { knownAt } from './as-of-source.js';
import { servingBuilds, type Build } from './builds.js';
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
  readonly projection: string;
  readonly position: number;
  /** How old its knowledge may be at most, whether or not there is anything it lacks. */
  readonly lag_ms: number | null;
  readonly now: Instant;
}

/** @throws NoSuchProjection */
async function buildsServing(sql: Sql, projections: readonly string[]): Promise<Build[]> {
  const serving = await servingBuilds(sql, projections);
  return projections.map((name) => {
    const build = serving.find(({ projection }) => projection === name);
    if (!build) throw new NoSuchProjection(`projection ${name} has no tables yet`);
    return build;
  });
}

/** Where each build stands, in their order. */
async function standingsOf(sql: Sql, builds: readonly Build[]): Promise<Standing[]> {
  const rows = await sql.query<Standing>(
    `SELECT projection, min(position) AS position, now() AS now,
       CASE WHEN bool_and(${COMPLETE_UNTIL_SQL} IS NOT NULL) THEN floor(extract(epoch FROM now() - min(${COMPLETE_UNTIL_SQL})) * 1000) END::bigint AS lag_ms
     FROM projection_checkpoint WHERE (projection, build) IN (SELECT * FROM unnest($1::text[], $2::integer[])) GROUP BY projection`, [builds.map(({ projection }) => projection), builds.map(({ build }) => build)]);
  return builds.map((build) => rows.find(({ projection }) => projection === build.projection)!); // a build has checkpoints from the moment it is made
}

const ofEach = (builds: readonly Build[], select: (times: string) => string): string => builds.map(({ projection, suffix }) => `(${select(namesOf(projection, suffix).time)})`).join(' UNION ALL ');

/** The last position at which rows of any of the builds changed, at or before a time. */
async function positionAt(sql: Sql, builds: readonly Build[], time: Instant): Promise<number> {
  const [row] = await sql.query<{ position: number | null }>(`SELECT max(position) AS position FROM (${ofEach(builds, (times) => `SELECT position FROM ${times} WHERE known_at <= $1 ORDER BY known_at DESC, position DESC LIMIT 1`)}) last`, [time]);
  return row?.position ?? -1;
}

/** When the log recorded the last event, up to a position, at which rows of any of the builds changed. */
async function timeOf(sql: Sql, builds: readonly Build[], position: number): Promise<Instant | undefined> {
  const [row] = await sql.query<{ known_at: Instant | null }>(`SELECT max(known_at) AS known_at FROM (${ofEach(builds, (times) => `SELECT known_at FROM ${times} WHERE position <= $1 ORDER BY position DESC LIMIT 1`)}) last`, [position]);
  return row?.known_at ?? undefined;
}

async function moment(sql: Sql, builds: readonly Build[], standings: readonly Standing[], asOf: AsOf): Promise<{ position: number; asOf: Instant; past: boolean }> {
  const now = standings[0]!.now;
  const reached = Math.min(...standings.map(({ position }) => position));
  if (!asOf) return { position: reached, asOf: now, past: false };
  if ('position' in asOf) return { position: Math.min(asOf.position, reached), asOf: await timeOf(sql, builds, asOf.position) ?? now, past: asOf.position < reached };
  if (asOf.time >= now) return { position: reached, asOf: now, past: false };
  return { position: Math.min(await positionAt(sql, builds, asOf.time), reached), asOf: asOf.time, past: true };
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
  return store.read(async (sql) => {
    const builds = await buildsServing(sql, projections);
    const standings = await standingsOf(sql, builds);
    const at = await moment(sql, builds, standings, asOf);
    const sources = new Map<string, string>();
    builds.forEach((build, index) => {
      const names = namesOf(build.projection, build.suffix);
      for (const [table, spec] of Object.entries(build.tables)) {
        sources.set(viewName(build.projection, table), at.past ? knownAt(names, table, { columns: Object.keys(spec.columns), neverClosed: spec.neverClosed }, at.position, standings[index]!.position) : names.current(table));
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
  });
}
