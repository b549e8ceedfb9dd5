import { ReadStoreError } from './sql.js';

/** Limits of what is read for others: each bounds a wait or a queue. */
export interface ReadLimits {
  /** Reads that run at the same time; the store keeps its other connections, or its only one between two reads, for those that write. */
  readonly atOnce: number;
  /** Reads that may wait for their turn; more are refused at once. */
  readonly waitingMax: number;
  /** How long a read may wait for its turn. One that is expected to wait longer is refused at once. */
  readonly waitMsMax: number;
  /** How long a statement of a read may run. On PGlite: all statements of a read together. */
  readonly statementMsMax: number;
}

export const READS_WAITING_MAX = 32;
export const READ_WAIT_MS_MAX = 15_000;
export const READ_STATEMENT_MS_MAX = 20_000;
/** How much the last read counts in what a read is expected to take. */
const LATEST_SHARE = 0.2;

interface Waiting {
  readonly start: () => void;
  readonly timer: NodeJS.Timeout;
}

/** Reads take turns: so many at once, so many waiting, in their order; the excess is refused at once rather than queued without end. */
export class ReadQueue {
  readonly #waiting: Waiting[] = [];
  #running = 0;
  /** What a read is expected to take, in milliseconds. */
  #usualMs = 0;

  constructor(readonly limits: ReadLimits) {}

  /** Runs `work` when its turn comes. @throws ReadStoreError `busy` when there is no turn for it in time; what `work` throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.limits.atOnce) this.#running += 1;
    else await this.#turn();
    const beganMs = performance.now();
    try {
      return await work();
    } finally {
      this.#usualMs += (performance.now() - beganMs - this.#usualMs) * LATEST_SHARE;
      this.#handOver();
    }
  }

  /** Whoever ends hands its place to the first that waits. */
  #handOver(): void {
    const next = this.#waiting.shift();
    if (!next) {
      this.#running -= 1;
      return;
    }
    clearTimeout(next.timer);
    next.start();
  }

  #turn(): Promise<void> {
    const { atOnce, waitingMax, waitMsMax } = this.limits;
    const ahead = this.#waiting.length;
    if (ahead >= waitingMax || (ahead * this.#usualMs) / atOnce > waitMsMax) return Promise.reject(this.#busy());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const index = this.#waiting.indexOf(waiting);
        if (index < 0) return;
        this.#waiting.splice(index, 1);
        reject(this.#busy());
      }, waitMsMax);
      const waiting: Waiting = { start: resolve, timer };
      this.#waiting.push(waiting);
    });
  }

  #busy(): ReadStoreError {
    return new ReadStoreError('busy', `the read store is busy: ${this.#running} reads run and ${this.#waiting.length} wait; ask again later, or for less at once`, undefined);
  }
}
