import { GrowableNumbers } from './growable-numbers.js';
import { IdIndex } from './id-index.js';
import { Names } from './names.js';
import { RevisionLists } from './revision-lists.js';
import { isMetastream, METASTREAM_METADATA, NO_METADATA, originalOf, type StreamMetadata } from './stream-metadata.js';

export type IndexedEvent = {
  position: number;
  bytes: number;
  id: Buffer;
  /** As {@link EventIndex.internStream} numbers it. */
  stream: number;
  type: string;
  isTombstone: boolean;
  /** For the events of a metadata stream: what they say. */
  metadata: StreamMetadata | undefined;
};

type MetadataVersion = { since: number; value: StreamMetadata; before: MetadataVersion | undefined };

/**
 * Where each event is, by position, by stream and revision, and by id: about 40 bytes of typed arrays an event, and a
 * name and a few numbers a stream. Events are numbered in the order of the log; such a number is called an ordinal.
 *
 * Events enter when they are appended and count as visible once they are on disk; until then they can be undone.
 */
export class EventIndex {
  /** Events with a smaller ordinal are on disk: readers see only these. */
  visible = 0;
  readonly streams = new Names();
  readonly types = new Names();

  private readonly positions = GrowableNumbers.float64();
  private readonly sizes = GrowableNumbers.uint32();
  private readonly streamNumbers = GrowableNumbers.uint32();
  private readonly typeNumbers = GrowableNumbers.uint32();
  private readonly revisions = new RevisionLists();
  private readonly ids = new IdIndex();
  private readonly metadata = new Map<number, MetadataVersion>();
  private readonly tombstones = new Map<number, number>();
  private readonly pendingIds: Buffer[] = [];

  get count(): number {
    return this.positions.length;
  }

  /** Adds the next event of the log, which is on its way to the disk. */
  add(event: IndexedEvent): void {
    this.enter(event);
    this.pendingIds.push(event.id);
  }

  /** Adds the next event of the log, which is on the disk. */
  addVisible(event: IndexedEvent): void {
    this.enter(event);
    this.visible = this.count;
  }

  private enter(event: IndexedEvent): void {
    const ordinal = this.count;
    const { stream } = event;
    this.positions.push(event.position);
    this.sizes.push(event.bytes);
    this.streamNumbers.push(stream);
    this.typeNumbers.push(this.types.intern(event.type));
    this.ids.add(event.id, ordinal);
    if (event.isTombstone) this.tombstones.set(stream, ordinal);
    else this.revisions.append(stream, ordinal);
    if (event.metadata === undefined) return;
    const original = this.internStream(originalOf(this.streams.nameOf(stream)));
    const before = this.metadata.get(original);
    const isSettled = before !== undefined && before.since < this.visible;
    this.metadata.set(original, { since: ordinal, value: event.metadata, before: isSettled ? { ...before, before: undefined } : before });
  }

  /** Makes all events before a position visible. */
  confirm(position: number): void {
    const visible = this.positions.lowerBound(position);
    this.pendingIds.splice(0, visible - this.visible);
    this.visible = visible;
  }

  /** Takes back every event that is not visible. */
  undoPending(): void {
    for (let ordinal = this.count - 1; ordinal >= this.visible; ordinal--) {
      const stream = this.streamNumbers.at(ordinal);
      const id = this.pendingIds.pop();
      if (id !== undefined) this.ids.remove(id, ordinal);
      if (this.tombstones.get(stream) === ordinal) this.tombstones.delete(stream);
      else this.revisions.removeLast(stream);
      const name = this.streams.nameOf(stream);
      if (isMetastream(name)) this.undoMetadata(originalOf(name), ordinal);
    }
    for (const list of [this.positions, this.sizes, this.streamNumbers, this.typeNumbers]) list.truncate(this.visible);
  }

  private undoMetadata(original: string, ordinal: number): void {
    const stream = this.internStream(original);
    const version = this.metadata.get(stream);
    if (version?.since !== ordinal) return;
    if (version.before === undefined) this.metadata.delete(stream);
    else this.metadata.set(stream, version.before);
  }

  /** The number of a stream, a new one if it has none. */
  internStream(name: string): number {
    const stream = this.streams.intern(name);
    if (stream === this.revisions.streams) this.revisions.addStream();
    return stream;
  }

  /** Where the record of an event is. */
  placeOf(ordinal: number): { position: number; bytes: number } {
    return { position: this.positions.at(ordinal), bytes: this.sizes.at(ordinal) };
  }

  positionOf(ordinal: number): number {
    return this.positions.at(ordinal);
  }

  streamOf(ordinal: number): number {
    return this.streamNumbers.at(ordinal);
  }

  typeOf(ordinal: number): number {
    return this.typeNumbers.at(ordinal);
  }

  /** The first event at or behind a position; `count` if there is none. */
  ordinalAt(position: number): number {
    return this.positions.lowerBound(position);
  }

  /** Events that may have an id, the newest first; only the record itself can tell. */
  candidates(id: Buffer): number[] {
    return this.ids.candidates(id);
  }

  /** How many revisions a stream has, those not yet on disk included. */
  revisionCount(stream: number | undefined): number {
    return stream === undefined ? 0 : this.revisions.count(stream);
  }

  /** How many revisions of a stream are on disk. */
  visibleRevisionCount(stream: number | undefined): number {
    if (stream === undefined) return 0;
    let count = this.revisions.count(stream);
    while (count > 0 && this.revisions.at(stream, count - 1) >= this.visible) count--;
    return count;
  }

  ordinalOfRevision(stream: number, revision: number): number {
    return this.revisions.at(stream, revision);
  }

  /** The ordinals of revisions `from` to before `to`, ascending. */
  ordinalsOfRevisions(stream: number, from: number, to: number): number[] {
    const ordinals: number[] = [];
    if (from < to) this.revisions.slice(stream, from, to, ordinals);
    return ordinals;
  }

  /** A tombstoned stream takes its metadata stream with it. `before`: as far as events of a smaller ordinal tell. */
  isTombstoned(name: string, before = this.count): boolean {
    const stream = this.streams.find(name);
    const ordinal = stream === undefined ? undefined : this.tombstones.get(stream);
    if (ordinal !== undefined && ordinal < before) return true;
    return isMetastream(name) && this.isTombstoned(originalOf(name), before);
  }

  /** The event that ended a stream for ever. */
  tombstoneOf(name: string): number | undefined {
    const stream = this.streams.find(name);
    return stream === undefined ? undefined : this.tombstones.get(stream);
  }

  /** A stream's metadata as far as events of an ordinal smaller than `before` tell. */
  metadataOf(name: string, before = this.count): StreamMetadata {
    if (isMetastream(name)) return METASTREAM_METADATA;
    const stream = this.streams.find(name);
    let version = stream === undefined ? undefined : this.metadata.get(stream);
    while (version !== undefined && version.since >= before) version = version.before;
    return version?.value ?? NO_METADATA;
  }
}
