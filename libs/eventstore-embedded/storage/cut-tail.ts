import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { OWNER_ONLY_FILE } from '../../data-directory/data-directory.js';
import { syncDirectory } from '../../data-directory/sync-directory.js';
import type { WalkedLog } from './log-damage.js';
import { END_FILE, type LogEnd, writeLogEnd } from './log-end.js';
import { fileBytes, type Segment } from './segment.js';

/** The end of the log that a crash left unfinished. */
export type CutTail = {
  file: string;
  position: number;
  bytes: number;
  /** Bytes that were acknowledged, without fsync, and are gone. */
  lost: number;
  reason: string;
  /** Undefined where nothing was left to be kept. */
  savedAs: string | undefined;
};

/** What was cut, in sentences for the operator. */
export function describeCut({ file, position, bytes, lost, reason, savedAs }: CutTail): string {
  const kept = savedAs === undefined ? '' : ` They were cut and kept in ${savedAs}.`;
  const gone = lost === 0 ? '' : ` Events acknowledged without fsync are gone: ${lost} bytes behind that position.`;
  const place = `at position ${position} of ${file}`;
  return `The event log ended in ${bytes} unfinished bytes ${place} (${reason}).${kept}${gone}`;
}

/**
 * Cuts everything behind the end of a walked log. The record goes first: from then on no position of what is cut, nor
 * of what was acknowledged, is given out again, however often the server dies on the way. `sound`: the record so far.
 */
export function cutTail(
  dataDir: string, walked: WalkedLog, sound: LogEnd, acknowledged: number,
): { tail: CutTail; recorded: LogEnd } {
  const { segments, end, unfinished } = walked;
  const last = segments.at(-1);
  const fileEnd = last === undefined ? 0 : last.base + fileBytes(last.fd);
  const recorded: LogEnd = { ...sound, next: Math.max(sound.next, acknowledged, fileEnd) };
  const from = Math.max(end, last?.base ?? 0);
  const bytes = Math.max(0, fileEnd - from);
  const tail: CutTail = {
    file: last === undefined ? END_FILE : basename(last.path),
    position: from,
    bytes,
    lost: Math.max(0, acknowledged - end),
    reason: unfinished?.reason ?? 'the log ends here',
    savedAs: last === undefined || bytes === 0 ? undefined : saveTail(dataDir, last, from, bytes),
  };
  writeLogEnd(dataDir, recorded);
  if (last !== undefined && last.base >= end) {
    closeSync(last.fd);
    segments.pop();
    rmSync(last.path);
    syncDirectory(dataDir);
  } else if (last !== undefined) {
    truncate(last.path, end - last.base);
  }
  return { tail, recorded };
}

/** Keeps the bytes of a segment from a position on in a file beside the log. */
export function saveTail(dataDir: string, segment: Segment, from: number, bytes: number): string {
  const tail = Buffer.alloc(bytes);
  readSync(segment.fd, tail, 0, bytes, from - segment.base);
  const savedAs = `cut-${from}-${Date.now()}.bin`;
  writeFileSync(join(dataDir, savedAs), tail, { mode: OWNER_ONLY_FILE, flush: true });
  return savedAs;
}

/** Shortens a file, durably. */
export function truncate(path: string, length: number): void {
  const fd = openSync(path, 'r+');
  try {
    ftruncateSync(fd, length);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
