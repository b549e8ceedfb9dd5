import { closeSync, fsyncSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';

import { cutTail, type CutTail } from './cut-tail.js';
import { contradictionOf, faultOfPlace, LogDamagedError, type WalkedLog } from './log-damage.js';
import { type LogEnd, LogEndFile, readLogEnd } from './log-end.js';
import { findRecordProvingDamage, type RecordVisitor, scanSegment } from './scan-segment.js';
import {
  createSegment, fileBytes, listSegments, openSegment, readSegmentHeader, type Segment, SEGMENT_HEADER_BYTES,
} from './segment.js';

export type RecoveredLog = {
  segments: Segment[];
  logId: string;
  /** Where the next batch goes. */
  end: number;
  endFile: LogEndFile;
  cut: CutTail | undefined;
};

/**
 * Opens the segments of a log, verifies every record and shows each to `visit`, cuts an unfinished tail and goes on
 * behind it. What is cut is kept in a file beside the log. A log without an end record adopts one.
 * @throws LogDamagedError when the log is not what was acknowledged
 */
export function recoverLog(dataDir: string, durable: boolean, visit: RecordVisitor): RecoveredLog {
  const recorded = readLogEnd(dataDir);
  const walked = walkSegments(dataDir, { durable, hasRecord: recorded.kind === 'recorded' }, visit);
  const { segments } = walked;
  try {
    const wrong = contradictionOf(recorded, walked);
    if (wrong !== undefined) throw damagedAt(dataDir, segments, wrong, walked.end, wrong.reason);
    const known = recorded.kind === 'recorded' ? recorded.end : undefined;
    const before: LogEnd = {
      logId: known?.logId ?? walked.logId ?? randomBytes(16).toString('hex'),
      epoch: known?.epoch ?? 0,
      end: walked.end,
      durable: walked.end,
      next: Math.max(known?.next ?? 0, walked.end),
      isClean: false,
    };
    const isCut = walked.unfinished !== undefined || walked.end < (known?.end ?? 0);
    const cut = isCut ? cutTail(dataDir, walked, { ...before, epoch: before.epoch + 1 }, known?.end ?? 0) : undefined;
    // A killed server may have left its last write in the page cache, untold: readers are about to see it.
    const last = segments.at(-1);
    if (last !== undefined) fsyncSync(last.fd);
    return { ...goOn(dataDir, durable, walked, cut?.recorded ?? before), cut: cut?.tail };
  } catch (error) {
    for (const segment of segments) closeSync(segment.fd);
    throw error;
  }
}

/** Begins a segment where the next position is not the end, and where the log has an end record for the first time. */
function goOn(dataDir: string, durable: boolean, walked: WalkedLog, recorded: LogEnd): Omit<RecoveredLog, 'cut'> {
  const { segments, hasRecordedEnd } = walked;
  const { logId } = recorded;
  let { end } = recorded;
  if (recorded.next > end || (segments.length > 0 && !hasRecordedEnd)) {
    // The record comes first: a log whose segments ask for one must have it.
    new LogEndFile(dataDir, recorded).close();
    segments.push(createSegment(dataDir, { base: recorded.next, logId, previousEnd: end }, durable));
    end = recorded.next + SEGMENT_HEADER_BYTES;
  }
  return { segments, logId, end, endFile: new LogEndFile(dataDir, { ...recorded, end, durable: end, next: end }) };
}

type WalkOptions = { durable: boolean; hasRecord: boolean };

/**
 * Opens all segments and verifies them up to the first fault.
 * @throws LogDamagedError when the fault is not at the end, or when what is behind it proves that it was whole once
 */
function walkSegments(dataDir: string, { durable, hasRecord }: WalkOptions, visit: RecordVisitor): WalkedLog {
  const files = listSegments(dataDir);
  const lastFile = files.map(({ path }) => basename(path)).at(-1);
  const nothing = { logId: undefined, end: 0, hasRecordedEnd: false, unfinished: undefined };
  const found: WalkedLog = { ...nothing, segments: [], lastFile };
  try {
    for (const [index, file] of files.entries()) {
      const segment = openSegment(file.path, file.base, durable);
      found.segments.push(segment);
      walkSegment(dataDir, segment, found, { isLast: index === files.length - 1, hasRecord, visit });
    }
  } catch (error) {
    for (const segment of found.segments) closeSync(segment.fd);
    throw error;
  }
  return found;
}

type WalkStep = { isLast: boolean; hasRecord: boolean; visit: RecordVisitor };

function walkSegment(dataDir: string, segment: Segment, found: WalkedLog, step: WalkStep): void {
  const { isLast, hasRecord, visit } = step;
  const header = readSegmentHeader(segment.fd);
  const misplaced = 'fault' in header ? header.fault : faultOfPlace(header, segment.base, found.logId, found.end);
  if (misplaced !== undefined || 'fault' in header) {
    const reason = misplaced ?? 'no header';
    const isUnfinished = isLast && holdsNothing(segment, found.end, hasRecord);
    if (!isUnfinished) throw damagedAt(dataDir, found.segments, segment, found.end, reason);
    found.unfinished = { position: segment.base, reason };
    return;
  }
  found.logId = header.logId;
  found.hasRecordedEnd ||= header.hasRecordedEnd;
  const { end, fault } = scanSegment(segment.fd, segment.base, visit);
  found.end = end;
  if (fault === undefined) return;
  const isDamage = !isLast || findRecordProvingDamage(segment.fd, segment.base, fault) !== undefined;
  if (isDamage) throw damagedAt(dataDir, found.segments, fault, end, fault.reason);
  found.unfinished = fault;
}

/** A crash while a segment was being created leaves a last file that holds nothing yet. */
export function holdsNothing(segment: { base: number; fd: number }, end: number, hasRecord: boolean): boolean {
  // Gaps between segments came with the record.
  const isNext = hasRecord ? segment.base >= end : segment.base === end;
  return isNext && fileBytes(segment.fd) <= SEGMENT_HEADER_BYTES;
}

type Place = { file?: string; position?: number; base?: number };

function damagedAt(dataDir: string, segments: Segment[], at: Place, soundEnd: number, reason: string): LogDamagedError {
  const position = at.position ?? at.base ?? soundEnd;
  const segment = segments.filter(({ base }) => base <= position).at(-1);
  const file = at.file ?? (segment === undefined ? 'the log' : basename(segment.path));
  const offset = segment !== undefined && file === basename(segment.path) ? position - segment.base : undefined;
  return new LogDamagedError(dataDir, { file, position, soundEnd, ...(offset !== undefined && { offset }) }, reason);
}
