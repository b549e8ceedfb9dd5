import { TimeoutError, type Position } from '@eventstore/db-client';
import type { LogBatch, LogEntry, LogSource, Subscription } from '../projector/log-source.js';
import { decodeEntry } from './arrivals.js';
import type { EventLog } from './event-log.js';
import { HistoryCall, LiveCall, type Asked, type LogCall } from './log-calls.js';

/**
 * Events held between the connection and the one who reads. At this many a read is paused, and a live subscription is
 * given up for reading.
 */
export const QUEUE_EVENTS_MAX = 4_000;
/**
 * A read that brought no more events than this has come to the head of the log: what comes next is waited for by a
 * live subscription.
 */
export const NEAR_EVENTS_MAX = 1_000;
/** So many failures in a row without any progress are told; fewer heal by themselves and are counted. */
export const FAILURES_TOLD = 3;
/** A connection that has held for so long was well, even where nothing came. */
const WELL_MS_MIN = 30_000;
const BACKOFF_MS_MIN = 100;
const BACKOFF_MS_MAX = 5_000;

/** Told once when the log cannot be read for several attempts in a row; reading is tried again for ever. */
export type OnStalled = (error: unknown, retryInMs: number) => void;

export interface SourceLimits {
  readonly queueEventsMax: number;
  readonly nearEventsMax: number;
}

/** One reader's way through the log. */
interface Way {
  /** The last position handed over, null before the first. */
  covered: number | null;
  /** Where a live subscription begins: the place of `covered`, as the event store names it. */
  place: Position | undefined;
}

/** Failures in a row without progress. */
class Failures {
  #inARow = 0;
  #coveredBefore: number | null | undefined;
  #beganAtMs = 0;

  constructor(readonly nowMs: () => number) {}

  begin(): void {
    this.#beganAtMs = this.nowMs();
  }

  /** @returns how many in a row this one makes */
  add(covered: number | null): number {
    const isProgress = covered !== this.#coveredBefore || this.nowMs() - this.#beganAtMs >= WELL_MS_MIN;
    this.#inARow = isProgress ? 1 : this.#inARow + 1;
    this.#coveredBefore = covered;
    return this.#inARow;
  }
}

/**
 * The event store as the projections' source: the engine's own events, whatever else the event store holds. History
 * is read, at the
 * reader's pace; only near the head of the log does a live subscription follow. Who then falls behind goes back to
 * reading, whether it is
 * the server that has dropped the subscription or the queue here that is full. All of that is counted in `resumed`.
 */
export class EventStoreLogSource implements LogSource {
  #resumed = 0;

  constructor(
    readonly log: EventLog,
    readonly onStalled: OnStalled = () => undefined,
    readonly limits: SourceLimits = { queueEventsMax: QUEUE_EVENTS_MAX, nearEventsMax: NEAR_EVENTS_MAX },
    readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** How often reading was taken up again after a live subscription or a connection was lost. */
  get resumed(): number {
    return this.#resumed;
  }

  /**
   * The one place that takes up reading again: from the last position handed over, with growing pauses while there is
   * no progress.
   */
  async *subscribe(subscription: Subscription): AsyncGenerator<LogBatch> {
    const { afterPosition, signal } = subscription;
    const way: Way = { covered: afterPosition !== null && afterPosition < 0 ? null : afterPosition, place: undefined };
    const failures = new Failures(this.nowMs);
    while (!signal.aborted) {
      failures.begin();
      try {
        yield* this.#history(way, subscription);
        if (!signal.aborted) yield* this.#live(way, subscription);
      } catch (error) {
        if (signal.aborted) return;
        const inARow = failures.add(way.covered);
        if (inARow === 1) this.#resumed += 1;
        const retryInMs = Math.min(BACKOFF_MS_MIN * 2 ** (inARow - 1), BACKOFF_MS_MAX);
        if (inARow === FAILURES_TOLD) this.onStalled(error, retryInMs);
        // Dropped as too slow: reading is what helps, and it may begin at once.
        if (!(error instanceof TimeoutError && inARow === 1)) await pause(retryInMs, signal);
      }
    }
  }

  head(): Promise<number> {
    return this.log.head();
  }

  async at(position: number): Promise<LogEntry | undefined> {
    const event = await this.log.eventAt(position);
    if (event) await this.log.codec.load([event]);
    return event && decodeEntry(this.log.codec, event);
  }

  /** Reads until the head of the log is near: each turn reads what was written during the one before. */
  async *#history(way: Way, subscription: Subscription): AsyncGenerator<LogBatch> {
    for (let isNear = false; !isNear && !subscription.signal.aborted; ) {
      const isOfTypesOnly = subscription.upTo !== undefined;
      const history = await HistoryCall.start(this.#asked(way, subscription), isOfTypesOnly, this.limits.nearEventsMax);
      for await (const batch of follow(history, subscription.signal)) {
        way.covered = batch.lastPosition;
        yield batch;
      }
      way.place = history.place;
      isNear = history.isNear;
    }
  }

  async *#live(way: Way, subscription: Subscription): AsyncGenerator<LogBatch> {
    const live = new LiveCall(this.#asked(way, subscription), way.place, () => (this.#resumed += 1));
    for await (const batch of follow(live, subscription.signal)) {
      way.covered = batch.lastPosition;
      yield batch;
    }
  }

  #asked({ covered: afterPosition }: Way, { eventTypes }: Subscription): Asked {
    const { client, codec } = this.log;
    return { client, codec, afterPosition, wanted: new Set(eventTypes), queueEventsMax: this.limits.queueEventsMax };
  }
}

/** The pages that a call brings, until it ends; the call is over when the reader leaves. */
async function* follow(call: LogCall, signal: AbortSignal): AsyncGenerator<LogBatch> {
  try {
    for (let batch = await call.arrivals.next(signal); batch; batch = await call.arrivals.next(signal)) yield batch;
  } finally {
    await call.close();
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => { clearTimeout(timer); signal.removeEventListener('abort', done); resolve(); };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
