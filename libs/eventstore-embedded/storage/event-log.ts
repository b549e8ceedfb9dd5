import { closeSync, fsyncSync, ftruncateSync, rmSync } from 'node:fs';

import { asLogWriteError, type LogWriteError, type QueuedBatch, takeGroup, type WriteDurably, writeDurably, writeFully } from './append-queue.js';
import type { CutTail } from './cut-tail.js';
import type { LogEndFile } from './log-end.js';
import { RecentRecords } from './recent-records.js';
import { RecordReader } from './record-reader.js';
import { recoverLog } from './recover.js';
import type { RecordVisitor } from './scan-segment.js';
import { createSegment, fileBytes, type Segment, SEGMENT_HEADER_BYTES } from './segment.js';

const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;
/** Appends beyond this wait at the door: a fast writer is slowed, not buffered. */
const QUEUED_BYTES_MAX = 16 * 1024 * 1024;

export type EventLogOptions = {
  dataDir: string;
  /** False: acknowledge when the operating system has the bytes. */
  durable: boolean;
  segmentBytesMax?: number;
  /** How bytes reach the disk; tests put a failing disk here. */
  write?: WriteDurably;
};

/** The append-only, checksummed log in its segment files, with group commit. Knows records, not streams. */
export class EventLog {
  readonly cut: CutTail | undefined;
  readonly records: RecordReader;
  /** Called with the position back to which appends were undone, before their promises are rejected. */
  onRollback: (position: number) => void = () => undefined;
  /** Called with the new {@link durableEnd} whenever more of the log is on disk, before the promises settle. */
  onDurable: (position: number) => void = () => undefined;
  /** Everything before this position is on disk. */
  durableEnd: number;

  private readonly segments: Segment[];
  private readonly logId: string;
  private readonly endFile: LogEndFile;
  private readonly recent = new RecentRecords();
  private readonly write: WriteDurably;
  private readonly segmentBytesMax: number;
  private queue: QueuedBatch[] = [];
  private queuedBytes = 0;
  private writing: Promise<void> | undefined;
  private waitingForRoom: (() => void)[] = [];
  private end: number;
  /** Where the group begins that the next batch will be written with. */
  private groupStart: number;
  private broken: LogWriteError | undefined;

  /** Opens or creates the log in a directory. @throws LogDamagedError */
  constructor(private readonly options: EventLogOptions, visit: RecordVisitor) {
    const recovered = recoverLog(options.dataDir, options.durable, visit);
    this.segments = recovered.segments;
    this.records = new RecordReader(this.segments, this.recent);
    this.logId = recovered.logId;
    this.endFile = recovered.endFile;
    this.cut = recovered.cut;
    this.write = options.write ?? (options.durable ? writeDurably : writeFully);
    this.segmentBytesMax = options.segmentBytesMax ?? SEGMENT_BYTES_MAX;
    this.end = this.durableEnd = recovered.end;
    this.groupStart = options.durable ? recovered.end : (this.segments.at(-1)?.base ?? 0);
  }

  /** Where the files are. */
  get dataDir(): string {
    return this.options.dataDir;
  }

  /** The place for a batch of at most `bytesMax` bytes. @throws LogWriteError after a failure that does not pass */
  reserve(bytesMax: number): { position: number; durableBefore: number } {
    if (this.broken !== undefined) throw this.broken;
    const last = this.segments.at(-1);
    if (last === undefined || this.end + bytesMax - last.base > this.segmentBytesMax) {
      // The file itself is created when its first batch is written: not before everything in front of it is on disk.
      this.segments.push({ base: this.end, path: '', fd: -1 });
      this.groupStart = this.end;
      this.end += SEGMENT_HEADER_BYTES;
    }
    return { position: this.end, durableBefore: this.groupStart };
  }

  /** Queues a batch at the place just reserved; settles once it is on disk, or could not be brought there. */
  append(records: { position: number; record: Buffer }[]): Promise<void> {
    let bytes = 0;
    for (const { position, record } of records) {
      this.recent.add(position, record, this.durableEnd);
      bytes += record.length;
    }
    const position = this.end;
    this.end += bytes;
    return this.enqueue(position, records.map(({ record }) => record), bytes);
  }

  /** Settles when all that is queued now is on disk. */
  async settled(): Promise<void> {
    if (this.durableEnd !== this.end) await this.enqueue(this.end, [], 0);
  }

