import { END_FILE, type LogEnd, type RecordedEnd } from './log-end.js';
import type { Fault } from './scan-segment.js';
import type { Segment, SegmentHeader } from './segment.js';

/** Where the log is damaged. */
export type DamagedPlace = {
  file: string;
  position: number;
  /** Counts the bytes of the file. */
  offset?: number;
  /** Where the last sound batch before it ends. */
  soundEnd?: number;
};

/** The log is not what was acknowledged; going on would lose events without a word. */
export class LogDamagedError extends Error {
  override readonly name = 'LogDamagedError';
  constructor(dataDir: string, { file, position, offset, soundEnd }: DamagedPlace, reason: string) {
    const byte = offset === undefined ? '' : ` (byte ${offset} of the file)`;
    super(
      `The event log is damaged in ${file} at position ${position}${byte}: ${reason}. ` +
        'Acknowledged events are at stake, so the server does not start. ' +
        `Run "pipeledger eventstore check --data ${dataDir}" to see what is hurt, and restore the file from a copy` +
        `${soundEnd === undefined ? '' : `; where there is none, ${wayOut(dataDir, soundEnd)}`}.`,
    );
  }
}

const wayOut = (dataDir: string, soundEnd: number): string =>
  `"pipeledger eventstore cut --data ${dataDir} --at ${soundEnd}" gives up everything behind that position`;

/** What the segments of a log hold, up to the first fault. */
export type FoundLog = {
  logId: string | undefined;
  /** Where the last complete batch ends. */
  end: number;
  /** A segment says that the log has an end record. */
  hasRecordedEnd: boolean;
  /** What follows the end and is no complete batch. */
  unfinished: Fault | undefined;
  /** The newest file; undefined if there is none. */
  lastFile: string | undefined;
};

export type WalkedLog = FoundLog & { segments: Segment[] };

export type Contradiction = { file: string; position: number; reason: string };

/** How the segments contradict the recorded end: then the log was whole once, and its end is no torn write. */
export function contradictionOf(recorded: RecordedEnd, found: FoundLog): Contradiction | undefined {
  switch (recorded.kind) {
    case 'damaged':
      return { file: END_FILE, position: found.end, reason: recorded.reason };
    case 'absent':
      if (!found.hasRecordedEnd) return undefined;
      return { file: END_FILE, position: found.end, reason: 'the file is missing: only it tells where the log ends' };
    case 'recorded':
      return contradictionOfEnd(recorded.end, found);
  }
}

function contradictionOfEnd(recorded: LogEnd, found: FoundLog): Contradiction | undefined {
  const { logId, end, unfinished, lastFile = END_FILE } = found;
  if (logId !== undefined && logId !== recorded.logId) {
    return { file: END_FILE, position: end, reason: 'the record belongs to another log' };
  }
  const promised = recorded.isClean ? recorded.end : recorded.durable;
  if (end < promised) {
    const reason = unfinished?.reason ?? 'the log ends here';
    const position = unfinished?.position ?? end;
    return { file: lastFile, position, reason: `${reason}, but events were acknowledged up to position ${promised}` };
  }
  if (recorded.isClean && (unfinished !== undefined || end > recorded.end)) {
    const reason = `the log was stopped cleanly at position ${recorded.end}, but something follows`;
    return { file: lastFile, position: recorded.end, reason };
  }
  return undefined;
}

/** Why a sound header does not continue the log so far. */
export function faultOfPlace(
  header: SegmentHeader, base: number, logId: string | undefined, end: number,
): string | undefined {
  if (header.base !== base) return `the file is named ${base} but begins at ${header.base}`;
  if (header.previousEnd !== end) return `a segment is missing between ${end} and ${header.previousEnd}`;
  return logId === undefined || header.logId === logId ? undefined : 'the segment belongs to another log';
}
