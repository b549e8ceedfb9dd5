const WINDOW_MS = 5_000;

/** Events a second over the last few seconds. */
export class Throughput {
  #sinceMs: number;
  #events = 0;
  #former = 0;

  constructor(private readonly nowMs: () => number = () => performance.now()) {
    this.#sinceMs = nowMs();
  }

  /** Counts `events` and gives the present rate. */
  seen(events: number): number {
    this.#events += events;
    const elapsedMs = this.nowMs() - this.#sinceMs;
    if (elapsedMs < WINDOW_MS) return this.#former > 0 || elapsedMs < 1 ? this.#former : (this.#events / elapsedMs) * 1_000;
    this.#former = (this.#events / elapsedMs) * 1_000;
    this.#sinceMs = this.nowMs();
    this.#events = 0;
    return this.#former;
  }
}
