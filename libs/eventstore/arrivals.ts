import type { RecordedEvent } from '@eventstore/db-client';
import { PAGE_EVENTS_MAX, type LogBatch, type LogEntry } from '../projector/log-source.js';
import { toNumber, UndecodableEvent, type Codec } from './codec.js';
import { isEngineEvent } from './engine-events.js';

/** An event whose key has to be looked up before it can be decoded. */
interface Locked {
  readonly locked: RecordedEvent;
}

/** An event as readers of the log are given it. */
export function decodeEntry(codec: Codec, event: RecordedEvent): LogEntry {
  try {
    return codec.decode(event);
  } catch (error) {
    if (!(error instanceof UndecodableEvent)) throw error;
    const { stream, position, eventType: type, message } = error;
    return { stream, position, type, recordedAt: event.created.toISOString(), error: message };
  }
}

/**
 * What one call of the client brings, queued until the reader takes it: the engine's own events of the types wanted,
 * and how far the log is covered.
 */
export class Arrivals {
  readonly #queue: (LogEntry | Locked)[] = [];
  #covered: number | null;
  /** Every wanted event up to here has come: it was handed over or is queued. */
  #arrived = -1;
  #ended: { readonly error?: unknown } | undefined;
  #wake: () => void = () => undefined;
  #isNews = false;

  /**
   * @param afterPosition the last position already known; null for the beginning
   * @param wanted event types; empty: all about the business
   * @param isAtHead whether a reader who has taken all of it has the whole log at that moment
   * @param drained told when the queue has been emptied by a page
   */
  constructor(
    readonly codec: Codec, afterPosition: number | null, readonly wanted: ReadonlySet<string>,
    private isAtHead: boolean, private readonly drained: () => void = () => undefined,
  ) {
    this.#covered = afterPosition;
  }

  get length(): number {
    return this.#queue.length;
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * An event has come. What the reader knows already, what it does not want and what is not the engine's own only
   * moves the position on.
   */
  take(event: RecordedEvent): void {
    if (this.#ended) return;
    try {
      const position = toNumber(event.position?.commit ?? 0n);
      if (position <= (this.#covered ?? -1)) return;
      if (!this.#isWanted(event)) this.#arrivedTo(position);
      else if (this.codec.keyNeeded(event) === undefined) this.#queue.push(decodeEntry(this.codec, event));
      else this.#queue.push({ locked: event });
    } catch (error) {
      return this.end({ error });
    }
    this.#news();
  }

  /** All that there was up to this position has come. */
  coveredTo(position: number): void {
    if (this.#ended) return;
    this.#arrivedTo(position);
    this.#news();
  }

  /** Nothing more comes. With an error, the reader gets it when it has taken what came before. */
  end(ended: { readonly error?: unknown; readonly isAtHead?: boolean } = {}): void {
    if (this.#ended) return;
    this.#ended = ended;
    this.isAtHead = ended.isAtHead ?? false;
    this.#news();
  }

  /**
   * The next page; undefined when there is no more, or the signal has aborted. Throws what the call ended with, after
   * all that it had brought.
   */
  async next(signal: AbortSignal): Promise<LogBatch | undefined> {
    while (!signal.aborted) {
      if (this.#queue.length > 0) {
        await this.#gathered();
        return this.#page();
      }
      if (this.#isNews) {
        this.#isNews = false;
        if (this.#covered !== null) return { events: [], lastPosition: this.#covered, caughtUp: this.isAtHead };
      }
      if (this.#ended && 'error' in this.#ended) throw this.#ended.error;
      if (this.#ended) return undefined;
      await this.#waking(signal);
    }
    return undefined;
  }

  #isWanted(event: RecordedEvent): boolean {
    const isWantedType = this.wanted.size === 0 ? !isEngineEvent(event) : this.wanted.has(event.type);
    return isWantedType && this.codec.own.follows(event);
  }

  #arrivedTo(position: number): void {
    this.#arrived = Math.max(this.#arrived, position);
    if (this.#queue.length === 0) this.#covered = Math.max(this.#covered ?? -1, position);
  }

  #news(): void {
    this.#isNews = true;
    this.#wake();
  }

  async #waking(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => { signal.removeEventListener('abort', done); resolve(); };
      signal.addEventListener('abort', done, { once: true });
      this.#wake = done;
    });
    this.#wake = () => undefined;
  }

  /**
   * Until nothing more has come with the last read of the connection, or the page is full: events come one by one,
   * and a page of one costs each of its readers as much as a page of a thousand.
   */
  async #gathered(): Promise<void> {
    for (let before = 0; this.#queue.length > before && this.#queue.length < PAGE_EVENTS_MAX; ) {
      before = this.#queue.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #page(): Promise<LogBatch> {
    const events = await this.#unlocked(this.#queue.splice(0, PAGE_EVENTS_MAX));
    const last = events.at(-1)!.position;
    const isLast = this.#queue.length === 0;
    this.#covered = isLast ? Math.max(this.#arrived, last) : last;
    if (isLast) this.#isNews = false;
    this.drained();
    return { events, lastPosition: this.#covered, caughtUp: this.isAtHead && isLast };
  }

  /** Looks up the keys that were not at hand when their events came. */
  async #unlocked(arrived: readonly (LogEntry | Locked)[]): Promise<LogEntry[]> {
    const locked = arrived.flatMap((each) => ('locked' in each ? [each.locked] : []));
    if (locked.length > 0) await this.codec.load(locked);
    return arrived.map((each) => ('locked' in each ? decodeEntry(this.codec, each.locked) : each));
  }
}
