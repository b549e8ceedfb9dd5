import { read, readSync } from 'node:fs';

import type { RecentRecords } from './recent-records.js';
import { faultOfRecord } from './record.js';
import type { Segment } from './segment.js';

/** Records closer together than this are fetched with one read: a gap costs less than another trip to the disk. */
const READ_GAP_BYTES_MAX = 16 * 1024;
const READ_RUN_BYTES_MAX = 1024 * 1024;

export type RecordPlace = { position: number; bytes: number };

type WantedRecord = RecordPlace & { index: number };
type Run = { segment: Segment; start: number; end: number; wanted: WantedRecord[] };

/** A record that was sound when the log was opened is so no longer. */
export class RecordUnreadableError extends Error {
  override readonly name = 'RecordUnreadableError';
}

/** Fetches records from memory where they are new, else from the segments, and verifies their checksums. */
export class RecordReader {
  constructor(private readonly segments: readonly Segment[], private readonly recent: RecentRecords) {}

  /** Fetches records, in the order asked for. @throws RecordUnreadableError */
  async read(places: RecordPlace[]): Promise<Buffer[]> {
    const records = new Array<Buffer>(places.length);
    const missing: WantedRecord[] = [];
    for (const [index, { position, bytes }] of places.entries()) {
      const recent = this.recent.get(position);
      if (recent === undefined) missing.push({ position, bytes, index });
      else records[index] = recent;
    }
    if (missing.length > 0) await Promise.all(this.runsOf(missing).map((run) => readRun(run, records)));
    return records;
  }

  /** Groups records that one read fetches together. */
  private runsOf(wanted: WantedRecord[]): Run[] {
    const runs: Run[] = [];
    let run: Run | undefined;
    for (const record of wanted.sort((a, b) => a.position - b.position)) {
      const end = record.position + record.bytes;
      const segment = this.segmentOf(record.position);
      const joins = run?.segment === segment && record.position - run.end <= READ_GAP_BYTES_MAX && end - run.start <= READ_RUN_BYTES_MAX;
      if (run === undefined || !joins) runs.push((run = { segment, start: record.position, end, wanted: [] }));
      run.end = end;
      run.wanted.push(record);
    }
    return runs;
  }

  /** Fetches one record at once; for the few places that decide while they hold everything still. */
  readNow(place: RecordPlace): Buffer {
    const recent = this.recent.get(place.position);
    if (recent !== undefined) return recent;
    const segment = this.segmentOf(place.position);
    const bytes = Buffer.allocUnsafeSlow(place.bytes);
    readSync(segment.fd, bytes, 0, place.bytes, place.position - segment.base);
    return soundRecord(bytes, place, place.position);
  }

  private segmentOf(position: number): Segment {
    let low = 0;
    for (let high = this.segments.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if ((this.segments[middle]?.base ?? Infinity) <= position) low = middle;
      else high = middle - 1;
    }
    const segment = this.segments[low];
    if (segment === undefined) throw new RecordUnreadableError(`There is no segment for position ${position}.`);
    return segment;
  }
}

async function readRun({ segment, start, end, wanted }: Run, into: Buffer[]): Promise<void> {
  const bytes = Buffer.allocUnsafeSlow(end - start);
  await new Promise<void>((resolve, reject) =>
    read(segment.fd, bytes, 0, bytes.length, start - segment.base, (error) => (error ? reject(error) : resolve())),
  );
  for (const record of wanted) into[record.index] = soundRecord(bytes, record, start);
}

function soundRecord(bytes: Buffer, place: RecordPlace, start: number): Buffer {
  const offset = place.position - start;
  const record = bytes.subarray(offset, offset + place.bytes);
  const fault = faultOfRecord(record, 0, place.position);
  if (fault !== undefined) throw new RecordUnreadableError(`The event at position ${place.position} can no longer be read: ${fault}.`);
  return record;
}
