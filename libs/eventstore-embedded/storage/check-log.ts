import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';

import { contradictionOf, faultOfPlace, type FoundLog } from './log-damage.js';
import { END_FILE, readLogEnd, type RecordedEnd } from './log-end.js';
import { RECORD_HEADER_BYTES, RECORD_MAGIC, recordAt } from './record.js';
import { holdsNothing } from './recover.js';
import { findRecordProvingDamage, nextSoundRecord, scanSegment } from './scan-segment.js';
import { fileBytes, listSegments, readSegmentHeader, SEGMENT_HEADER_BYTES } from './segment.js';

/** A place where the log is not what it should be. */
export type Damage = {
  file: string;
  /** From this position … */
  position: number;
  /** … up to here nothing could be read; the next sound event, or the end of the file. */
  until: number;
  reason: string;
  /** `unfinished`: the end of a write that a crash cut short; the next start removes it. `damaged`: needs a copy. */
  kind: 'unfinished' | 'damaged';
  /** The events that are missing, as far as sound ones behind them tell. */
  hurt: string[];
  /** What the hurt record says it is; true only if that part of it is whole. */
  says: string | undefined;
};

export type LogReport = {
  segments: number;
  events: number;
  streams: number;
  bytes: number;
  /** The log's identity and how often it was cut; undefined where it does not say. */
  logId: string | undefined;
  epoch: number;
  /** Where the last batch before the first damage ends. */
  soundEnd: number;
  damages: Damage[];
};

/** Names lie near the front of a record; a longer one is not worth telling. */
const NAME_SEARCH_BYTES = 4_096;
/** More places than this are not worth listing: the file is lost as a whole. */
const DAMAGES_MAX = 1_000;

/** Reads a whole log without changing it and lists every place that is hurt. The log must not be in use. */
export function checkLog(dataDir: string): LogReport {
  const recorded = readLogEnd(dataDir);
  const files = listSegments(dataDir);
  const lastFile = files.map(({ path }) => basename(path)).at(-1);
  const report: LogReport = {
    segments: files.length, events: 0, streams: 0, bytes: 0, logId: undefined, epoch: 0, soundEnd: 0, damages: [],
  };
  const found: FoundLog = { logId: undefined, end: 0, hasRecordedEnd: false, unfinished: undefined, lastFile };
  const revisions = new Map<string, number>();
  for (const [index, file] of files.entries()) {
    const fd = openSync(file.path, 'r');
    try {
      report.bytes += fileBytes(fd);
      const isLast = index === files.length - 1;
      checkSegment({ ...file, fd, isLast, hasRecord: recorded.kind === 'recorded' }, found, report, revisions);
      if (report.damages.length === 0) report.soundEnd = found.end;
    } finally {
      closeSync(fd);
    }
  }
  report.streams = revisions.size;
  report.logId = found.logId;
  if (recorded.kind === 'recorded') Object.assign(report, { logId: recorded.end.logId, epoch: recorded.end.epoch });
  checkRecordedEnd(recorded, { ...found, end: report.soundEnd }, report);
  return report;
}

/** What is taken for an unfinished write is damage where the record says that it was acknowledged. */
function checkRecordedEnd(recorded: RecordedEnd, found: FoundLog, report: LogReport): void {
  const wrong = contradictionOf(recorded, found);
  if (wrong === undefined) return;
  const { file, position, reason } = wrong;
  const known = report.damages.find((damage) => damage.kind === 'damaged');
  // The end cannot be where it was, if there is damage before it.
  if (known !== undefined && file !== END_FILE) return;
  const unfinished = report.damages.find(({ kind }) => kind === 'unfinished');
  if (unfinished !== undefined && file !== END_FILE) Object.assign(unfinished, { kind: 'damaged', reason });
  else report.damages.push({ file, position, until: position, reason, kind: 'damaged', hurt: [], says: undefined });
}

