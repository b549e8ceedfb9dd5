import type { AnyProjection } from '../kernel/projection.js';
import { inTurn } from '../kernel/together.js';
import { isTransient, ReadStoreError, SqlList, type ReadStore } from '../readstore/sql.js';
import { moveCheckpoint, type Claim } from './claim.js';
import { EntityCache } from './entity-cache.js';
import { rowsOf, type Entity } from './fold.js';
import { concernsOf, foldBatch, type Concern, type Folded, type Slice } from './fold-batch.js';
import { COMMIT_ATTEMPTS_MAX, ENTITIES_CACHED_MAX, PARKED_MAX } from './limits.js';
import { knownEventOf } from './known-event.js';
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

/** What a batch will have written: all that folding the next one asks of it, and so much smaller that it may stay while that one is waited for. */
export interface Ahead {
  readonly lastPosition: number;
  readonly entities: ReadonlyMap<string, Entity>;
  readonly keysHeld: ReadonlySet<string>;
  readonly streamsHeld: ReadonlyMap<string, number>;
}

/** A batch that is folded and not yet committed. */
export interface Work {
  readonly ahead: Ahead;
  readonly fed: Fed;
  readonly concerns: readonly Concern[];
  /** The entities before the batch. */
  readonly before: ReadonlyMap<string, Entity>;
  readonly folded: Folded;
}

const workOf = (fed: Fed, concerns: readonly Concern[], before: ReadonlyMap<string, Entity>, folded: Folded): Work =>
  ({ fed, concerns, before, folded, ahead: { lastPosition: fed.lastPosition, entities: folded.batch.entities, keysHeld: folded.keysHeld, streamsHeld: folded.streamsHeld } });

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

  /** Events folded a second, of late. */
  get eventsPerSecond(): number {
    return this.#throughput.seen(0);
  }

  /**
   * Folds a batch and commits it: rows, states, parked events and checkpoint, all or nothing.
   * @throws FencedOff, ParkingCeiling, StoreDiverged, ReadStoreError
   */
  async write(fed: Fed): Promise<void> {
    await this.commit(await this.fold(fed));
  }

  /**
   * Folds a batch and writes nothing. `behind` is the batch before it where that is still being committed: this one is folded on what that
   * one will have written, and must be committed after it, or not at all.
   * @throws ParkingCeiling, ReadStoreError
   */
  async fold(fed: Fed, behind?: Ahead): Promise<Work> {
    const concerns = concernsOf(this.#slice, behind?.lastPosition ?? this.#position, this.claim.held.discarded, fed.events);
    return this.#fold(concerns, fed, behind);
  }

  /**
   * Commits what was folded. Data that the store refuses is searched for by halves, until the one event that brings it is alone, and parked.
   * @returns whether all was written as it was folded: if not, what was folded on top of it is wrong
   * @throws FencedOff, ParkingCeiling, StoreDiverged, ReadStoreError
   */
  async commit(work: Work): Promise<boolean> {
    if (work.fed.lastPosition <= this.#position) return true;
    try {
      await this.#write(work);
      return true;
    } catch (error) {
      if (!(error instanceof ReadStoreError) || error.kind !== 'rejected' || this.options.strict) throw error;
      const { concerns, fed } = work;
      const [first] = concerns;
      if (!first) throw error;
      if (concerns.length === 1) {
        await this.#write(workOf(fed, concerns, new Map(), parkRejected(first, error.message)));
        return false;
      }
      const half = Math.ceil(concerns.length / 2);
      await this.commit(await this.#fold(concerns.slice(0, half), { events: [], lastPosition: concerns[half - 1]!.entry.position, caughtUp: false }));
      await this.commit(await this.#fold(concerns.slice(half), fed));
      return false;
    }
  }

  async #fold(concerns: readonly Concern[], fed: Fed, behind?: Ahead): Promise<Work> {
    const before = await this.#load(concerns, behind?.entities);
    const keys = behind && behind.keysHeld.size > 0 ? new Set([...this.#keysHeld, ...behind.keysHeld]) : this.#keysHeld;
    const streams = behind && behind.streamsHeld.size > 0 ? new Map([...behind.streamsHeld, ...this.#streamsHeld]) : this.#streamsHeld;
    const folded = foldBatch(this.#slice, concerns, (key) => before.get(key), { keys, streams });
    this.#checkParking(folded);
    return workOf(fed, concerns, before, folded);
  }

  async #write({ fed, concerns, before, folded }: Work): Promise<void> {
    const positionAt = fed.events.at(-1)?.recordedAt ?? concerns.at(-1)?.entry.recordedAt;
    const eventsPerSecond = this.#throughput.seen(folded.batch.events);
    const known = knownEventOf(fed.events);
    const progress = { position: fed.lastPosition, positionAt, caughtUp: fed.caughtUp, eventsPerSecond, known };
    await this.#commit(() => this.store.transaction(async (sql) => {
      await inTurn([
        moveCheckpoint(sql, this.claim, this.#position, progress),
        writeBatch(sql, this.claim.build, this.#slice.projection, this.claim.partition, folded.batch, (key) => before.get(key)?.state !== undefined),
      ]);
    }));
    this.#position = fed.lastPosition;
    // Only now is it true: a cache filled before the commit would fold on what never was.
    if (!this.#slice.projection.keyPerEvent) for (const [key, entity] of folded.batch.entities) this.#cache.set(key, entity);
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
  async #load(concerns: readonly Concern[], ahead?: ReadonlyMap<string, Entity>): Promise<Map<string, Entity>> {
    const entities = new Map<string, Entity>();
    if (this.#slice.projection.keyPerEvent) return entities;
    const missing = new Set<string>();
    for (const { key } of concerns) {
      if (key === null || entities.has(key) || missing.has(key)) continue;
      const cached = ahead?.get(key) ?? this.#cache.get(key);
      if (cached) entities.set(key, cached);
      else missing.add(key);
    }
    if (missing.size === 0) return entities;
    const stored = await this.store.query<{ key: string; state: object }>(`SELECT key, state FROM ${namesOf(this.claim.build.projection, this.claim.build.suffix).state} WHERE key = ANY ($1::text[])`, [new SqlList('text', [...missing])]);
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
