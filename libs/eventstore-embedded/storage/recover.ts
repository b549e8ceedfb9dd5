import { closeSync, copyFileSync, fsyncSync, ftruncateSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';

import { OWNER_ONLY_FILE } from '../../data-directory/data-directory.js';
import { type Fault, findRecordProvingDamage, type RecordVisitor, scanSegment } from './scan-segment.js';
import { fileBytes, listSegments, openSegment, readSegmentHeader, type Segment, SEGMENT_HEADER_BYTES } from './segment.js';

/** The end of the log that a crash left unfinished: it was never acknowledged. */
export type CutTail = { file: string; position: number; bytes: number; reason: string; savedAs: string };
export type RecoveredLog = { segments: Segment[]; logId: string; end: number; cut: CutTail | undefined };

/** What was cut, in a sentence for the operator. */
export function describeCut(cut: CutTail): string {
  return `The event log ended in ${cut.bytes} unfinished bytes at position ${cut.position} of ${cut.file} (${cut.reason}). They were cut and kept in ${cut.savedAs}.`;
}

/** The log is damaged where it was once whole; going on would lose acknowledged events without a word. */
export class LogDamagedError extends Error {
  override readonly name = 'LogDamagedError';
  constructor(dataDir: string, file: string, position: number, reason: string) {
    super(
      `The event log is damaged in ${file} at position ${position}: ${reason}. It holds sound events behind that place, so the server does not start. ` +
        `Run "pipeledger eventstore check --data ${dataDir}" to see what is hurt, and restore the file from a copy.`,
    );
  }
}

/**
 * Opens the segments of a log, verifies every record and shows each to `visit`, and cuts an unfinished tail.
 * What is cut is kept in a file beside the log.
 * @throws LogDamagedError when there are sound events behind a fault
 */
export function recoverLog(dataDir: string, durable: boolean, visit: RecordVisitor): RecoveredLog {
  const files = listSegments(dataDir);
  const segments: Segment[] = [];
  let logId: string | undefined;
  let end = 0;
  try {
    for (const [index, file] of files.entries()) {
      const isLast = index === files.length - 1;
      const segment = openSegment(file.path, file.base, durable);
      segments.push(segment);
      const header = readSegmentHeader(segment.fd);
      const fault = 'fault' in header ? header.fault : faultOfPlace(header, segment.base, logId, end);
      if (fault !== undefined || 'fault' in header) {
        return dropUnfinishedSegment(dataDir, { segments, logId, end }, isLast, fault ?? 'no header');
      }
      logId = header.logId;

      const scan = scanSegment(segment.fd, segment.base, visit);
      end = scan.end;
      if (scan.fault === undefined) continue;
      if (!isLast) throw new LogDamagedError(dataDir, basename(file.path), scan.fault.position, scan.fault.reason);
      const cut = cutTail(dataDir, segment, scan.end, scan.fault);
      return { segments, logId, end, cut };
    }
  } catch (error) {
    for (const segment of segments) closeSync(segment.fd);
    throw error;
  }
  // A killed server may have left its last, unacknowledged write in the page cache: it is about to be shown to readers.
  const last = segments.at(-1);
  if (durable && last !== undefined) fsyncSync(last.fd);
  return { segments, logId: logId ?? randomBytes(16).toString('hex'), end, cut: undefined };
}

/** Why a sound header does not continue the log so far. */
export function faultOfPlace(header: { base: number; logId: string }, base: number, logId: string | undefined, end: number): string | undefined {
  if (header.base !== base) return `the file is named ${base} but begins at ${header.base}`;
  if (base !== end) return `a segment is missing between ${end} and ${base}`;
  return logId === undefined || header.logId === logId ? undefined : 'the segment belongs to another log';
}

/** A crash while a segment was being created leaves a last file that holds nothing yet. */
function dropUnfinishedSegment(dataDir: string, log: { segments: Segment[]; logId: string | undefined; end: number }, isLast: boolean, reason: string): RecoveredLog {
  const segment = log.segments.at(-1);
  if (segment === undefined) throw new Error('There is no segment to drop.');
  const file = basename(segment.path);
  if (!isLast || segment.base !== log.end || fileBytes(segment.fd) > SEGMENT_HEADER_BYTES) throw new LogDamagedError(dataDir, file, segment.base, reason);
  const savedAs = `cut-${segment.base}-${Date.now()}.bin`;
  const bytes = fileBytes(segment.fd);
  copyFileSync(segment.path, join(dataDir, savedAs));
  closeSync(segment.fd);
  log.segments.pop();
  rmSync(segment.path);
  const logId = log.logId ?? randomBytes(16).toString('hex');
  return { segments: log.segments, logId, end: log.end, cut: { file, position: segment.base, bytes, reason, savedAs } };
}

function cutTail(dataDir: string, segment: Segment, end: number, fault: Fault): CutTail {
  const file = basename(segment.path);
  if (findRecordProvingDamage(segment.fd, segment.base, fault) !== undefined) throw new LogDamagedError(dataDir, file, fault.position, fault.reason);

  const tail = Buffer.alloc(fileBytes(segment.fd) - (end - segment.base));
  readSync(segment.fd, tail, 0, tail.length, end - segment.base);
  const savedAs = `cut-${end}-${Date.now()}.bin`;
  writeFileSync(join(dataDir, savedAs), tail, { mode: OWNER_ONLY_FILE });
  const fd = openSync(segment.path, 'r+');
  try {
    ftruncateSync(fd, end - segment.base);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return { file, position: end, bytes: tail.length, reason: fault.reason, savedAs };
}
