import { eventTypeFilter, excludeSystemEvents, START, type AllStreamSubscription, type EventStoreDBClient, type Position, type RecordedEvent } from '@eventstore/db-client';
import { PAGE_EVENTS_MAX, type LogBatch, type LogEntry, type LogSource, type Subscription } from '../projector/log-source.js';
import { toNumber, UndecodableEvent, type Codec } from './codec.js';
import type { EventLog } from './event-log.js';

/** Events held between the connection and the one who reads; at this many the connection is paused. */
export const QUEUE_EVENTS_MAX = 4_000;
/** The server tells its position after so many windows of 32 events that do not match. */
const CHECKPOINT_INTERVAL = 16;
const BACKOFF_MS_MIN = 100;
const BACKOFF_MS_MAX = 5_000;

/** Told of each lost connection; the subscription then comes back by itself. */
export type OnDisconnect = (error: unknown, retryInMs: number) => void;

/** An event whose key has to be looked up before it can be decoded. */
interface Locked {
  readonly locked: RecordedEvent;
}

/** One connection's events, queued between the client's stream and the reader. */
class Connection {
  readonly #subscription: AllStreamSubscription;
  readonly #queue: (LogEntry | Locked)[] = [];
  #covered: number | null;
  /** Every wanted event up to here has come: it was handed over or is queued. Known from events nobody wants, and from what the server tells of its own position. */
  #arrived = -1;
  #caughtUp = false;
  #failed: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(client: EventStoreDBClient, readonly codec: Codec, afterPosition: number | null, readonly wanted: ReadonlySet<string>, upTo: number | undefined) {
    this.#covered = afterPosition;
    const at = afterPosition === null ? START : { commit: BigInt(afterPosition), prepare: BigInt(afterPosition) };
    const checkpoints = { checkpointInterval: CHECKPOINT_INTERVAL, checkpointReached: (_: unknown, position: Position) => this.#checkpoint(toNumber(position.commit)) };
    // Types nobody wants are dropped here and not on the server where the position must move with every event, since someone may wait for it.
    const filter = upTo === undefined || wanted.size === 0 ? excludeSystemEvents(checkpoints) : eventTypeFilter({ ...checkpoints, prefixes: [...wanted] });
    this.#subscription = client.subscribeToAll({ fromPosition: at, filter });
    this.#subscription.on('data', ({ event }) => { if (event) this.#take(event); });
    this.#subscription.on('caughtUp', () => {
      this.#caughtUp = true;
      this.#wake();
      // Caught up, the server has given all that it has of the wanted types; where the others end it does not say.
      if (upTo !== undefined) this.#checkpoint(upTo).catch((error: unknown) => this.#fail(error));
    });
    this.#subscription.on('error', (error) => this.#fail(error));
    this.#subscription.on('end', () => this.#fail(new Error('the event store ended the subscription')));
  }

  #take(event: RecordedEvent): void {
    try {
      if (this.wanted.size === 0 || this.wanted.has(event.type)) this.#queue.push(this.codec.keyNeeded(event) === undefined ? decodeEntry(this.codec, event) : { locked: event });
      else this.#arrivedTo(toNumber(event.position?.commit ?? 0n));
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#queue.length >= QUEUE_EVENTS_MAX) this.#subscription.pause();
    this.#wake();
  }

  /** The client calls this before it hands over what is still in its buffer: wait until that is out, or the checkpoint would overtake events. */
  async #checkpoint(position: number): Promise<void> {
    while (this.#subscription.readableLength > 0 && !this.#failed && !this.#subscription.destroyed) await new Promise((resolve) => setImmediate(resolve));
    this.#arrivedTo(position);
    this.#wake();
  }

  #arrivedTo(position: number): void {
    this.#arrived = Math.max(this.#arrived, position);
    if (this.#queue.length === 0) this.#covered = Math.max(this.#covered ?? -1, position);
  }

  #fail(error: unknown): void {
    this.#failed ??= { error };
    this.#wake();
  }

  /** Waits for news: events, a checkpoint, caught-up. Throws when the connection is gone and all it brought is handed over. */
  async next(previous: number | null, told: boolean, signal: AbortSignal): Promise<LogBatch | undefined> {
    for (;;) {
      if (signal.aborted) return undefined;
      if (this.#queue.length > 0) {
        await this.#gathered();
        return await this.#batch();
      }
      if (this.#covered !== previous || (this.#caughtUp && !told && this.#covered !== null)) return { events: [], lastPosition: this.#covered ?? -1, caughtUp: this.#caughtUp };
      if (this.#failed) throw this.#failed.error;
      await new Promise<void>((resolve) => {
        const done = (): void => { signal.removeEventListener('abort', done); resolve(); };
        signal.addEventListener('abort', done, { once: true });
        this.#wake = done;
      });
      this.#wake = () => undefined;
    }
  }

  /** Until nothing more has come with the last read of the connection, or the page is full: events come one by one, and a page of one costs each of its readers as much as a page of a thousand. */
  async #gathered(): Promise<void> {
    for (let before = 0; this.#queue.length > before && this.#queue.length < PAGE_EVENTS_MAX; ) {
      before = this.#queue.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #batch(): Promise<LogBatch> {
    const events = await this.#unlocked(this.#queue.splice(0, PAGE_EVENTS_MAX));
    const last = events.at(-1)!.position;
    this.#covered = this.#queue.length > 0 ? last : Math.max(this.#arrived, last);
    if (this.#subscription.isPaused()) this.#subscription.resume();
    return { events, lastPosition: this.#covered, caughtUp: this.#caughtUp && this.#queue.length === 0 };
  }

  /** Looks up the keys that were not at hand when their events came. */
  async #unlocked(arrived: readonly (LogEntry | Locked)[]): Promise<LogEntry[]> {
    const locked = arrived.flatMap((each) => ('locked' in each ? [each.locked] : []));
    if (locked.length > 0) await this.codec.load(locked);
    return arrived.map((each) => ('locked' in each ? decodeEntry(this.codec, each.locked) : each));
  }

  async close(): Promise<void> {
    this.#failed ??= { error: new Error('closed') };
    // A cancelled call still reports its cancellation: someone must listen or the process ends.
    this.#subscription.on('error', () => undefined);
    await this.#subscription.unsubscribe();
    this.#subscription.destroy();
  }
}

function decodeEntry(codec: Codec, event: RecordedEvent): LogEntry {
  try {
    return codec.decode(event);
  } catch (error) {
    if (!(error instanceof UndecodableEvent)) throw error;
    return { stream: error.stream, position: error.position, type: error.eventType, recordedAt: event.created.toISOString(), error: error.message };
  }
}

/** The event store as the projections' source. */
export class EventStoreLogSource implements LogSource {
  constructor(readonly log: EventLog, readonly onDisconnect: OnDisconnect = () => undefined) {}

  /** The client never re-subscribes by itself: a lost connection is resumed here from the last position handed over, with growing pauses. */
  async *subscribe({ afterPosition, eventTypes, upTo, signal }: Subscription): AsyncGenerator<LogBatch> {
    let covered = afterPosition !== null && afterPosition < 0 ? null : afterPosition;
    let backoffMs = BACKOFF_MS_MIN;
    const wanted = new Set(eventTypes);
    while (!signal.aborted) {
      const connection = new Connection(this.log.client, this.log.codec, covered, wanted, upTo);
      try {
        let told = false;
        for (let batch = await connection.next(covered, told, signal); batch; batch = await connection.next(covered, told, signal)) {
          backoffMs = BACKOFF_MS_MIN;
          covered = batch.lastPosition;
          told = batch.caughtUp;
          yield batch;
        }
      } catch (error) {
        if (signal.aborted) return;
        this.onDisconnect(error, backoffMs);
        await pause(backoffMs, signal);
        backoffMs = Math.min(backoffMs * 2, BACKOFF_MS_MAX);
      } finally {
        await connection.close();
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
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => { clearTimeout(timer); signal.removeEventListener('abort', done); resolve(); };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
