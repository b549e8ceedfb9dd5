import type { Instant } from '../kernel/event.js';
import type { Time } from './time.js';

/** Turns of the event loop that promises without I/O are given to settle between two timers. */
const SETTLE_TURNS = 4;
/** Timers that one `advance` runs at most: more is a loop that never ends. */
const TIMERS_MAX = 1_000_000;

interface Waiting {
  readonly atMs: number;
  readonly callback: () => void;
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Time that stands still until it is turned. Timers ring in the order of their moments, at exactly their moments. */
export class VirtualTime implements Time {
  readonly #waiting = new Set<Waiting>();
  #nowMs: number;

  /** `settled` resolves when what a timer set off is done; needed where that does I/O. */
  constructor(startsAt: Instant, private readonly settled: () => Promise<void> = turns) {
    this.#nowMs = Date.parse(startsAt);
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const waiting = { atMs: this.#nowMs + Math.max(delayMs, 0), callback };
    this.#waiting.add(waiting);
    return () => void this.#waiting.delete(waiting);
  }

  /** Lets time pass, ringing every timer on the way. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    await this.settled();
    for (let rung = 0; rung < TIMERS_MAX; rung += 1) {
      const next = this.#next(untilMs);
      if (!next) break;
      this.#waiting.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
      await this.settled();
    }
    this.#nowMs = untilMs;
  }

  /** The wall clock is set to another time, while what waits goes on waiting as long as it did: an operator, a leap, a laptop that slept. */
  jump(byMs: number): void {
    this.#nowMs += byMs;
    const moved = [...this.#waiting];
    this.#waiting.clear();
    for (const { atMs, callback } of moved) this.#waiting.add({ atMs: atMs + byMs, callback });
  }

  #next(untilMs: number): Waiting | undefined {
    let next: Waiting | undefined;
    for (const waiting of this.#waiting) if (waiting.atMs <= untilMs && (!next || waiting.atMs < next.atMs)) next = waiting;
    return next;
  }
}
