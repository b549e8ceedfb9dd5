import type { Instant, Recorded } from '../kernel/event.js';

/** An event that the log holds and this program could not decode. */
export interface Undecodable {
  readonly position: number;
  readonly stream: string;
  readonly type: string;
  readonly recordedAt: Instant;
  readonly error: string;
}

export type LogEntry = Recorded | Undecodable;

export const isUndecodable = (entry: LogEntry): entry is Undecodable => 'error' in entry && !('data' in entry);

/** A page of the log. */
export interface LogBatch {
  /** In the order of their positions; at most PAGE_EVENTS_MAX. */
  readonly events: readonly LogEntry[];
  /** Every wanted event up to this position has been given; moves on even where no event was wanted. */
  readonly lastPosition: number;
  /** Nothing was left in the log behind this page when it was read. */
  readonly caughtUp: boolean;
}

/** The largest page a source may give. */
export const PAGE_EVENTS_MAX = 1_000;

export interface Subscription {
  /** The last position already known; null for the beginning. */
  readonly afterPosition: number | null;
  /** Types wanted; an empty list means every type. */
  readonly eventTypes: readonly string[];
  /**
   * The position up to which it is read, at or before the log's head: nobody waits for a place in between, so a source may have the
   * types that are not wanted left out where the log is. It may give more than that, and does not end there: the reader does.
   */
  readonly upTo?: number;
  readonly signal: AbortSignal;
}

/**
 * The log as projections read it. A source reconnects by itself, with back-off, and goes on where it was: positions never
 * repeat and never go back. It ends when the signal says so, and throws only what a retry cannot mend.
 * A caught-up source must move `lastPosition` on within a second even when no event was wanted: a caller may be waiting
 * for exactly that position. One page is read ahead at most: who asks slowly is served slowly.
 */
export interface LogSource {
  subscribe(subscription: Subscription): AsyncIterable<LogBatch>;
  /** Position of the last event that a subscription can come to, -1 when there is none. */
  head(): Promise<number>;
  /** How often this process has taken up reading again, having been dropped or cut off; left out: it never has to. */
  readonly resumed?: number;
  /** The one event at exactly this position, to look at it again; undefined where there is none. */
  at(position: number): Promise<LogEntry | undefined>;
}
