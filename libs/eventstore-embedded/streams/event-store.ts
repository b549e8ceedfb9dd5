import { randomBytes } from 'node:crypto';

import { EventIndex } from '../index/event-index.js';
import { isMetastream, metastreamOf, originalOf, parseStreamMetadata, SOFT_DELETE_JSON, withTruncateBefore } from '../index/stream-metadata.js';
import { decodeEvent } from '../storage/decode-event.js';
import { EventLog, type EventLogOptions } from '../storage/event-log.js';
import { LogDamagedError } from '../storage/log-damage.js';
import { encodeRecord, recordAt, RECORD_HEADER_BYTES, TOMBSTONE_REVISION } from '../storage/record.js';
import { checkExpectedRevision, type ExpectedRevision, type StreamView } from './check-expected-revision.js';

export type NewEvent = { id: Buffer; type: string; isJson: boolean; data: Uint8Array; metadata: Uint8Array };

export type AppendResult =
  | { kind: 'appended'; /** -1: nothing was appended to a stream without events. */ lastRevision: number; position: number | undefined }
  | { kind: 'wrong-expected-revision'; /** -1: there is no stream. */ actual: number }
  | { kind: 'stream-deleted' }
  /** The same events are on their way to the disk: as the real server, this one never answers such a repeat. */
  | { kind: 'repeat-under-way' };

type PlacedEvent = NewEvent & { stream: string; revision: number | typeof TOMBSTONE_REVISION };

/** What names, tags and lengths may add to an event's own bytes, with room to spare. */
const FRAME_OVERHEAD_BYTES = 320;
const NOTHING = new Uint8Array(0);

/** The streams in a data directory: decides appends, writes them to the log and keeps the index. */
export class EventStore {
  readonly index = new EventIndex();
  readonly log: EventLog;
  private readonly wakers = new Set<() => void>();
  private readonly dataDir: string;
  private lastCreatedMs = 0;
  private closing: Promise<void> | undefined;

  /** Opens or creates the store. @throws LogDamagedError when acknowledged events are hurt */
  constructor(options: EventLogOptions) {
    this.dataDir = options.dataDir;
    this.log = new EventLog(options, (bytes, offset, position) => this.indexRecord(bytes, offset, position));
    this.log.onRollback = () => this.index.undoPending();
    this.log.onDurable = (position) => {
      this.index.confirm(position);
      for (const wake of this.wakers) wake();
    };
  }

  /** Calls `wake` whenever events have become visible, until the returned function is called. */
  onVisible(wake: () => void): () => void {
    this.wakers.add(wake);
    return () => this.wakers.delete(wake);
  }

  /** Appends all events or none. @throws LogWriteError if the disk does not take them */
  async append(stream: string, expected: ExpectedRevision, events: NewEvent[]): Promise<AppendResult> {
    const decision = checkExpectedRevision(this.viewOf(stream), expected, events.map((event) => event.id));
    const last = this.lastRevision(stream);
    if (decision.kind === 'write') return this.write(stream, last, events);
    if (decision.kind === 'repeat' && this.isUnderWay(stream, decision.lastRevision)) return { kind: 'repeat-under-way' };

    // The answer may rest on appends that are still on their way: it must not be known before they are.
    await this.log.settled();
    switch (decision.kind) {
      case 'deleted':
        return { kind: 'stream-deleted' };
      case 'wrong':
        return { kind: 'wrong-expected-revision', actual: last };
      case 'repeat':
        return { kind: 'appended', lastRevision: decision.lastRevision, position: this.positionOf(stream, decision.lastRevision) };
    }
  }

  private async write(stream: string, last: number, events: NewEvent[]): Promise<AppendResult> {
    const placed: PlacedEvent[] = events.map((event, index) => ({ ...event, stream, revision: last + 1 + index }));
    const lastRevision = last + events.length;
    const undeleting = this.undelete(stream, lastRevision, events.at(-1));
    const positions = await this.writeBatch(undeleting === undefined ? placed : [...placed, undeleting]);
    return { kind: 'appended', lastRevision, position: positions[events.length - 1] };
  }

  /** Appending to a softly deleted stream, or to its metadata, brings it back behind the events it had. */
  private undelete(stream: string, lastRevision: number, newest: NewEvent | undefined): PlacedEvent | undefined {
    if (this.index.metadataOf(stream).isSoftDeleted) {
      const raw = this.rawMetadata(stream);
      return raw === undefined ? undefined : this.metadataEvent(stream, withTruncateBefore(raw, this.lastRevision(stream) + 1), 1);
    }
    if (!isMetastream(stream) || newest === undefined || !this.index.metadataOf(originalOf(stream)).isSoftDeleted) return undefined;
    const original = originalOf(stream);
    return this.metadataEvent(original, withTruncateBefore(newest.data, this.lastRevision(original) + 1), lastRevision - this.lastRevision(stream) + 1);
  }

  /** Ends a stream until the next append, or for ever. */
  async delete(stream: string, expected: ExpectedRevision, kind: 'soft' | 'tombstone'): Promise<AppendResult> {
    const decision = checkExpectedRevision(this.viewOf(stream), expected, [randomBytes(16)]);
    const actual = this.lastRevision(stream);
    const isUnknown = actual < 0 && this.lastRevision(metastreamOf(stream)) < 0;
    if (decision.kind !== 'write' || (kind === 'soft' && isUnknown)) {
      await this.log.settled();
      return decision.kind === 'deleted' ? { kind: 'stream-deleted' } : { kind: 'wrong-expected-revision', actual };
    }
    const ending: PlacedEvent | undefined = kind === 'soft'
      ? this.metadataEvent(stream, Buffer.from(SOFT_DELETE_JSON), 1)
      : { id: randomBytes(16), type: '$streamDeleted', isJson: false, data: NOTHING, metadata: NOTHING, stream, revision: TOMBSTONE_REVISION };
    const positions = await this.writeBatch(ending === undefined ? [] : [ending]);
    return { kind: 'appended', lastRevision: actual, position: positions[0] };
  }

