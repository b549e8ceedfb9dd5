import type { AnyProjection } from '../kernel/projection.js';
import type { ReadStore, Seat } from '../readstore/sql.js';
import { checkDefinition, servingBuild, type Build } from './builds.js';
import { claimPartition, FencedOff, type Claim } from './claim.js';
import { knownHead } from './known-head.js';
import { HEARTBEAT_MS, STANDBY_MS } from './limits.js';
import type { LogSource } from './log-source.js';
import { PageFeed } from './page-feed.js';
import { ParkingCeiling } from './parking-ceiling.js';
import { PartitionWriter } from './partition-writer.js';
import type { Slots } from './slots.js';
import { Statistics } from './statistics.js';
import { backoffMs, pause } from './wait.js';
import { writeLog } from './write-log.js';

export interface WorkerContext {
  readonly store: ReadStore;
  readonly source: LogSource;
  readonly owner: string;
  readonly signal: AbortSignal;
  /** Partitions of one projection that this process leads at most. */
  readonly partitionsHereMax: number;
  /** Told after every commit: what waits for a position looks again. */
  readonly committed: (projection: string, position: number) => void;
  readonly report: (message: string, error?: unknown) => void;
  /** For batches of those that are behind. */
  readonly slots: Slots;
}

/** No build of this definition's version serves: it must be rebuilt, or a newer program is at work. */
class NotServing extends Error {}

const seatName = (build: Build, partition: number): string => `pipeledger projection ${build.projection}/${build.build}/${partition}`;

async function note(context: WorkerContext, build: Build, partition: number, state: string, error?: unknown): Promise<void> {
  const message = error === undefined ? null : error instanceof Error ? error.message : String(error);
  await context.store.query('UPDATE projection_checkpoint SET state = $4, last_error = coalesce($5, last_error), last_error_at = CASE WHEN $5 IS NULL THEN last_error_at ELSE now() END WHERE projection = $1 AND build = $2 AND partition = $3',
    [build.projection, build.build, partition, state, message]);
}

/** Keeps the status fresh while nothing is to be written, and notices when the claim was lost meanwhile. A worker lives even while the log does not answer. */
async function beat(context: WorkerContext, claim: Claim, writer: PartitionWriter): Promise<boolean> {
  const head = await knownHead(() => context.source.head());
  // What the feed said last is not enough: events may be on their way that it has not handed over.
  const caughtUp = head !== null && writer.position >= head;
  const own = await context.store.query(
    `UPDATE projection_checkpoint
     SET heartbeat_at = now(), head = greatest(head, $5), caught_up_at = CASE WHEN $6 THEN now() ELSE caught_up_at END,
       events_per_second = $7, resumed = $8
     WHERE projection = $1 AND build = $2 AND partition = $3 AND epoch = $4
     RETURNING 1 AS own`,
    [
      claim.build.projection, claim.build.build, claim.partition, claim.epoch,
      head ?? -1, caughtUp, writer.eventsPerSecond, context.source.resumed ?? 0,
    ]);
  return own.length === 1;
}

/** Says that nobody writes the partition now, unless somebody else does already. */
async function retire({ store }: WorkerContext, { build, partition, epoch }: Claim): Promise<void> {
  await store.query(`UPDATE projection_checkpoint SET state = 'idle', events_per_second = 0 WHERE projection = $1 AND build = $2 AND partition = $3 AND epoch = $4`, [build.projection, build.build, partition, epoch]);
}

/** Writes one partition under one claim, until the signal aborts, the seat is lost or someone else claims it. */
async function lead(context: WorkerContext, projection: AnyProjection, build: Build, partition: number, seat: Seat): Promise<void> {
  const claim = await context.store.transaction((sql) => claimPartition(sql, build, partition, context.owner));
  const writer = new PartitionWriter(context.store, projection, claim);
  const statistics = new Statistics(context.store, projection, build.suffix, context.report);
  const reading = new AbortController();
  const stop = (): void => reading.abort();
  context.signal.addEventListener('abort', stop, { once: true });
  if (context.signal.aborted) stop(); // while the claim was made: the event is over
  const feed = new PageFeed(reading.signal);
  const afterPosition = claim.position < 0 ? null : claim.position;
  const pump = feed.pump(context.source.subscribe({ afterPosition, eventTypes: projection.events, signal: reading.signal }));
  let lost = false;
  const heartbeat = setInterval(() => {
    beat(context, claim, writer).then((own) => {
      if (own && seat.held()) return;
      lost = true;
      reading.abort();
    }, () => undefined); // a store that does not answer shows itself at the next commit
  }, HEARTBEAT_MS);
  try {
    await writeLog(feed, [writer], ({ events, caughtUp }) => {
      statistics.written(events.length, caughtUp);
      context.committed(projection.name, writer.position);
      if (!seat.held()) throw new FencedOff(`the seat of ${build.projection} was lost`);
    }, context.slots);
    if (lost) throw new FencedOff(`${build.projection} was claimed by another worker`);
    await retire(context, claim).catch(() => undefined); // then its heartbeat runs out
  } finally {
    clearInterval(heartbeat);
    context.signal.removeEventListener('abort', stop);
    reading.abort();
    await pump;
    await statistics.settled();
  }
}

/** How many partitions of each projection a process leads now. */
const led = new WeakMap<WorkerContext, Map<string, number>>();

async function serve(context: WorkerContext, projection: AnyProjection, partition: number): Promise<'standby' | 'led'> {
  const build = await servingBuild(context.store, projection.name);
  if (!build || build.version !== projection.version) throw new NotServing(`${projection.name} is served by version ${build?.version ?? 'none'}, this program has ${projection.version}`);
  checkDefinition(projection, build);
  const here = led.get(context) ?? new Map<string, number>();
  led.set(context, here);
  if ((here.get(projection.name) ?? 0) >= context.partitionsHereMax) return 'standby';
  // Counted before the seat is asked for: all partitions ask at once.
  here.set(projection.name, (here.get(projection.name) ?? 0) + 1);
  let seat: Seat | undefined;
  try {
    seat = await context.store.takeSeat(seatName(build, partition));
    if (!seat) return 'standby';
    await lead(context, projection, build, partition, seat);
    return 'led';
  } catch (error) {
    if (!(error instanceof FencedOff)) await note(context, build, partition, error instanceof ParkingCeiling ? 'stopped' : 'retrying', error).catch(() => undefined);
    throw error;
  } finally {
    here.set(projection.name, (here.get(projection.name) ?? 1) - 1);
    await seat?.leave();
  }
}

/**
 * Runs one partition of a projection until the signal aborts: stands by while another worker sits in its seat, leads
 * when the seat is free, starts anew from the checkpoint after any failure, with back-off. Returns early only when too
 * much is parked.
 */
export async function runPartition(context: WorkerContext, projection: AnyProjection, partition: number): Promise<void> {
  let failures = 0;
  while (!context.signal.aborted) {
    try {
      const how = await serve(context, projection, partition);
      failures = 0;
      if (how === 'standby') await pause(STANDBY_MS, context.signal);
    } catch (error) {
      if (error instanceof FencedOff) continue;
      if (error instanceof ParkingCeiling) return context.report(`projection ${projection.name} stopped`, error);
      if (error instanceof NotServing) {
        await pause(STANDBY_MS, context.signal);
        continue;
      }
      failures += 1;
      context.report(`projection ${projection.name} failed and starts anew`, error);
      await pause(backoffMs(failures), context.signal);
    }
  }
}
