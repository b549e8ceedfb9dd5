import type { LogBatch, LogEntry, LogSource, Subscription } from './log-source.js';

/** Events kept, in whole pages, for those who read the same place of the log a little later. With fewer, the quick ones often wait for the slowest and leave the processors idle. Pages come in every size: counting pages would keep next to nothing of small ones. */
export const EVENTS_KEPT_MAX = 30_000;
/** A reader that holds the others up for so long goes on by itself. Longer than a slow commit takes: who reads alone has everything fetched and decoded once more. */
export const STALL_MS_MAX = 10_000;

interface Cursor {
  /** Number of the page it takes next. */
  next: number;
  movedAtMs: number;
  wake: () => void;
}

/** One subscription that several readers follow. */
class Stretch {
  readonly #pages: LogBatch[] = [];
  readonly cursors = new Set<Cursor>();
  readonly #abort = new AbortController();
  /** Number of the first page kept. */
  #first = 0;
  #eventsKept = 0;
  /** Where the first page kept begins: everything after this position is in the pages or still to come. */
  #start: number;
  #end: number;
  #ended: { readonly error?: unknown } | undefined;
  #room: () => void = () => undefined;

  constructor(source: LogSource, eventTypes: readonly string[], afterPosition: number, private readonly nowMs: () => number) {
    this.#start = afterPosition;
    this.#end = afterPosition;
    this.#read(source.subscribe({ afterPosition: afterPosition < 0 ? null : afterPosition, eventTypes, signal: this.#abort.signal })).catch(() => undefined); // it keeps its error for the readers
  }

  /** The last position that has been read. */
  get end(): number {
    return this.#end;
  }

  /** Whether one who knows the log up to this position can follow from here. */
  covers(position: number): boolean {
    return !this.#ended && position >= this.#start && position <= this.#end;
  }

  follow(position: number): Cursor {
    const place = this.#pages.findIndex((page) => page.lastPosition > position);
    const cursor: Cursor = { next: place < 0 ? this.#first + this.#pages.length : this.#first + place, movedAtMs: this.nowMs(), wake: () => undefined };
    this.cursors.add(cursor);
    return cursor;
  }

  leave(cursor: Cursor): void {
    this.cursors.delete(cursor);
    this.#room();
    if (this.cursors.size === 0) this.#abort.abort();
  }

  /** The next page; `lost` when it is no longer kept, so that the reader must go on by itself. Throws what the source threw. */
  async take(cursor: Cursor, signal: AbortSignal): Promise<LogBatch | 'lost' | undefined> {
    while (!signal.aborted) {
      const page = this.#pages[cursor.next - this.#first];
      if (cursor.next < this.#first) return 'lost';
      if (page) {
        cursor.next += 1;
        cursor.movedAtMs = this.nowMs();
        this.#room();
        return page;
      }
      if (this.#ended) {
        if ('error' in this.#ended) throw this.#ended.error;
        return 'lost';
      }
      await new Promise<void>((resolve) => {
        const done = (): void => {
          signal.removeEventListener('abort', done);
          resolve();
        };
        signal.addEventListener('abort', done, { once: true });
        cursor.wake = done;
      });
    }
    return undefined;
  }

  async #read(pages: AsyncIterable<LogBatch>): Promise<void> {
    try {
      for await (const page of pages) {
        await this.#untilRoom();
        this.#pages.push(page);
        this.#eventsKept += page.events.length;
        this.#end = page.lastPosition;
        this.#wakeAll();
      }
      this.#ended = {};
    } catch (error) {
      this.#ended = { error };
    }
    this.#wakeAll();
  }

  /** Drops the oldest pages when all readers have taken them, or when the slowest has stalled. A page without events takes room too, or they would pile up. */
  async #untilRoom(): Promise<void> {
    while (this.#eventsKept + this.#pages.length >= EVENTS_KEPT_MAX && !this.#abort.signal.aborted) {
      const waiting = [...this.cursors].filter(({ next }) => next <= this.#first);
      const stalledInMs = Math.max(0, ...waiting.map(({ movedAtMs }) => movedAtMs + STALL_MS_MAX - this.nowMs()));
      if (waiting.length === 0 || stalledInMs === 0) {
        const oldest = this.#pages.shift()!;
        this.#eventsKept -= oldest.events.length;
        this.#start = oldest.lastPosition;
        this.#first += 1;
        continue;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, stalledInMs);
        this.#room = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #wakeAll(): void {
    for (const cursor of this.cursors) cursor.wake();
  }
}

/**
 * Lets readers that are at the same place of the log share one subscription, so that each event is fetched and decoded
 * once however many projections want it. The slowest sets the pace of those that share, unless it stalls. Who is
 * elsewhere opens a subscription for itself and whoever comes to that place too, and joins those ahead when it gets to them.
 */
export class SharedLog implements LogSource {
  /** At most one for each reader: one that nobody follows has ended. */
  readonly #stretches = new Set<Stretch>();

  /** `eventTypes`: all types that any of the readers may want. */
  constructor(private readonly source: LogSource, private readonly eventTypes: readonly string[], private readonly nowMs: () => number = () => performance.now()) {}

  head(): Promise<number> {
    return this.source.head();
  }

  get resumed(): number {
    return this.source.resumed ?? 0;
  }

  at(position: number): Promise<LogEntry | undefined> {
    return this.source.at(position);
  }

  async *subscribe(subscription: Subscription): AsyncIterable<LogBatch> {
    const { signal } = subscription;
    let position = subscription.afterPosition ?? -1;
    while (!signal.aborted) {
      const stretch = this.#furthestAt(position) ?? this.#open(position);
      for await (const page of this.#follow(stretch, position, subscription)) {
        position = page.lastPosition;
        yield page;
        if (this.#furthestAt(position) !== stretch) break;
      }
    }
  }

  /** Of the subscriptions that one at this position can follow, the one that is furthest ahead. */
  #furthestAt(position: number): Stretch | undefined {
    let furthest: Stretch | undefined;
    for (const stretch of this.#stretches) if (stretch.covers(position) && (!furthest || stretch.end > furthest.end)) furthest = stretch;
    return furthest;
  }

  #open(position: number): Stretch {
    const stretch = new Stretch(this.source, this.eventTypes, position, this.nowMs);
    this.#stretches.add(stretch);
    return stretch;
  }

  async *#follow(stretch: Stretch, position: number, { eventTypes, signal }: Subscription): AsyncIterable<LogBatch> {
    const wanted = new Set(eventTypes);
    const cursor = stretch.follow(position);
    try {
      for (let page = await stretch.take(cursor, signal); page && page !== 'lost'; page = await stretch.take(cursor, signal)) {
        const events = page.events.filter((event) => event.position > position && (wanted.size === 0 || wanted.has(event.type)));
        yield { ...page, events };
      }
    } finally {
      stretch.leave(cursor);
      if (stretch.cursors.size === 0) this.#stretches.delete(stretch);
    }
  }
}
