import { setTimeout as pause } from 'node:timers/promises';

/** A part that runs beside the engine, such as a child process or a thread. */
export interface Part {
  /** Settles when it has ended, for whatever reason; says how, such as "SIGKILL". Never rejects. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** How often and how soon a part that ended by itself is started again. */
export interface RestartLimits {
  readonly pauseMsMin: number;
  readonly pauseMsMax: number;
  /** Starts in a row that fail, or whose part ends before it has run for `steadyMs`; then it is given up. */
  readonly fastFailuresMax: number;
  readonly steadyMs: number;
}

export const RESTART_LIMITS: RestartLimits = { pauseMsMin: 50, pauseMsMax: 5_000, fastFailuresMax: 10, steadyMs: 30_000 };

export interface KeptRunning<P extends Part> {
  /** The part that runs now; undefined between two of them. */
  readonly now: () => P | undefined;
  /** Settles when the part is given up, with a sentence. */
  readonly failed: Promise<string>;
  /** Stops the part and does not start it again. */
  stop(): Promise<void>;
}

export type ReportRestart = (sentence: string) => void;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

class Keeper<P extends Part> implements KeptRunning<P> {
  readonly #stopping = new AbortController();
  readonly failed: Promise<string>;
  #giveUp: (sentence: string) => void = () => undefined;
  #part: P | undefined;
  #kept: Promise<void>;

  constructor(readonly what: string, first: P, readonly start: () => Promise<P>, readonly report: ReportRestart, readonly limits: RestartLimits) {
    this.failed = new Promise((resolve) => { this.#giveUp = resolve; });
    this.#part = first;
    this.#kept = this.#keep(first);
  }

  now = (): P | undefined => this.#part;

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#part?.stop();
    await this.#kept;
  }

  async #keep(first: P): Promise<void> {
    const { signal } = this.#stopping;
    let part: P | undefined = first;
    let startedAtMs = performance.now();
    let failures = 0;
    let reason = '';
    while (!signal.aborted) {
      if (part) {
        reason = await part.ended;
        this.#part = undefined;
        if (signal.aborted) return;
        if (performance.now() - startedAtMs >= this.limits.steadyMs) failures = 0;
      }
      if (failures >= this.limits.fastFailuresMax) return this.#giveUp(`${this.what} ended ${failures + 1} times in a row (${reason})`);
      const pauseMs = Math.min(this.limits.pauseMsMin * 2 ** failures, this.limits.pauseMsMax);
      failures += 1;
      this.report(`${this.what} ended (${reason}); starting it again in ${pauseMs} ms`);
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      startedAtMs = performance.now();
      part = await this.#started((why) => { reason = why; });
    }
  }

  async #started(onFailure: (reason: string) => void): Promise<P | undefined> {
    try {
      const part = await this.start();
      if (this.#stopping.signal.aborted) {
        await part.stop();
        return undefined;
      }
      this.#part = part;
      this.report(`${this.what} runs again`);
      return part;
    } catch (error) {
      onFailure(reasonOf(error));
      return undefined;
    }
  }
}

/**
 * Starts a part anew whenever it ends by itself, with growing pauses, until it is stopped or has failed too often in a row.
 * @param first the part that runs already: whoever starts it hears why the first start fails
 * @param start starts the next one
 */
export const keepRunning = <P extends Part>(what: string, first: P, start: () => Promise<P>, report: ReportRestart, limits: RestartLimits = RESTART_LIMITS): KeptRunning<P> =>
  new Keeper(what, first, start, report, limits);
