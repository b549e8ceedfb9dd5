import { closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { syncDirectory } from '../../data-directory/sync-directory.js';
import { checkLog } from './check-log.js';
import { saveTail, truncate } from './cut-tail.js';
import { type LogEnd, readLogEnd, writeLogEnd } from './log-end.js';
import { recordAt } from './record.js';
import { scanSegment } from './scan-segment.js';
import { fileBytes, listSegments, SEGMENT_HEADER_BYTES } from './segment.js';

/** Without an end record nobody knows which positions were given out: more than any log of this kind ever used. */
const UNKNOWN_POSITIONS = 2 ** 40;

export type LogCut = { at: number; bytes: number; next: number; savedAs: string[] };

/** The log cannot be cut there. */
export class CutRefusedError extends Error {
  override readonly name = 'CutRefusedError';
}

/**
 * Gives up everything from a position on, which must be where a batch ends in the sound part of the log. What is cut is
 * kept in files beside the log; the log goes on behind every position that was ever given out. It must not be in use.
 * @throws CutRefusedError
 */
export function cutLog(dataDir: string, at: number): LogCut {
  const { soundEnd, logId } = checkLog(dataDir);
  const files = listSegments(dataDir).map((file) => ({ ...file, bytes: bytesOf(file.path) }));
  const holder = files.filter(({ base }) => base < at).at(-1);
  if (at > soundEnd) {
    throw new CutRefusedError(`The log is whole up to position ${soundEnd} only: it cannot be cut at ${at}.`);
  }
  const endsBatch = holder === undefined ? at === 0 : endsBatchAt(holder, at);
  if (!endsBatch) throw new CutRefusedError(`No batch ends at position ${at}.`);

  const savedAs: string[] = [];
  for (const { path, base } of files) {
    if (base < at) continue;
    savedAs.push(freeName(dataDir, base));
    renameSync(path, join(dataDir, savedAs.at(-1) ?? ''));
  }
  if (holder !== undefined && holder.base + holder.bytes > at) savedAs.push(cutFile(dataDir, holder, at));
  syncDirectory(dataDir);
  const end = endAfterCut(dataDir, at, logId, files);
  // Last: a cut that a crash interrupts leaves a log that does not start, and can be made again.
  writeLogEnd(dataDir, end);
  const bytes = files.reduce((sum, file) => sum + Math.max(0, file.base + file.bytes - Math.max(at, file.base)), 0);
  return { at, bytes, next: end.next, savedAs };
}

type FileSize = { base: number; bytes: number };

function endAfterCut(dataDir: string, at: number, foundId: string | undefined, files: FileSize[]): LogEnd {
  const recorded = readLogEnd(dataDir);
  const known = recorded.kind === 'recorded' ? recorded.end : undefined;
  const filesEnd = Math.max(0, ...files.map(({ base, bytes }) => base + bytes));
  const next = known === undefined ? filesEnd + UNKNOWN_POSITIONS : Math.max(known.next, known.end, filesEnd);
  const logId = known?.logId ?? foundId ?? randomBytes(16).toString('hex');
  return { logId, epoch: (known?.epoch ?? 0) + 1, end: at, durable: at, next, isClean: false };
}

function endsBatchAt({ path, base }: { path: string; base: number }, at: number): boolean {
  if (at === base + SEGMENT_HEADER_BYTES) return true;
  const fd = openSync(path, 'r');
  let ends = false;
  try {
    scanSegment(fd, base, (bytes, offset, position) => {
      ends ||= recordAt.endsBatch(bytes, offset) && position + recordAt.bytes(bytes, offset) === at;
    });
  } finally {
    closeSync(fd);
  }
  return ends;
}

function cutFile(dataDir: string, { path, base, bytes }: FileSize & { path: string }, at: number): string {
  const fd = openSync(path, 'r');
  try {
    const savedAs = saveTail(dataDir, { path, base, fd }, at, base + bytes - at);
    truncate(path, at - base);
    return savedAs;
  } finally {
    closeSync(fd);
  }
}

function freeName(dataDir: string, position: number): string {
  const name = `cut-${position}-${Date.now()}.bin`;
  if (existsSync(join(dataDir, name))) throw new CutRefusedError(`${name} exists already: try again.`);
  return name;
}

function bytesOf(path: string): number {
  const fd = openSync(path, 'r');
  try {
    return fileBytes(fd);
  } finally {
    closeSync(fd);
  }
}