  /** Settles when there is room in the queue. */
  async room(): Promise<void> {
    while (this.queuedBytes > QUEUED_BYTES_MAX) await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
  }

  get hasRoom(): boolean {
    return this.queuedBytes <= QUEUED_BYTES_MAX;
  }

  private enqueue(position: number, records: Buffer[], bytes: number): Promise<void> {
    const segment = this.segments.at(-1);
    if (segment === undefined) return Promise.resolve();
    this.queuedBytes += bytes;
    return new Promise((resolve, reject) => {
      this.queue.push({ segment, position, records, bytes, resolve, reject });
      // Not at once: the other requests of this turn of the event loop join the same write.
      this.writing ??= new Promise<void>((done) => setImmediate(() => done())).then(() => this.writeQueue());
    });
  }

  private async writeQueue(): Promise<void> {
    while (this.queue.length > 0) {
      const group = takeGroup(this.queue);
      const last = group.at(-1);
      // Without fsync nothing is known to be on disk but what was when the segment began.
      if (this.options.durable && this.queue.length === 0 && last !== undefined) this.groupStart = last.position + last.bytes;
      const failure = await this.writeGroup(group).then(() => undefined, asLogWriteError);
      for (const batch of group) this.queuedBytes -= batch.bytes;
      if (failure === undefined) {
        this.onDurable(this.durableEnd);
        for (const batch of group) batch.resolve();
      } else {
        this.undo(failure, group);
      }
      for (const proceed of this.waitingForRoom.splice(0)) proceed();
    }
    this.writing = undefined;
  }

  private async writeGroup(group: QueuedBatch[]): Promise<void> {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) return;
    const { segment } = first;
    const end = last.position + last.bytes;
    if (end > this.durableEnd) {
      if (segment.fd === -1) this.createFile(segment);
      const bytes = Buffer.concat(group.flatMap((batch) => batch.records));
      await this.write(segment.fd, bytes, first.position - segment.base);
      // Before anyone is told of the group: what anyone was told of is never taken for an unfinished write.
      this.endFile.advance(end, this.options.durable ? end : segment.base);
      this.durableEnd = end;
    }
  }

  private createFile(segment: Segment): void {
    const previous = this.segments[this.segments.indexOf(segment) - 1];
    // Only the newest segment may ever be unfinished, whatever is promised for single appends.
    if (!this.options.durable && previous !== undefined) fsyncSync(previous.fd);
    this.endFile.sync();
    const header = { base: segment.base, logId: this.logId, previousEnd: segment.base };
    Object.assign(segment, createSegment(this.options.dataDir, header, this.options.durable));
  }

  /** Forgets everything that is not on disk, so that the log can go on from there. */
  private undo(error: LogWriteError, group: QueuedBatch[]): void {
    if (!error.isPassing) this.broken = error;
    const failed = [...group, ...this.queue.splice(0)];
    for (const batch of failed.slice(group.length)) this.queuedBytes -= batch.bytes;
    for (let last = this.segments.at(-1); last !== undefined && last.base >= this.durableEnd; last = this.segments.at(-1)) {
      this.segments.pop();
      if (last.fd === -1) continue;
      closeSync(last.fd);
      rmSync(last.path, { force: true });
    }
    const segment = this.segments.at(-1);
    try {
      if (segment !== undefined) ftruncateSync(segment.fd, this.durableEnd - segment.base);
    } catch {
      // What stays behind is neither acknowledged nor read, and the next write or the next start covers it.
    }
    this.end = this.groupStart = this.durableEnd;
    this.recent.removeFrom(this.durableEnd);
    this.onRollback(this.durableEnd);
    for (const batch of failed) batch.reject(error);
  }

  /** Brings everything to the disk, records where the log ends and lets go of the files. */
  async close(): Promise<void> {
    await this.settled().catch(() => undefined);
    const last = this.segments.at(-1);
    // What an undone append left behind, or nobody knows of after an error that does not pass, the next start looks at.
    const fileEnd = last === undefined ? 0 : last.base + fileBytes(last.fd);
    const isWhole = this.broken === undefined && fileEnd === this.durableEnd;
    for (const segment of this.segments) {
      if (segment.fd === -1) continue;
      if (!this.options.durable) fsyncSync(segment.fd);
      closeSync(segment.fd);
    }
    if (isWhole) this.endFile.stopCleanly();
    this.endFile.close();
  }
}
