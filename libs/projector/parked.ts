import type { Instant } from '../kernel/event.js';
import type { AnyProjection } from '../kernel/projection.js';
import type { ReadStore, Sql } from '../readstore/sql.js';
import { servingBuild, type Build } from './builds.js';
import { claimPartition } from './claim.js';
import { rowsOf, type Entity } from './fold.js';
import { concernsOf, foldBatch, type Concern, type Slice } from './fold-batch.js';
import { PARKED_MAX } from './limits.js';
import type { LogEntry, LogSource } from './log-source.js';
import { namesOf } from './names.js';
import { NoSuchProjection } from './open-view.js';
import { partitionOf } from './partition.js';
import { writeBatch } from './write-batch.js';

/** An event that waits: because it could not be folded (poison), or behind one of its key that could not (held). */
export interface Parked {
  readonly position: number;
  /** Null where the event could not even be decoded, so that its key is not known: then its stream is held. */
  readonly key: string | null;
  readonly stream: string;
  readonly type: string;
  readonly recordedAt: Instant;
  readonly reason: 'poison' | 'held';
  readonly error: string | null;
  readonly attempts: number;
  readonly parkedAt: Instant;
}

export interface Retried {
  /** Events now folded. */
  readonly folded: number;
  /** Events still parked, of those that were to be retried. */
  readonly parked: number;
}

export const PARKED_PAGE_MAX = 500;

const COLUMNS = `position, key, stream, type, recorded_at AS "recordedAt", reason, error, attempts, parked_at AS "parkedAt"`;

async function open(sql: Sql, projection: string): Promise<Build> {
  const build = await servingBuild(sql, projection);
  if (!build) throw new NoSuchProjection(`projection ${projection} has no tables yet`);
  return build;
}

/** Parked events of the serving tables, oldest first, at most PARKED_PAGE_MAX. */
export async function listParked(sql: Sql, projection: string, afterPosition = -1, limit = PARKED_PAGE_MAX): Promise<Parked[]> {
  const { build } = await open(sql, projection);
  return sql.query<Parked>(`SELECT ${COLUMNS} FROM projection_parked WHERE projection = $1 AND build = $2 AND position > $3 ORDER BY position LIMIT $4`, [projection, build, afterPosition, Math.min(limit, PARKED_PAGE_MAX)]);
}

/** One parked event with what the log holds of it now; undefined where nothing is parked at that position. */
export async function inspectParked(sql: Sql, source: LogSource, projection: string, position: number): Promise<{ readonly parked: Parked; readonly entry: LogEntry | undefined } | undefined> {
  const { build } = await open(sql, projection);
  const [parked] = await sql.query<Parked>(`SELECT ${COLUMNS} FROM projection_parked WHERE projection = $1 AND build = $2 AND position = $3`, [projection, build, position]);
  return parked && { parked, entry: await source.at(position) };
}

/** Which parked events to take up: all of a key (or stream, where the key is not known), or all there are. */
export interface ParkedChoice {
  readonly key?: string;
  readonly stream?: string;
}

