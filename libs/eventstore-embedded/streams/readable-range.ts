import { recordAt } from '../storage/record.js';
import type { EventStore } from './event-store.js';

export type ReadableRange =
  | { kind: 'tombstoned' }
  /** Never written, or softly deleted. */
  | { kind: 'missing' }
  /** Revisions `first` to before `end`; nothing at all if the metadata hides every event. */
  | { kind: 'present'; stream: number; first: number; end: number };

/** Which revisions of a stream a reader may see, by `$tb`, `$maxCount` and `$maxAge`, among those on disk. */
export function readableRange(store: EventStore, name: string, nowMs: number): ReadableRange {
  const { index } = store;
  if (index.isTombstoned(name, index.visible)) return { kind: 'tombstoned' };
  const stream = index.streams.find(name);
  const end = index.visibleRevisionCount(stream);
  const metadata = index.metadataOf(name, index.visible);
  if (stream === undefined || end === 0 || metadata.isSoftDeleted) return { kind: 'missing' };

  const first = Math.min(end, Math.max(metadata.truncateBefore ?? 0, metadata.maxCount === undefined ? 0 : end - metadata.maxCount));
  if (metadata.maxAgeMs === undefined) return { kind: 'present', stream, first, end };
  return { kind: 'present', stream, first: firstCreatedAfter(store, stream, first, end, nowMs - metadata.maxAgeMs), end };
}

/** Events of a stream are created in order, so a few looks at the log find the first young one. */
function firstCreatedAfter(store: EventStore, stream: number, first: number, end: number, oldestMs: number): number {
  let low = first;
  for (let high = end; low < high; ) {
    const middle = Math.floor((low + high) / 2);
    const record = store.log.records.readNow(store.index.placeOf(store.index.ordinalOfRevision(stream, middle)));
    if (recordAt.createdMs(record, 0) < oldestMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
