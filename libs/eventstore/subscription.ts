import { START, eventTypeFilter, type AllStreamSubscription, type EventStoreDBClient, type Position, type RecordedEvent } from '@eventstore/db-client';
import type { Recorded } from '../kernel/event.js';
import { toNumber, UndecodableEvent, type Codec } from './codec.js';

/** Events held between the connection and the one who reads; at this many the connection is paused. */
export const QUEUE_EVENTS_MAX = 4_000;
export const BATCH_EVENTS_MAX = 5_000;
/** The server scans this many windows of 32 events between two checkpoints. */
const CHECKPOINT_INTERVAL = 16;
const BACKOFF_MS_MIN = 100;
const BACKOFF_MS_MAX = 5_000;

export interface Undecodable {
  readonly undecodable: true;
  readonly stream: string;
  readonly position: number;
  readonly type: string;
  readonly recordedAt: string;
  readonly error: string;
}

export interface SubscriptionBatch {
  readonly events: readonly (Recorded | Undecodable)[];
  /** Everything up to here has been handed over, whether it matched or not. */
  readonly lastPosition: number;
  /** The server had nothing more when this batch was taken. */
  readonly caughtUp: boolean;
}

export interface SubscribeOptions {
  /** Exclusive; null: from the first event. */
  readonly afterPosition: number | null;
  readonly eventTypes: readonly string[];
  readonly signal: AbortSignal;
  /** Told of each lost connection; the subscription then comes back by itself. */
  readonly onDisconnect?: (error: unknown, retryInMs: number) => void;
}

const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** One connection's events, queued between the client's stream and the reader. */
class Connection {
  readonly #subscription: AllStreamSubscription;
  #queue: (Recorded | Undecodable)[] = [];
  #covered: number | null;
  #caughtUp = false;
  #failed: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(client: EventStoreDBClient, readonly codec: Codec, afterPosition: number | null, eventTypes: readonly string[]) {
    this.#covered = afterPosition;
    const at = afterPosition === null ? START : { commit: BigInt(afterPosition), prepare: BigInt(afterPosition) };
    const filter = eventTypeFilter({ regex: `^(${eventTypes.map(escapeRegex).join('|')})$`, checkpointInterval: CHECKPOINT_INTERVAL, checkpointReached: (_, position) => this.#checkpoint(position) });
    this.#subscription = client.subscribeToAll({ fromPosition: at, filter });
    this.#subscription.on('data', ({ event }) => { if (event) this.#take(event); });
    this.#subscription.on('caughtUp', () => { this.#caughtUp = true; this.#wake(); });
    this.#subscription.on('error', (error) => this.#fail(error));
    this.#subscription.on('end', () => this.#fail(new Error('the event store ended the subscription')));
  }

  #take(event: RecordedEvent): void {
    try {
      this.#queue.push(this.#decode(event));
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#queue.length >= QUEUE_EVENTS_MAX) this.#subscription.pause();
    this.#wake();
  }

  #decode(event: RecordedEvent): Recorded | Undecodable {
    try {
      return this.codec.decode(event);
    } catch (error) {
      if (!(error instanceof UndecodableEvent)) throw error;
      return { undecodable: true, stream: error.stream, position: error.position, type: error.eventType, recordedAt: event.created.toISOString(), error: error.message };
    }
  }

  /** The client calls this before it hands over what is still in its buffer: wait until that is out, or the checkpoint would overtake events. */
  async #checkpoint(position: Position): Promise<void> {
    while (this.#subscription.readableLength > 0 && !this.#failed && !this.#subscription.destroyed) await new Promise((resolve) => setImmediate(resolve));
    this.#covered = Math.max(this.#covered ?? -1, toNumber(position.commit));
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failed ??= { error };
    this.#wake();
  }

  /** Waits for news: events, a checkpoint, caught-up. Throws when the connection is gone and all it brought is handed over. */
  async next(previous: number | null, told: boolean, signal: AbortSignal): Promise<SubscriptionBatch | undefined> {
    for (;;) {
      if (signal.aborted) return undefined;
      if (this.#queue.length > 0) return this.#batch();
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

  #batch(): SubscriptionBatch {
    const events = this.#queue.splice(0, BATCH_EVENTS_MAX);
    const last = events.at(-1)!.position;
    this.#covered = this.#queue.length > 0 ? last : Math.max(this.#covered ?? -1, last);
    if (this.#subscription.isPaused()) this.#subscription.resume();
    return { events, lastPosition: this.#covered, caughtUp: this.#caughtUp && this.#queue.length === 0 };
  }

  async close(): Promise<void> {
    this.#failed ??= { error: new Error('closed') };
    // A cancelled call still reports its cancellation: someone must listen or the process ends.
    this.#subscription.on('error', () => undefined);
    await this.#subscription.unsubscribe();
  }
}

/**
 * The log from a position on, filtered by type on the server, for as long as the signal allows. The client never re-subscribes
 * by itself: a lost connection is resumed here from the last position handed over, with growing pauses.
 */
export async function* subscribe(client: EventStoreDBClient, codec: Codec, options: SubscribeOptions): AsyncGenerator<SubscriptionBatch> {
  let covered = options.afterPosition;
  let backoffMs = BACKOFF_MS_MIN;
  while (!options.signal.aborted) {
    const connection = new Connection(client, codec, covered, options.eventTypes);
    try {
      let told = false;
      for (let batch = await connection.next(covered, told, options.signal); batch; batch = await connection.next(covered, told, options.signal)) {
        backoffMs = BACKOFF_MS_MIN;
        covered = batch.lastPosition;
        told = batch.caughtUp;
        yield batch;
      }
    } catch (error) {
      if (options.signal.aborted) return;
      options.onDisconnect?.(error, backoffMs);
      await pause(backoffMs, options.signal);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MS_MAX);
    } finally {
      await connection.close();
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => { clearTimeout(timer); signal.removeEventListener('abort', done); resolve(); };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
