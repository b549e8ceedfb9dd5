import { readSync } from 'node:fs';

import { faultOfRecord, RECORD_BYTES_MAX, RECORD_HEADER_BYTES, RECORD_MAGIC, recordAt } from './record.js';
import { fileBytes, SEGMENT_HEADER_BYTES } from './segment.js';

const READ_BYTES = 4 * 1024 * 1024;

export type Fault = { position: number; reason: string };
export type SegmentScan = {
  /** Where the last complete batch ends. */
  end: number;
  /** Why reading stopped before the end of the file. */
  fault?: Fault;
};

/** Gets sound records in order. The bytes are valid only during the call. */
export type RecordVisitor = (bytes: Buffer, offset: number, position: number) => void;

/**
 * Walks a segment's records from `from`, verifying every checksum, until the file or its soundness ends. Shows the
 * records of complete batches, or with `incompleteToo` every sound one.
 */
export function scanSegment(
  fd: number,
  base: number,
  visit: RecordVisitor,
  { from = base + SEGMENT_HEADER_BYTES, incompleteToo = false } = {},
): SegmentScan {
  const window = new FileWindow(fd);
  const batch: number[] = [];
  let end = from;
  let position = from;
  for (;;) {
    const atHeader = window.at(position - base, RECORD_HEADER_BYTES, end - base);
    if (atHeader.available === 0) {
      return position === end ? { end } : { end, fault: { position: end, reason: 'the batch has no end' } };
    }
    const wanted = atHeader.available < RECORD_HEADER_BYTES ? 0 : recordAt.bytes(window.bytes, atHeader.offset);
    // The window reaches back to the start of the batch, so that its records can be shown once its end is seen.
    const { offset } = window.at(position - base, wanted > RECORD_BYTES_MAX ? RECORD_HEADER_BYTES : wanted, end - base);
    const reason = faultOfRecord(window.filled, offset, position);
    if (reason !== undefined) return { end, fault: { position, reason } };
    if (incompleteToo) visit(window.bytes, offset, position);
    else batch.push(position);
    position += wanted;
    if (!recordAt.endsBatch(window.bytes, offset)) continue;
    for (const start of batch) visit(window.bytes, window.offsetOf(start - base), start);
    batch.length = 0;
    end = position;
  }
}

/**
 * Looks behind a fault for a sound record that was written when the log was already durable beyond the fault.
 * Such a record proves that the faulty bytes were once on disk and whole: that is damage, not a torn write.
 */
export function findRecordProvingDamage(fd: number, base: number, fault: Fault): number | undefined {
  return searchRecord(fd, base, fault.position + 1, (durableBefore) => durableBefore > fault.position);
}

/** The first sound record at or behind a position. */
export function nextSoundRecord(fd: number, base: number, position: number): number | undefined {
  return searchRecord(fd, base, position, () => true);
}

function searchRecord(fd: number, base: number, position: number, isWanted: (durableBefore: number) => boolean): number | undefined {
  const window = new FileWindow(fd);
  for (let at = position - base; at < fileBytes(fd); ) {
    const { offset } = window.at(at, RECORD_MAGIC.length, at);
    const found = window.filled.indexOf(RECORD_MAGIC, offset);
    if (found === -1) {
      if (window.reachesEnd) return undefined;
      at += window.filled.length - offset - RECORD_MAGIC.length + 1;
      continue;
    }
    at += found - offset;
    const header = window.at(at, RECORD_HEADER_BYTES, at);
    const bytes = header.available < RECORD_HEADER_BYTES ? 0 : Math.min(recordAt.bytes(window.bytes, header.offset), RECORD_BYTES_MAX);
    const record = window.at(at, bytes, at);
    const isSound = faultOfRecord(window.filled, record.offset, base + at) === undefined;
    if (isSound && isWanted(recordAt.durableBefore(window.bytes, record.offset))) return base + at;
    at += isSound ? bytes : 1;
  }
  return undefined;
}

/** A sliding view of a file. Offsets it returns are good until the next call. */
class FileWindow {
  bytes = Buffer.alloc(0);
  filled = this.bytes;
  reachesEnd = false;
  private start = 0;
  private readonly fileBytes: number;

  constructor(private readonly fd: number) {
    this.fileBytes = fileBytes(fd);
  }

  offsetOf(fileOffset: number): number {
    return fileOffset - this.start;
  }

  /** Makes `count` bytes at `fileOffset` available if the file has them, keeping everything from `keepFrom` on. */
  at(fileOffset: number, count: number, keepFrom: number): { offset: number; available: number } {
    if (fileOffset + count > this.start + this.filled.length && !this.reachesEnd) this.load(fileOffset + count, keepFrom);
    return { offset: fileOffset - this.start, available: this.start + this.filled.length - fileOffset };
  }

  private load(until: number, keepFrom: number): void {
    const kept = this.filled.subarray(Math.min(keepFrom - this.start, this.filled.length));
    // One byte beyond the end of a small file, so that its end is seen with the first read.
    const rest = Math.max(until, this.fileBytes) - keepFrom + 1;
    const needed = Math.min(rest, Math.max(READ_BYTES, until - keepFrom + READ_BYTES / 4));
    const target = needed > this.bytes.length ? Buffer.allocUnsafeSlow(needed) : this.bytes;
    target.set(kept, 0);
    let length = kept.length;
    while (length < target.length && !this.reachesEnd) {
      const read = readSync(this.fd, target, length, target.length - length, keepFrom + length);
      length += read;
      this.reachesEnd = read === 0;
    }
    this.bytes = target;
    this.start = keepFrom;
    this.filled = target.subarray(0, length);
  }
}
