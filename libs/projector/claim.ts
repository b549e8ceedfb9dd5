import type { Sql } from '../readstore/sql.js';
import type { Build } from './builds.js';
import type { KnownEvent } from './known-event.js';
import { DISCARDED_MAX, PARKED_MAX } from './limits.js';

/** Someone else writes this partition now, or its tables no longer serve: what was folded must not be written. */
export class FencedOff extends Error {}

/** What one worker may write, and from where: valid until someone claims the same partition. */
export interface Claim {
  readonly build: Build;
  readonly partition: number;
  readonly epoch: number;
  readonly position: number;
  readonly held: Holds;
}

/** Keys whose events are held back, and streams held back behind an event whose key is not known. */
export interface Holds {
  readonly keys: ReadonlySet<string>;
  /** By the position from which the stream is held. */
  readonly streams: ReadonlyMap<string, number>;
  readonly discarded: ReadonlySet<number>;
  readonly count: number;
}

async function readHolds(sql: Sql, build: Build, partition: number): Promise<Holds> {
  const parked = await sql.query<{ key: string | null; stream: string; position: number; partition: number }>(
    'SELECT key, stream, position, partition FROM projection_parked WHERE projection = $1 AND build = $2 AND (partition = $3 OR key IS NULL) ORDER BY position DESC LIMIT $4', [build.projection, build.build, partition, PARKED_MAX * 2]);
  const discarded = await sql.query<{ position: number }>('SELECT position FROM projection_discarded WHERE projection = $1 ORDER BY position DESC LIMIT $2', [build.projection, DISCARDED_MAX]);
  return {
    keys: new Set(parked.flatMap(({ key }) => (key === null ? [] : [key]))),
    streams: new Map(parked.filter(({ key }) => key === null).map(({ stream, position }) => [stream, position])), // oldest last: it wins
    discarded: new Set(discarded.map(({ position }) => position)),
    count: parked.filter((each) => each.partition === partition).length,
  };
}

/** Takes over a partition: from now on every write of a former owner fails. Call inside a transaction. */
export async function claimPartition(sql: Sql, build: Build, partition: number, owner: string): Promise<Claim> {
  const [row] = await sql.query<{ epoch: number; position: number }>(
    `UPDATE projection_checkpoint SET epoch = epoch + 1, owner = $4, state = 'running', heartbeat_at = now() WHERE projection = $1 AND build = $2 AND partition = $3 RETURNING epoch, position`,
    [build.projection, build.build, partition, owner]);
  if (!row) throw new FencedOff(`${build.projection} ${build.suffix} has no partition ${partition}`);
  return { build, partition, ...row, held: await readHolds(sql, build, partition) };
}

export interface Progress {
  readonly position: number;
  readonly positionAt: string | undefined;
  readonly caughtUp: boolean;
  readonly eventsPerSecond: number;
  /** The last event taken in; left out: the one before it still is. */
  readonly known?: KnownEvent | undefined;
}

/** The fence: moves the checkpoint on, or throws when it is not where and whose it was. First statement of every write. @throws FencedOff */
export async function moveCheckpoint(sql: Sql, claim: Claim, from: number, to: Progress): Promise<void> {
  const moved = await sql.query(
    `UPDATE projection_checkpoint SET position = $6, position_at = coalesce($7::timestamptz, position_at), head = greatest(head, $6), heartbeat_at = now(),
       caught_up_at = CASE WHEN $8 THEN now() ELSE caught_up_at END, events_per_second = $9,
       state = CASE WHEN $8 THEN 'live' ELSE 'catching_up' END, last_error = NULL,
       known_event = coalesce($10::json, known_event)
     WHERE projection = $1 AND build = $2 AND partition = $3 AND position = $4 AND epoch = $5 RETURNING 1 AS moved`,
    [claim.build.projection, claim.build.build, claim.partition, from, claim.epoch,
      to.position, to.positionAt ?? null, to.caughtUp, to.eventsPerSecond, to.known ? JSON.stringify(to.known) : null]);
  if (moved.length !== 1) throw new FencedOff(`${claim.build.projection} ${claim.build.suffix}/${claim.partition} was claimed by another worker`);
}
