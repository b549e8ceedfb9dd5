import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';

import { RECORD_HEADER_BYTES, RECORD_MAGIC, recordAt } from './record.js';
import { faultOfPlace } from './recover.js';
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

export type LogReport = { segments: number; events: number; streams: number; bytes: number; damages: Damage[] };

/** Names lie near the front of a record; a longer one is not worth telling. */
const NAME_SEARCH_BYTES = 4_096;
/** More places than this are not worth listing: the file is lost as a whole. */
const DAMAGES_MAX = 1_000;

/** Reads a whole log without changing it and lists every place that is hurt. The log must not be in use. */
export function checkLog(dataDir: string): LogReport {
  const report: LogReport = { segments: 0, events: 0, streams: 0, bytes: 0, damages: [] };
  const revisions = new Map<string, number>();
  let logId: string | undefined;
  let end = 0;
  const files = listSegments(dataDir);
  for (const [index, file] of files.entries()) {
    const fd = openSync(file.path, 'r');
    try {
      report.segments++;
      report.bytes += fileBytes(fd);
      const header = readSegmentHeader(fd);
      const fault = 'fault' in header ? header.fault : faultOfPlace(header, file.base, logId, end);
      if (!('fault' in header)) logId ??= header.logId;
      const isEmpty = fileBytes(fd) <= SEGMENT_HEADER_BYTES && index === files.length - 1;
      if (fault !== undefined) {
        const kind = isEmpty ? 'unfinished' : 'damaged';
        report.damages.push({ file: basename(file.path), position: file.base, until: file.base + SEGMENT_HEADER_BYTES, reason: fault, kind, hurt: [], says: undefined });
      }
      end = checkSegment(fd, file, index === files.length - 1, report, revisions);
    } finally {
      closeSync(fd);
    }
  }
  report.streams = revisions.size;
  return report;
}

function checkSegment(fd: number, file: { base: number; path: string }, isLast: boolean, report: LogReport, revisions: Map<string, number>): number {
  const { base } = file;
  const fileEnd = base + fileBytes(fd);
  let from = base + SEGMENT_HEADER_BYTES;
  let previous: Damage | undefined;
  for (let damages = 0; damages < DAMAGES_MAX; damages++) {
    const { end, fault } = scanSegment(fd, base, (bytes, offset) => {
      report.events++;
      noteRevision(bytes, offset, revisions, previous);
    }, { from, incompleteToo: true });
    if (fault === undefined) return Math.max(end, fileEnd);
    const next = nextSoundRecord(fd, base, fault.position + 1);
    const kind = isLast && findRecordProvingDamage(fd, base, fault) === undefined ? 'unfinished' : 'damaged';
    const says = nameInRecord(fd, fault.position - base);
    previous = { file: basename(file.path), position: fault.position, until: next ?? fileEnd, reason: fault.reason, kind, hurt: [], says };
    report.damages.push(previous);
    if (kind === 'unfinished' || next === undefined) return fileEnd;
    from = next;
  }
  return fileEnd;
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
