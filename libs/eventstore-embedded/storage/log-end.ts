import { crc32 } from 'node:zlib';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { OWNER_ONLY_FILE } from '../../data-directory/data-directory.js';
import { syncDirectory } from '../../data-directory/sync-directory.js';

/**
 * The file `log.end` records how far the log was acknowledged: two equal copies, 512 bytes apart, little-endian:
 *
 *   0 4 bytes magic · 4 u32 format · 8 16 bytes id of the log · 24 f64 end · 32 f64 durable · 40 f64 next
 *  48 u32 epoch · 52 u32 flags (1: stopped cleanly) · 56 u32 CRC-32 of 0..55
 *
 * It is written after a group of appends is on disk and before anyone is told of it, so it never promises what the disk
 * does not have, and after a killed process it covers all that was acknowledged. It is synced at each start, at each
 * change of segment and at a clean stop; in between a power cut may leave an older record, which promises less.
 */
export const END_FILE = 'log.end';
const COPY_BYTES = 512;
const COPIES = 2;
const CONTENT_BYTES = 60;
const MAGIC = Buffer.from('PLeE', 'latin1');
const FORMAT = 1;
const CLEAN = 1;

export type LogEnd = {
  logId: string;
  /** How often the log was cut. */
  epoch: number;
  /** Where the last acknowledged batch ends. */
  end: number;
  /** Everything before this position was on disk: smaller than `end` only in a log written without fsync. */
  durable: number;
  /** Where the log goes on; larger than `end` only after a cut, so that no position is given out twice. */
  next: number;
  /** Nothing was written behind `end`. */
  isClean: boolean;
};

/** What the directory says about the end of its log. `absent`: the log was made by a version that did not record it. */
export type RecordedEnd = { kind: 'recorded'; end: LogEnd } | { kind: 'absent' } | { kind: 'damaged'; reason: string };

/** Reads the recorded end of a log. One whole copy is enough. */
export function readLogEnd(dataDir: string): RecordedEnd {
  const path = join(dataDir, END_FILE);
  if (!existsSync(path)) return { kind: 'absent' };
  const bytes = readFileSync(path);
  const copies: LogEnd[] = [];
  let reason = 'both copies of the record are damaged';
  for (let copy = 0; copy < COPIES; copy++) {
    const decoded = decode(bytes.subarray(copy * COPY_BYTES, (copy + 1) * COPY_BYTES));
    if (typeof decoded === 'string') reason = decoded;
    else copies.push(decoded);
  }
  const newest = copies.sort(newestFirst)[0];
  return newest === undefined ? { kind: 'damaged', reason } : { kind: 'recorded', end: newest };
}

/** A power cut may leave one copy older than the other. Of two alike, the open one promises less. */
function newestFirst(a: LogEnd, b: LogEnd): number {
  return b.epoch - a.epoch || b.end - a.end || Number(a.isClean) - Number(b.isClean);
}

/** Creates or replaces the record, and makes it durable. */
export function writeLogEnd(dataDir: string, end: LogEnd): void {
  new LogEndFile(dataDir, end).close();
}

/** The record of an open log. */
export class LogEndFile {
  private readonly fd: number;

  /** Writes the record and makes it durable. */
  constructor(dataDir: string, private state: LogEnd) {
    const path = join(dataDir, END_FILE);
    const isNew = !existsSync(path);
    this.fd = openSync(path, isNew ? 'wx+' : 'r+', OWNER_ONLY_FILE);
    this.write(state);
    this.sync();
    if (isNew) syncDirectory(dataDir);
  }

  /** Moves the end on. Both copies lie in one page: a killed process leaves the record before or the record after. */
  advance(end: number, durable: number): void {
    this.write({ ...this.state, end, durable, next: end });
  }

  /** Makes the record durable. */
  sync(): void {
    fsyncSync(this.fd);
  }

  /** Records that nothing follows, durably. */
  stopCleanly(): void {
    this.write({ ...this.state, durable: this.state.end, isClean: true });
    this.sync();
  }

  close(): void {
    closeSync(this.fd);
  }

  private write(state: LogEnd): void {
    const bytes = encode(state);
    const written = writeSync(this.fd, bytes, 0, bytes.length, 0);
    if (written < bytes.length) throw new Error(`${END_FILE} could not be written whole.`);
    this.state = state;
  }
}

function encode(end: LogEnd): Buffer {
  const bytes = Buffer.alloc(COPY_BYTES * COPIES);
  MAGIC.copy(bytes, 0);
  bytes.writeUInt32LE(FORMAT, 4);
  bytes.write(end.logId, 8, 'hex');
  bytes.writeDoubleLE(end.end, 24);
  bytes.writeDoubleLE(end.durable, 32);
  bytes.writeDoubleLE(end.next, 40);
  bytes.writeUInt32LE(end.epoch, 48);
  bytes.writeUInt32LE(end.isClean ? CLEAN : 0, 52);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 56)), 56);
  bytes.copy(bytes, COPY_BYTES, 0, CONTENT_BYTES);
  return bytes;
}

function decode(bytes: Buffer): LogEnd | string {
  if (bytes.length < CONTENT_BYTES) return 'the record is incomplete';
  if (!bytes.subarray(0, 4).equals(MAGIC)) return 'this is not the end record of an event log';
  if (crc32(bytes.subarray(0, 56)) !== bytes.readUInt32LE(56)) return "the record's checksum does not match";
  const format = bytes.readUInt32LE(4);
  if (format !== FORMAT) return `the record has format ${format}, this version reads ${FORMAT}`;
  return {
    logId: bytes.toString('hex', 8, 24),
    epoch: bytes.readUInt32LE(48),
    end: bytes.readDoubleLE(24),
    durable: bytes.readDoubleLE(32),
    next: bytes.readDoubleLE(40),
    isClean: (bytes.readUInt32LE(52) & CLEAN) !== 0,
  };
}
