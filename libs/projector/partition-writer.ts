import type { AnyProjection } from '../kernel/projection.js';
import { isTransient, ReadStoreError, type ReadStore } from '../readstore/sql.js';
import { moveCheckpoint, type Claim } from './claim.js';
import { EntityCache } from './entity-cache.js';
import { rowsOf, type Entity } from './fold.js';
import { concernsOf, foldBatch, type Concern, type Folded, type Slice } from './fold-batch.js';
import { COMMIT_ATTEMPTS_MAX, ENTITIES_CACHED_MAX, PARKED_MAX } from './limits.js';
import { namesOf } from './names.js';
import type { Fed } from './page-feed.js';
import { ParkRate } from './park-rate.js';
import { ParkingCeiling } from './parking-ceiling.js';
import { PendingBatch } from './pending-batch.js';
import { Throughput } from './throughput.js';
import { backoffMs, pause } from './wait.js';
import { writeBatch } from './write-batch.js';

export interface WriterOptions {
  readonly entitiesCachedMax?: number;
  /** Strict: the first event that cannot be folded fails the writer instead of being parked. For rebuilds. */
  readonly strict?: true;
}

/** Folds and writes the log for one partition of one build, for as long as its claim holds. */
export class PartitionWriter {
  #position: number;
  readonly #slice: Slice;
  readonly #cache: EntityCache;
  readonly #keysHeld: Set<string>;
  readonly #streamsHeld: Map<string, number>;
  readonly #rate = new ParkRate();
  readonly #throughput = new Throughput();
  #parked: number;

  constructor(private readonly store: ReadStore, projection: AnyProjection, private readonly claim: Claim, private readonly options: WriterOptions = {}) {
    this.#position = claim.position;
    this.#slice = { projection, partition: claim.partition, partitions: claim.build.partitions };
    this.#cache = new EntityCache(options.entitiesCachedMax ?? ENTITIES_CACHED_MAX);
    this.#keysHeld = new Set(claim.held.keys);
    this.#streamsHeld = new Map(claim.held.streams);
    this.#parked = claim.held.count;
  }

  get position(): number {
    return this.#position;
  }

  /**
   * Folds a batch and commits it: rows, states, parked events and checkpoint, all or nothing.
   * @throws FencedOff, ParkingCeiling, StoreDiverged, ReadStoreError; FoldError when strict
   */
  async write(fed: Fed): Promise<void> {
    if (fed.lastPosition <= this.#position) return;
    const concerns = concernsOf(this.#slice, this.#position, this.claim.held.discarded, fed.events);
    await this.#writeAll(concerns, fed);
  }

  /** Data that the store refuses is searched for by halves, until the one event that brings it is alone, and parked. */
  async #writeAll(concerns: readonly Concern[], fed: Fed): Promise<void> {
    try {
      await this.#writeOne(concerns, fed);
    } catch (error) {
      if (!(error instanceof ReadStoreError) || error.kind !== 'rejected' || this.options.strict) throw error;
      const [first] = concerns;
      if (!first) throw error;
      if (concerns.length === 1) return this.#writeFolded(parkRejected(first, error.message), new Map(), concerns, fed);
      const half = Math.ceil(concerns.length / 2);
      await this.#writeAll(concerns.slice(0, half), { events: [], lastPosition: concerns[half - 1]!.entry.position, caughtUp: false });
      await this.#writeAll(concerns.slice(half), fed);
    }
  }

  async #writeOne(concerns: readonly Concern[], fed: Fed): Promise<void> {
    const before = await this.#load(concerns);
    await this.#writeFolded(foldBatch(this.#slice, concerns, (key) => before.get(key), { keys: this.#keysHeld, streams: this.#streamsHeld }), before, concerns, fed);
  }

  async #writeFolded(folded: Folded, before: ReadonlyMap<string, Entity>, concerns: readonly Concern[], fed: Fed): Promise<void> {
    this.#checkParking(folded);
    const positionAt = fed.events.at(-1)?.recordedAt ?? concerns.at(-1)?.entry.recordedAt;
    const progress = { position: fed.lastPosition, positionAt, caughtUp: fed.caughtUp, eventsPerSecond: this.#throughput.seen(folded.batch.events) };
    await this.#commit(() => this.store.transaction(async (sql) => {
      await moveCheckpoint(sql, this.claim, this.#position, progress);
      await writeBatch(sql, this.claim.build, this.#slice.projection.tables, this.claim.partition, folded.batch, (key) => before.get(key)?.state !== undefined);
    }));
    this.#position = fed.lastPosition;
    // Only now is it true: a cache filled before the commit would fold on what never was.
    for (const [key, entity] of folded.batch.entities) this.#cache.set(key, entity);
    for (const key of folded.keysHeld) this.#keysHeld.add(key);
    for (const [stream, from] of folded.streamsHeld) if (!this.#streamsHeld.has(stream)) this.#streamsHeld.set(stream, from);
    this.#parked += folded.batch.parked.length;
  }

  #checkParking({ batch, poison }: Folded): void {
    if (this.options.strict && batch.parked.length > 0) {
      const [first] = batch.parked;
      throw new ParkingCeiling(`event at position ${first!.position} (${first!.type} in ${first!.stream}) cannot be folded: ${first!.error ?? 'held'}`);
    }
    if (this.#parked + batch.parked.length > PARKED_MAX) throw new ParkingCeiling(`${this.#parked + batch.parked.length} events would be parked; the limit is ${PARKED_MAX}`);
    this.#rate.add(batch.events, poison);
  }

  async #commit(attemptOnce: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await attemptOnce();
      } catch (error) {
        // Should the commit have taken place after all, the fence tells: the position has moved.
        if (!isTransient(error) || attempt >= COMMIT_ATTEMPTS_MAX) throw error;
        await pause(backoffMs(attempt));
      }
    }
  }

  /** The committed entities of these events' keys: from memory, or from the store in one look-up. */
  async #load(concerns: readonly Concern[]): Promise<Map<string, Entity>> {
    const entities = new Map<string, Entity>();
    const missing = new Set<string>();
    for (const { key } of concerns) {
      if (key === null || entities.has(key) || missing.has(key)) continue;
      const cached = this.#cache.get(key);
      if (cached) entities.set(key, cached);
      else missing.add(key);
    }
    if (missing.size === 0) return entities;
    const stored = await this.store.query<{ key: string; state: object }>(`SELECT key, state FROM ${namesOf(this.claim.build.projection, this.claim.build.suffix).state} WHERE key = ANY ($1::text[])`, [[...missing]]);
    for (const { key, state } of stored) entities.set(key, { state, rows: rowsOf(this.#slice.projection, state, key) });
    return entities;
  }
}

/** The one event whose data the store refused: parked with its key. */
function parkRejected({ entry, key }: Concern, error: string): Folded {
  const batch = new PendingBatch();
  batch.events = 1;
  batch.parked.push({ position: entry.position, key, stream: entry.stream, type: entry.type, recordedAt: entry.recordedAt, reason: 'poison', error });
  return { batch, keysHeld: new Set(key === null ? [] : [key]), streamsHeld: new Map(key === null ? [[entry.stream, entry.position]] : []), poison: 1 };
}
