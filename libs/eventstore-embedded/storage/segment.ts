import { crc32 } from 'node:zlib';
import {
  closeSync, constants, fstatSync, fsyncSync, openSync, readdirSync, readSync, rmSync, writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { OWNER_ONLY_FILE } from '../../data-directory/data-directory.js';
import { syncDirectory } from '../../data-directory/sync-directory.js';

/**
 * The log is cut into segment files, each named after the position of its first byte:
 *
 *   0 4 bytes magic · 4 u32 format · 8 f64 base position · 16 16 bytes id of the log · 32 f64 created
 *  40 f64 where the segment before ends · 60 u32 CRC-32 of 0..59
 *
 * The header counts in positions, so a position minus the base is the offset in the file. Positions between the end of
 * the segment before and the base were cut, and belong to nobody. Format 1 has no such gaps and does not name the end
 * before; its log need not have an end record (`log-end.ts`), a log with a segment of format 2 has one.
 */
export const SEGMENT_HEADER_BYTES = 64;
const SEGMENT_MAGIC = Buffer.from('PLeS', 'latin1');
const FORMAT = 2;
const FORMAT_WITHOUT_RECORDED_END = 1;
const NAME = /^(\d{16})\.events$/;

export type Segment = { base: number; path: string; fd: number };
/** `previousEnd`: where the last batch of the segment before ends. */
export type SegmentHeader = { base: number; logId: string; previousEnd: number };
/** `hasRecordedEnd`: whoever wrote the segment kept a record of the log's end. */
export type ReadSegmentHeader = SegmentHeader & { hasRecordedEnd: boolean };

/** The segment files of a directory by their base positions, in order. */
export function listSegments(dataDir: string): { base: number; path: string }[] {
  return readdirSync(dataDir)
    .flatMap((name) => {
      const base = NAME.exec(name)?.[1];
      return base === undefined ? [] : [{ base: Number(base), path: join(dataDir, name) }];
    })
    .sort((a, b) => a.base - b.base);
}

/** Creates a segment and makes both the file and its name durable. */
export function createSegment(dataDir: string, header: SegmentHeader, durable: boolean): Segment {
  const path = join(dataDir, `${String(header.base).padStart(16, '0')}.events`);
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  SEGMENT_MAGIC.copy(bytes, 0);
  bytes.writeUInt32LE(FORMAT, 4);
  bytes.writeDoubleLE(header.base, 8);
  bytes.write(header.logId, 16, 'hex');
  bytes.writeDoubleLE(Date.now(), 32);
  bytes.writeDoubleLE(header.previousEnd, 40);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
  const creating = openSync(path, 'w', OWNER_ONLY_FILE);
  try {
    writeSync(creating, bytes, 0, bytes.length, 0);
    if (durable) fsyncSync(creating);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(creating);
  }
  if (durable) syncDirectory(dataDir);
  // The first segment may have come with its directory.
  if (durable && header.base === 0) syncDirectory(dirname(dataDir));
  return openSegment(path, header.base, durable);
}

/** Opens a segment for reading and for appending. */
export function openSegment(path: string, base: number, durable: boolean): Segment {
  return { base, path, fd: openSync(path, constants.O_RDWR | (durable && WRITES_ARE_SYNCHRONOUS ? constants.O_DSYNC : 0)) };
}

/**
 * On Linux a synchronous write is one trip to the thread pool where write and fdatasync are two, and a sixth faster;
 * elsewhere O_DSYNC promises less than fdatasync does, or does not exist.
 */
export const WRITES_ARE_SYNCHRONOUS = process.platform === 'linux';

/** The header of a segment, or why it is none. */
export function readSegmentHeader(fd: number): ReadSegmentHeader | { fault: string } {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  if (readSync(fd, bytes, 0, SEGMENT_HEADER_BYTES, 0) < SEGMENT_HEADER_BYTES) return { fault: 'the segment header is incomplete' };
  if (!bytes.subarray(0, 4).equals(SEGMENT_MAGIC)) return { fault: 'this is not a segment of an event log' };
  if (crc32(bytes.subarray(0, 60)) !== bytes.readUInt32LE(60)) return { fault: "the segment header's checksum does not match" };
  const format = bytes.readUInt32LE(4);
  const base = bytes.readDoubleLE(8);
  const logId = bytes.toString('hex', 16, 32);
  if (format === FORMAT_WITHOUT_RECORDED_END) return { base, logId, previousEnd: base, hasRecordedEnd: false };
  if (format !== FORMAT) return { fault: `the segment has format ${format}, this version reads ${FORMAT}` };
  return { base, logId, previousEnd: bytes.readDoubleLE(40), hasRecordedEnd: true };
}

/** The size of an open file in bytes. */
export function fileBytes(fd: number): number {
  return fstatSync(fd).size;
}