  private metadataEvent(stream: string, data: Buffer | undefined, ahead: number): PlacedEvent | undefined {
    const metastream = metastreamOf(stream);
    if (data === undefined) return undefined;
    return { id: randomBytes(16), type: '$metadata', isJson: true, data, metadata: NOTHING, stream: metastream, revision: this.lastRevision(metastream) + ahead };
  }

  /** Returns the positions once all is on disk. Everything up to the log's queue happens in one turn. */
  private async writeBatch(events: PlacedEvent[]): Promise<number[]> {
    if (events.length === 0) {
      await this.log.settled();
      return [];
    }
    const bytesMax = events.reduce((sum, event) => sum + bytesMaxOf(event), 0);
    const { position: start, durableBefore } = this.log.reserve(bytesMax);
    this.lastCreatedMs = Math.max(this.lastCreatedMs, Date.now());
    let position = start;
    const records = events.map((event, index) => {
      const stream = Buffer.from(event.stream);
      const type = Buffer.from(event.type);
      const endOfBatch = index === events.length - 1;
      const record = encodeRecord({ ...event, stream, type, position, durableBefore, endOfBatch, createdMs: this.lastCreatedMs });
      const placed = { position, record };
      position += record.length;
      return placed;
    });
    events.forEach((event, index) => {
      const placed = records[index];
      if (placed === undefined) return;
      this.index.add({
        position: placed.position,
        bytes: placed.record.length,
        id: event.id,
        stream: this.index.internStream(event.stream),
        type: event.type,
        isTombstone: event.revision === TOMBSTONE_REVISION,
        metadata: isMetastream(event.stream) ? parseStreamMetadata(event.isJson, event.data) : undefined,
      });
    });
    await this.log.append(records);
    return records.map((record) => record.position);
  }

  private indexRecord(bytes: Buffer, offset: number, position: number): void {
    const name = recordAt.stream(bytes, offset);
    const stream = this.index.internStream(name);
    const isTombstone = recordAt.isTombstone(bytes, offset);
    if (!isTombstone && recordAt.revision(bytes, offset) !== this.index.revisionCount(stream)) {
      const expected = this.index.revisionCount(stream);
      const reason = `revision ${recordAt.revision(bytes, offset)} of ${name} follows ${expected - 1}`;
      throw new LogDamagedError(this.dataDir, { file: 'the log', position }, reason);
    }
    const recordBytes = recordAt.bytes(bytes, offset);
    this.lastCreatedMs = Math.max(this.lastCreatedMs, recordAt.createdMs(bytes, offset));
    this.index.addVisible({
      position,
      bytes: recordBytes,
      id: recordAt.id(bytes, offset),
      stream,
      type: recordAt.type(bytes, offset),
      isTombstone,
      metadata: isMetastream(name)
        ? parseStreamMetadata(recordAt.isJson(bytes, offset), decodeEvent(bytes.subarray(offset, offset + recordBytes)).getData_asU8())
        : undefined,
    });
  }

  private viewOf(name: string): StreamView {
    const stream = this.index.streams.find(name);
    return {
      lastRevision: this.lastRevision(name),
      isTombstoned: this.index.isTombstoned(name),
      isSoftDeleted: this.index.metadataOf(name).isSoftDeleted,
      hasMetadata: this.lastRevision(metastreamOf(name)) >= 0,
      hasIdAt: (revision, id) =>
        stream !== undefined && revision < this.index.revisionCount(stream) && recordAt.id(this.record(this.index.ordinalOfRevision(stream, revision)), 0).equals(id),
      revisionOfId: (id) => {
        for (const ordinal of this.index.candidates(id)) {
          const record = this.record(ordinal);
          if (!recordAt.id(record, 0).equals(id)) continue;
          return this.index.streamOf(ordinal) === stream && !recordAt.isTombstone(record, 0) ? recordAt.revision(record, 0) : undefined;
        }
        return undefined;
      },
    };
  }

  private record(ordinal: number): Buffer {
    return this.log.records.readNow(this.index.placeOf(ordinal));
  }

  private isUnderWay(name: string, revision: number): boolean {
    return revision >= this.index.visibleRevisionCount(this.index.streams.find(name));
  }

  private lastRevision(name: string): number {
    return this.index.revisionCount(this.index.streams.find(name)) - 1;
  }

  private positionOf(name: string, revision: number): number | undefined {
    const stream = this.index.streams.find(name);
    return stream === undefined ? undefined : this.index.positionOf(this.index.ordinalOfRevision(stream, revision));
  }

  private rawMetadata(name: string): Uint8Array | undefined {
    const metastream = this.index.streams.find(metastreamOf(name));
    const count = this.index.revisionCount(metastream);
    if (metastream === undefined || count === 0) return undefined;
    return decodeEvent(this.record(this.index.ordinalOfRevision(metastream, count - 1))).getData_asU8();
  }

  /** Brings everything to the disk and lets go of the files. */
  close(): Promise<void> {
    return (this.closing ??= this.log.close());
  }
}

function bytesMaxOf(event: PlacedEvent): number {
  // A character takes at most three bytes of UTF-8 for each UTF-16 unit.
  return RECORD_HEADER_BYTES + FRAME_OVERHEAD_BYTES + event.data.length + event.metadata.length + 3 * (event.stream.length + event.type.length);
}