type CheckedFile = { base: number; path: string; fd: number; isLast: boolean; hasRecord: boolean };

function checkSegment(file: CheckedFile, found: FoundLog, report: LogReport, revisions: Map<string, number>): void {
  const { base, fd, isLast } = file;
  const name = basename(file.path);
  const header = readSegmentHeader(fd);
  const misplaced = 'fault' in header ? header.fault : faultOfPlace(header, base, found.logId, found.end);
  if (!('fault' in header)) {
    found.logId ??= header.logId;
    found.hasRecordedEnd ||= header.hasRecordedEnd;
  }
  if (misplaced !== undefined) {
    const kind = isLast && holdsNothing(file, found.end, file.hasRecord) ? 'unfinished' : 'damaged';
    if (kind === 'unfinished') found.unfinished = { position: base, reason: misplaced };
    const until = base + SEGMENT_HEADER_BYTES;
    report.damages.push({ file: name, position: base, until, reason: misplaced, kind, hurt: [], says: undefined });
    if (kind === 'unfinished') return;
  }
  checkRecords(file, found, report, revisions);
}

function checkRecords(file: CheckedFile, found: FoundLog, report: LogReport, revisions: Map<string, number>): void {
  const { base, path, fd, isLast } = file;
  const fileEnd = base + fileBytes(fd);
  let from = base + SEGMENT_HEADER_BYTES;
  let previous: Damage | undefined;
  for (let damages = 0; damages < DAMAGES_MAX; damages++) {
    const { end, fault } = scanSegment(fd, base, (bytes, offset) => {
      report.events++;
      noteRevision(bytes, offset, revisions, previous);
    }, { from, incompleteToo: true });
    if (report.damages.length === 0) report.soundEnd = end;
    found.end = fault === undefined ? Math.max(end, fileEnd) : fileEnd;
    if (fault === undefined) return;
    const next = nextSoundRecord(fd, base, fault.position + 1);
    const kind = isLast && findRecordProvingDamage(fd, base, fault) === undefined ? 'unfinished' : 'damaged';
    const says = nameInRecord(fd, fault.position - base);
    const until = next ?? fileEnd;
    previous = { file: basename(path), position: fault.position, until, reason: fault.reason, kind, hurt: [], says };
    report.damages.push(previous);
    if (kind === 'unfinished') found.unfinished = fault;
    if (kind === 'unfinished' || next === undefined) return;
    from = next;
  }
}

/** Revisions count up without gaps, so a jump behind a damage says what was in it. */
function noteRevision(bytes: Buffer, offset: number, revisions: Map<string, number>, damage: Damage | undefined): void {
  const stream = recordAt.stream(bytes, offset);
  const last = revisions.get(stream) ?? -1;
  if (recordAt.isTombstone(bytes, offset)) {
    revisions.set(stream, last);
    return;
  }
  const revision = recordAt.revision(bytes, offset);
  if (revision > last + 1 && damage !== undefined) {
    damage.hurt.push(revision === last + 2 ? `${stream} revision ${last + 1}` : `${stream} revisions ${last + 1} to ${revision - 1}`);
  }
  revisions.set(stream, Math.max(last, revision));
}

function nameInRecord(fd: number, offset: number): string | undefined {
  const bytes = Buffer.alloc(NAME_SEARCH_BYTES);
  readSync(fd, bytes, 0, bytes.length, offset);
  if (!bytes.subarray(0, RECORD_MAGIC.length).equals(RECORD_MAGIC)) return undefined;
  const revision = recordAt.revision(bytes, 0);
  const nameEnd = bytes.readUInt32LE(64) + bytes.readUInt32LE(68);
  if (!Number.isSafeInteger(revision) || revision < 0 || bytes.readUInt32LE(64) < RECORD_HEADER_BYTES || nameEnd > bytes.length) return undefined;
  return `${recordAt.stream(bytes, 0)} revision ${revision}`;
}
