import { ARRIVAL_TURNS_MAX, BATCH_EVENTS, BATCH_EVENTS_MAX, GATHER_BEHIND_MS, GATHER_MS } from './limits.js';
import type { LogBatch, LogEntry } from './log-source.js';

export interface Fed {
  readonly events: readonly LogEntry[];
  readonly lastPosition: number;
  readonly caughtUp: boolean;
}

/**
 * Turns pages into batches. Reads ahead while its owner writes, by BATCH_EVENTS_MAX events and one page at most.
 * Behind: gathers BATCH_EVENTS as long as pages keep coming. Caught up: the first event goes at once, then GATHER_MS gather.
 */
export class PageFeed {
  readonly #pages: LogBatch[] = [];
  #buffered = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;
  #drained: (() => void) | undefined;
  #takenAtMs = 0;
  #arrivedAtMs = 0;

  constructor(private readonly signal: AbortSignal, private readonly nowMs: () => number = () => performance.now()) {
    signal.addEventListener('abort', () => this.#notify(), { once: true });
  }

  /** Reads the source until it ends or the signal aborts; its failure is what the next `take` throws. */
  async pump(pages: AsyncIterable<LogBatch>): Promise<void> {
    try {
      for await (const page of pages) {
        this.#pages.push(page);
        this.#buffered += page.events.length;
        this.#arrivedAtMs = this.nowMs();
        this.#notify();
        while (this.#buffered >= BATCH_EVENTS_MAX && !this.signal.aborted) await new Promise<void>((resolve) => (this.#drained = resolve));
        if (this.signal.aborted) break;
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#ended = true;
      this.#notify();
    }
  }

  /** The next batch; undefined when the source has ended or the signal aborted. Throws what the source threw. */
  async take(): Promise<Fed | undefined> {
    // Bounded by the signal: each turn waits for a page, the end of the gathering, or the abort.
    while (!this.signal.aborted) {
      const last = this.#pages.at(-1);
      if (last) {
        const waitMs = this.#gatherMs(last);
        if (waitMs > 0) await this.#arrival(waitMs);
        else if (!(await this.#arrivedUnread(last))) return this.#handOver();
      } else if (this.#failure) throw this.#failure.error;
      else if (this.#ended) return undefined;
      else await this.#arrival();
    }
    return undefined;
  }

  /** How long to wait for more: as long as it keeps coming when behind, for a fixed while after the last batch when caught up. */
  #gatherMs(last: LogBatch): number {
    if (this.#buffered >= BATCH_EVENTS || this.#ended) return 0;
    const nowMs = this.nowMs();
    if (last.caughtUp) return this.#takenAtMs + GATHER_MS - nowMs;
    return Math.min(this.#takenAtMs + GATHER_BEHIND_MS, this.#arrivedAtMs + GATHER_MS) - nowMs;
  }

  /** Whether more has reached a process that was too busy to read it: that is not "nothing came". */
  async #arrivedUnread(last: LogBatch): Promise<boolean> {
    const mayWait = !last.caughtUp && !this.#ended && this.#buffered < BATCH_EVENTS && this.nowMs() < this.#takenAtMs + GATHER_BEHIND_MS;
    const { length } = this.#pages;
    for (let turn = 0; mayWait && turn < ARRIVAL_TURNS_MAX && !this.signal.aborted; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#pages.length > length) return true;
    }
    return false;
  }

  #handOver(): Fed {
    const events: LogEntry[] = [];
    let lastPosition = -1;
    let caughtUp = false;
    while (this.#pages.length > 0) {
      const page = this.#pages[0]!;
      if (events.length > 0 && events.length + page.events.length > BATCH_EVENTS_MAX) break;
      this.#pages.shift();
      for (const event of page.events) events.push(event);
      ({ lastPosition, caughtUp } = page);
    }
    this.#buffered -= events.length;
    this.#takenAtMs = this.nowMs();
    if (this.#buffered < BATCH_EVENTS_MAX) this.#drained?.();
    return { events, lastPosition, caughtUp: caughtUp && this.#pages.length === 0 };
  }

  /** Until a page comes, the source ends, the signal aborts, or `waitMs` are over. */
  async #arrival(waitMs?: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = waitMs === undefined ? undefined : setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #notify(): void {
    this.#wake?.();
    if (this.signal.aborted) this.#drained?.();
  }
}
