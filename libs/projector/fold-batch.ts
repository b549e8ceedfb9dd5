import type { AnyProjection } from '../kernel/projection.js';
import type { Recorded } from '../kernel/event.js';
import type { Holds } from './claim.js';
import { fold, keyOf, NO_ENTITY, type Entity } from './fold.js';
import { isUndecodable, type LogEntry } from './log-source.js';
import { partitionOf } from './partition.js';
import { PendingBatch, type ParkedEvent } from './pending-batch.js';

/** One event of the batch that concerns this partition, its key found (or not). */
export type Concern =
  | { readonly entry: Recorded; readonly key: string }
  | { readonly entry: LogEntry; readonly key: null; readonly error: string };

export interface Slice {
  readonly projection: AnyProjection;
  readonly partition: number;
  readonly partitions: number;
}

const wanted = new WeakMap<AnyProjection, ReadonlySet<string>>();

function wants(projection: AnyProjection, type: string): boolean {
  let types = wanted.get(projection);
  if (!types) wanted.set(projection, (types = new Set<string>(projection.events)));
  return types.has(type);
}

/** The events after `position` that a partition must look at, each once even if the source gave it twice. An event whose key cannot be found concerns every partition. */
export function concernsOf(slice: Slice, position: number, discarded: ReadonlySet<number>, events: readonly LogEntry[]): Concern[] {
  const concerns: Concern[] = [];
  let seen = position;
  for (const entry of events) {
    if (entry.position <= seen) continue;
    seen = entry.position;
    if (!wants(slice.projection, entry.type) || discarded.has(entry.position)) continue;
    if (isUndecodable(entry)) {
      concerns.push({ entry, key: null, error: entry.error });
      continue;
    }
    try {
      const key = keyOf(slice.projection, entry);
      if (key !== null && partitionOf(key, slice.partitions) === slice.partition) concerns.push({ entry, key });
    } catch (error) {
      concerns.push({ entry, key: null, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return concerns;
}

export interface Folded {
  readonly batch: PendingBatch;
  readonly keysHeld: ReadonlySet<string>;
  readonly streamsHeld: ReadonlyMap<string, number>;
  readonly poison: number;
}

/** Folds events into what they change. `before` gives the entities as they are committed. Pure but for its own result. */
export function foldBatch(slice: Slice, concerns: readonly Concern[], before: (key: string) => Entity | undefined, holds: Pick<Holds, 'keys' | 'streams'>): Folded {
  const batch = new PendingBatch();
  const { keyPerEvent } = slice.projection;
  const keysHeld = new Set<string>();
  const streamsHeld = new Map<string, number>();
  let poison = 0;
  const park = (entry: LogEntry, key: string | null, reason: ParkedEvent['reason'], error: string | null): void => {
    if (key !== null) keysHeld.add(key);
    // Every partition holds the stream; the one that the stream's name falls to keeps the record.
    if (key === null && partitionOf(entry.stream, slice.partitions) !== slice.partition) return;
    batch.parked.push({ position: entry.position, key, stream: entry.stream, type: entry.type, recordedAt: entry.recordedAt, reason, error });
  };
  for (const concern of concerns) {
    const { entry, key } = concern;
    const streamHeld = (holds.streams.get(entry.stream) ?? streamsHeld.get(entry.stream) ?? Infinity) < entry.position;
    if (key === null) {
      if (!streamsHeld.has(entry.stream)) streamsHeld.set(entry.stream, entry.position);
      poison += 1;
      park(entry, null, 'poison', concern.error);
    } else if (streamHeld || keysHeld.has(key) || holds.keys.has(key)) park(entry, key, 'held', null);
    else {
      const entity = keyPerEvent ? NO_ENTITY : batch.entities.get(key) ?? before(key) ?? NO_ENTITY;
      try {
        const step = fold(slice.projection, entity, concern.entry, key);
        if (step.entity !== entity && !keyPerEvent) batch.entities.set(key, step.entity);
        batch.change(key, step.changes, concern.entry);
        if (slice.projection.forgets?.on === concern.entry.type) batch.forgotten.set(key, concern.entry.position);
      } catch (error) {
        poison += 1;
        park(entry, key, 'poison', error instanceof Error ? error.message : String(error));
      }
    }
    batch.events += 1;
  }
  return { batch, keysHeld, streamsHeld, poison };
}
