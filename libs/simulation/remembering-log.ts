import type { Codec } from '../eventstore/codec.js';
import { StreamMoved, type Appended, type EventLog } from '../eventstore/event-log.js';
import type { Recorded } from '../kernel/event.js';

type NewEvent = Parameters<EventLog['append']>[2][number];
type StoredEvent = Parameters<Codec['decode']>[0];

/** A year of 20 people has 60,000 streams, few of them busy for longer than a month. */
const STREAMS_REMEMBERED_MAX = 15_000;

/**
 * The log, without asking it for what this very run has written: half of all calls would be for that. Nothing rests on
 * it being right: every append names the revision it expects, and where somebody else wrote meanwhile the stream is read anew.
 */
export class RememberingLog implements Pick<EventLog, keyof EventLog> {
  /** In the order in which they were last written to. */
  readonly #remembered = new Map<string, readonly StoredEvent[]>();
  readonly #new = new Set<string>();

  constructor(readonly log: EventLog, readonly nowMs: () => number) {}

  get client(): EventLog['client'] {
    return this.log.client;
  }

  get codec(): Codec {
    return this.log.codec;
  }

  get locks(): EventLog['locks'] {
    return this.log.locks;
  }

  /** Says that a stream does not exist yet, so that nobody need ask. */
  expectNew(stream: string): void {
    if (!this.#remembered.has(stream)) this.#new.add(stream);
  }

  async read(stream: string): Promise<Recorded[]> {
    const known = this.#remembered.get(stream);
    if (known) {
      await this.codec.load(known);
      return known.map((event) => this.codec.decode(event));
    }
    return this.#new.has(stream) ? [] : this.log.read(stream);
  }

  async exists(stream: string): Promise<boolean> {
    return this.#remembered.has(stream) || this.log.exists(stream);
  }

  async revisionOf(stream: string): Promise<number> {
    const known = this.#remembered.get(stream);
    return known ? known.length - 1 : this.log.revisionOf(stream);
  }

  async append(stream: string, afterRevision: number, events: NewEvent[]): Promise<Appended> {
    try {
      const appended = await this.log.append(stream, afterRevision, events);
      this.#remember(stream, afterRevision, events, appended);
      return appended;
    } catch (error) {
      if (error instanceof StreamMoved) this.#remembered.delete(stream);
      throw error;
    } finally {
      this.#new.delete(stream);
    }
  }

  head(): Promise<number> {
    return this.log.head();
  }

  ownUpTo(position: number): Promise<number> {
    return this.log.ownUpTo(position);
  }

  lastOf(wanted: Parameters<EventLog['lastOf']>[0]): ReturnType<EventLog['lastOf']> {
    return this.log.lastOf(wanted);
  }

  eventAt(position: number): ReturnType<EventLog['eventAt']> {
    return this.log.eventAt(position);
  }

  holds(event: Parameters<EventLog['holds']>[0]): Promise<boolean> {
    return this.log.holds(event);
  }

  /** Only a stream that is known from its start: the rest of another one would be missing. */
  #remember(stream: string, afterRevision: number, events: readonly NewEvent[], { position }: Appended): void {
    const before = this.#remembered.get(stream) ?? (afterRevision < 0 ? [] : undefined);
    if (before?.length !== afterRevision + 1) return void this.#remembered.delete(stream);
    const created = new Date(this.nowMs());
    const stored = events.map((event, index) => storedAs(event, stream, afterRevision + 1 + index, position, created));
    this.#remembered.delete(stream);
    this.#remembered.set(stream, [...before, ...stored]);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > STREAMS_REMEMBERED_MAX && oldest !== undefined) this.#remembered.delete(oldest);
  }
}

function storedAs({ id, type, data, metadata }: NewEvent, streamId: string, revision: number, position: number, created: Date): StoredEvent {
  const at = BigInt(position);
  // The codec writes JSON only; the type of a stored event cannot know that.
  return { streamId, id, type, revision: BigInt(revision), position: { commit: at, prepare: at }, isJson: true, data, metadata: metadata ?? {}, created } as StoredEvent;
}
