import {
  streamNameFilter, START, type EventStoreDBClient, type Position, type RecordedEvent,
} from '@eventstore/db-client';
import { Arrivals } from './arrivals.js';
import { toNumber, type Codec } from './codec.js';
import { cancelled, readFiltered } from './filtered-read.js';
import { lastInLog } from './last-in-log.js';

/** The server tells its position after so many windows of 32 events that do not match. */
const CHECKPOINT_INTERVAL = 16;

/** A call of the client that brings events of the log. */
export interface LogCall {
  readonly arrivals: Arrivals;
  close(): Promise<void>;
}

/** What is read, and how much of it is held. */
export interface Asked {
  readonly client: EventStoreDBClient;
  readonly codec: Codec;
  readonly afterPosition: number | null;
  /** Event types; empty: all about the business. */
  readonly wanted: ReadonlySet<string>;
  readonly queueEventsMax: number;
}

const placeOf = (position: number | null): Position | undefined =>
  position === null ? undefined : { commit: BigInt(position), prepare: BigInt(position) };

/** A read of all that the log holds now. */
export class HistoryCall implements LogCall {
  readonly arrivals: Arrivals;
  readonly #stream: ReturnType<typeof readFiltered>;
  /** The furthest place that is known of, as the event store names it. */
  place: Position | undefined;
  /** It has come to its end without finding much: the head of the log is near. */
  isNear = false;
  #events = 0;

  private constructor(asked: Asked, end: Position | undefined, isOfTypesOnly: boolean, nearEventsMax: number) {
    const { client, codec, afterPosition, wanted, queueEventsMax } = asked;
    this.arrivals = new Arrivals(codec, afterPosition, wanted, false, () => this.#stream.resume());
    this.place = end;
    const filter = isOfTypesOnly && wanted.size > 0 ? { types: [...wanted] } : { streams: codec.own.prefixes };
    const from = placeOf(afterPosition);
    this.#stream = readFiltered(client, { direction: 'forwards', filter, ...(from && { from }) });
    this.#stream.on('data', ({ event }: { readonly event?: RecordedEvent }) => {
      if (!event) return;
      this.#events += 1;
      if (this.place === undefined || event.position!.commit > this.place.commit) this.place = event.position;
      this.arrivals.take(event);
      if (this.arrivals.length >= queueEventsMax) this.#stream.pause();
    });
    this.#stream.on('end', () => {
      if (end) this.arrivals.coveredTo(toNumber(end.commit));
      this.isNear = this.#events <= nearEventsMax;
      this.arrivals.end({ isAtHead: this.isNear });
    });
    this.#stream.on('error', (error) => this.arrivals.end({ error }));
  }

  /**
   * Starts it.
   * @param isOfTypesOnly the server is to leave out the types that are not wanted: the position then moves only with
   * those that are
   * @param nearEventsMax having brought no more events than this, it has come to the head of the log
   */
  static async start(asked: Asked, isOfTypesOnly: boolean, nearEventsMax: number): Promise<HistoryCall> {
    // Asked before: whatever is at or before this place is in the answer.
    const end = (await lastInLog(asked.client))?.position;
    return new HistoryCall(asked, end, isOfTypesOnly, nearEventsMax);
  }

  async close(): Promise<void> {
    this.arrivals.end();
    await cancelled(this.#stream);
  }
}

/**
 * What comes after a place near the head of the log. It takes from the server at once whatever comes, because a
 * server drops whom it
 * finds too slow; when the queue is full it ends, and the reader goes back to reading.
 */
export class LiveCall implements LogCall {
  readonly arrivals: Arrivals;
  readonly #subscription: ReturnType<EventStoreDBClient['subscribeToAll']>;

  /** @param place of an event; undefined: the beginning. @param overflowed told when the queue is full */
  constructor(asked: Asked, place: Position | undefined, overflowed: () => void) {
    const { client, codec, afterPosition, wanted, queueEventsMax } = asked;
    this.arrivals = new Arrivals(codec, afterPosition, wanted, true);
    const filter = streamNameFilter({
      prefixes: [...codec.own.prefixes],
      checkpointInterval: CHECKPOINT_INTERVAL,
      checkpointReached: (_, position) => this.#checkpoint(toNumber(position.commit)),
    });
    this.#subscription = client.subscribeToAll({ fromPosition: place ?? START, filter });
    this.#subscription.on('data', ({ event }) => {
      if (!event || this.arrivals.hasEnded) return;
      this.arrivals.take(event);
      if (this.arrivals.length < queueEventsMax) return;
      this.arrivals.end();
      overflowed();
      this.close().catch(() => undefined); // closed again, and heard, when the reader has taken what has come
    });
    this.#subscription.on('error', (error) => this.arrivals.end({ error }));
    const ended = (): void => this.arrivals.end({ error: new Error('the event store ended the subscription') });
    this.#subscription.on('end', ended);
  }

  /**
   * The client calls this before it hands over what is still in its buffer: wait until that is out, or the checkpoint
   * would overtake events.
   */
  async #checkpoint(position: number): Promise<void> {
    const isOver = (): boolean => this.arrivals.hasEnded || this.#subscription.destroyed;
    while (this.#subscription.readableLength > 0 && !isOver()) await new Promise((resolve) => setImmediate(resolve));
    this.arrivals.coveredTo(position);
  }

  async close(): Promise<void> {
    this.arrivals.end();
    // A cancelled call still reports its cancellation: someone must listen or the process ends.
    this.#subscription.on('error', () => undefined);
    await this.#subscription.unsubscribe();
    this.#subscription.destroy();
  }
}
