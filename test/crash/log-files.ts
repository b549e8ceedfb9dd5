import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { recordAt } from '../../libs/eventstore-embedded/storage/record.js';
import { SEGMENT_HEADER_BYTES } from '../../libs/eventstore-embedded/storage/segment.js';
import { EventStore, type NewEvent } from '../../libs/eventstore-embedded/streams/event-store.js';

export const SEGMENT_BYTES_MAX = 8 * 1024;

/** Batches of three in four streams, one batch a write, over several segments. */
export const BATCHES = 40;
export const BATCH_EVENTS = 3;

/** Opens a store of small segments. */
export function open(dataDir: string, isDurable = true): EventStore {
  return new EventStore({ dataDir, durable: isDurable, segmentBytesMax: SEGMENT_BYTES_MAX });
}

/** Appends {@link BATCHES} batches, one after another; `before` is called with the number of each. */
export async function writeBatches(store: EventStore, before?: (batch: number) => void): Promise<void> {
  for (let batch = 0; batch < BATCHES; batch++) {
    before?.(batch);
    await store.append(streamOf(batch), 'any', events(BATCH_EVENTS));
  }
}

export function streamOf(batch: number): string {
  return `stream-${batch % 4}`;
}

/** New events with ids and data of their own. */
export function events(count: number): NewEvent[] {
  const same = { type: 'Written', isJson: false, metadata: new Uint8Array(0) };
  return Array.from({ length: count }, () => ({ ...same, id: randomBytes(16), data: randomBytes(40) }));
}

/** A copy of a data directory below `root`. */
export function copyOf(directory: string, root: string): string {
  const copy = mkdtempSync(join(root, 'copy-'));
  cpSync(directory, copy, { recursive: true });
  return copy;
}

/** The segment files of a directory in order. */
export function segments(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.events')).sort();
}

/** The position behind the newest file. */
export function positionAfter(directory: string): number {
  const last = segments(directory).at(-1) ?? '';
  return Number(last.slice(0, 16)) + readFileSync(join(directory, last)).length;
}

/** Flips one bit of a file. */
export function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x40;
  writeFileSync(file, bytes);
}

/** Makes a log what versions before the end record wrote: headers of format 1, and no record. */
export function asBeforeEndRecord(directory: string): void {
  for (const name of segments(directory)) {
    const bytes = readFileSync(join(directory, name));
    bytes.writeUInt32LE(1, 4);
    bytes.writeDoubleLE(0, 40);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
    writeFileSync(join(directory, name), bytes);
  }
  rmSync(join(directory, 'log.end'));
}

/** The records of a sound segment, with offsets in the file. */
export function recordsOf(directory: string, file: string) {
  const bytes = readFileSync(join(directory, file));
  const records = [];
  for (let start = SEGMENT_HEADER_BYTES; start < bytes.length; start += recordAt.bytes(bytes, start)) {
    records.push({
      start,
      end: start + recordAt.bytes(bytes, start),
      endsBatch: recordAt.endsBatch(bytes, start),
      stream: recordAt.stream(bytes, start),
      revision: recordAt.revision(bytes, start),
    });
  }
  return records;
}