/** Looks at the log again for each parked event, in order; what is not chosen counts as held, and holds what comes behind it. */
async function replay(sql: Sql, source: LogSource, projection: AnyProjection, build: Build, parked: readonly Parked[], choice: ParkedChoice, discarded: ReadonlySet<number>): Promise<Retried> {
  // All partitions at once: an event that can be decoded only now may belong to another one than its stream does.
  const slice: Slice = { projection, partition: 0, partitions: 1 };
  const isChosen = (each: Parked): boolean => (choice.key === undefined || each.key === choice.key) && (choice.stream === undefined || each.stream === choice.stream);
  const chosen = parked.filter(isChosen);
  const left = parked.filter((each) => !isChosen(each));
  const entries: LogEntry[] = [];
  for (const { position } of chosen) {
    const entry = await source.at(position);
    if (entry) entries.push(entry);
  }
  const concerns = concernsOf(slice, -1, discarded, entries);
  const states = await sql.query<{ key: string; state: object }>(`SELECT key, state FROM ${namesOf(build.projection, build.suffix).state} WHERE key = ANY ($1::text[])`, [concerns.flatMap(({ key }: Concern) => (key === null ? [] : [key]))]);
  const before = new Map<string, Entity>(states.map(({ key, state }) => [key, { state, rows: rowsOf(projection, state, key) }]));
  const held = {
    keys: new Set(left.flatMap(({ key }) => (key === null ? [] : [key]))),
    streams: new Map([...left].reverse().flatMap(({ key, stream, position }) => (key === null ? [[stream, position] as const] : []))),
  };
  const { batch } = foldBatch(slice, concerns, (key) => before.get(key), held);
  const again = new Map(batch.parked.splice(0).map((each) => [each.position, each]));
  for (const { position, error } of chosen) {
    const still = again.get(position);
    if (still) {
      await sql.query('UPDATE projection_parked SET attempts = attempts + 1, reason = $4, error = $5, key = $6, partition = $7 WHERE projection = $1 AND build = $2 AND position = $3',
        [build.projection, build.build, position, still.reason, still.error ?? error, still.key, partitionOf(still.key ?? still.stream, build.partitions)]);
    } else await sql.query('DELETE FROM projection_parked WHERE projection = $1 AND build = $2 AND position = $3', [build.projection, build.build, position]);
  }
  // Replayed versions begin where their events are, not where the retry is: the tables are as if nothing had been parked.
  await writeBatch(sql, build, projection, 0, batch, (key) => before.has(key));
  return { folded: concerns.length - again.size, parked: again.size };
}

/**
 * Folds parked events again, key by key in the order of the log. In one transaction that fences off the live workers: they
 * notice at their next commit and start anew from what is true then.
 * @throws NoSuchProjection, ReadStoreError
 */
export async function retryParked(store: ReadStore, source: LogSource, projection: AnyProjection, choice: ParkedChoice = {}): Promise<Retried> {
  return store.transaction(async (sql) => {
    const build = await open(sql, projection.name);
    let discarded: ReadonlySet<number> = new Set();
    for (let partition = 0; partition < build.partitions; partition += 1) ({ held: { discarded } } = await claimPartition(sql, build, partition, 'parked retry'));
    const parked = await sql.query<Parked>(`SELECT ${COLUMNS} FROM projection_parked WHERE projection = $1 AND build = $2 ORDER BY position LIMIT $3`, [projection.name, build.build, PARKED_MAX * build.partitions]);
    return parked.length === 0 ? { folded: 0, parked: 0 } : replay(sql, source, projection, build, parked, choice, discarded);
  }, { statementTimeoutMs: 0 });
}

/**
 * Decides that a projection shall pass over one parked event for good, in this and every later version, and takes up
 * what it held back. Returns undefined where nothing is parked at that position.
 */
export async function discardParked(store: ReadStore, source: LogSource, projection: AnyProjection, position: number): Promise<Retried | undefined> {
  const found = await store.transaction(async (sql) => {
    const build = await open(sql, projection.name);
    const [parked] = await sql.query<Parked>(`SELECT ${COLUMNS} FROM projection_parked WHERE projection = $1 AND build = $2 AND position = $3`, [projection.name, build.build, position]);
    if (!parked) return undefined;
    await claimPartition(sql, build, partitionOf(parked.key ?? parked.stream, build.partitions), 'parked discard');
    await sql.query('INSERT INTO projection_discarded (projection, position, stream, type, error) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [projection.name, position, parked.stream, parked.type, parked.error]);
    await sql.query('DELETE FROM projection_parked WHERE projection = $1 AND build = $2 AND position = $3', [projection.name, build.build, position]);
    return parked;
  });
  if (!found) return undefined;
  return retryParked(store, source, projection, found.key === null ? {} : { key: found.key });
}
