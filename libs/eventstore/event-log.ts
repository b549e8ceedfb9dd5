import { NO_STREAM, StreamNotFoundError, UnavailableError, DeadlineExceededError, WrongExpectedVersionError, MaxAppendSizeExceededError, type EventData, type EventStoreDBClient, type RecordedEvent } from '@eventstore/db-client';
import type { Recorded } from '../kernel/event.js';
import { toNumber, type Codec } from './codec.js';
import { ForeignEvent } from './foreign-event.js';
import { cancelled, readFiltered } from './filtered-read.js';
import { lastInLog } from './last-in-log.js';
import { headOf } from './own-head.js';
import { ENGINE_EVENT_TYPES } from './own-events.js';
import { EventStoreUnavailable } from './unavailable.js';

/** The engine's own limit: the client does not enforce the deadline of an append. */
export const APPEND_TIMEOUT_MS = 10_000;
/** No aggregate of this domain comes near it; a longer stream is a fault, not a history. */
export const STREAM_EVENTS_MAX = 100_000;

/** The stream was not at the expected revision: someone else wrote first. */
export class StreamMoved extends Error {}
/** The events of one command are more than the event store takes in one append. */
export class AppendTooLarge extends Error {}

/** Events of the engine's own that are looked at from the end of the log on: more than it ever writes in a row by itself. */
const LAST_EVENTS_MAX = 10_000;

export interface Appended {
  readonly revision: number;
  readonly position: number;
}

function translate(error: unknown): unknown {
  if (error instanceof WrongExpectedVersionError) return new StreamMoved(error.message, { cause: error });
  if (error instanceof MaxAppendSizeExceededError) return new AppendTooLarge(error.message, { cause: error });
  if (error instanceof UnavailableError || error instanceof DeadlineExceededError) return new EventStoreUnavailable('the event store does not answer', { cause: error });
  return error;
}

/** undefined for what this version cannot decode: projections park it and say why. */
async function decodedBy(codec: Codec, event: RecordedEvent): Promise<Recorded | undefined> {
  if (codec.keyNeeded(event) !== undefined) await codec.load([event]);
  try {
    return codec.decode(event);
  } catch {
    return undefined;
  }
}

/**
 * Streams of the event store in the engine's own terms. Other applications may share the event store: their events are passed over
 * wherever the whole log is read. Every EventStoreDB error leaves here translated.
 */
export class EventLog {
  constructor(readonly client: EventStoreDBClient, readonly codec: Codec) {}

  /**
   * All events of a stream, oldest first; empty when there is no such stream.
   * @throws EventStoreUnavailable, KeysUnavailable, UndecodableEvent; ForeignEvent where others have written into the stream
   */
  async read(stream: string): Promise<Recorded[]> {
    const events: Recorded[] = [];
    try {
      for await (const { event } of this.client.readStream(stream, { maxCount: STREAM_EVENTS_MAX })) {
        if (!event) continue;
        if (!this.codec.own.includes(event)) throw new ForeignEvent(event);
        if (this.codec.keyNeeded(event) !== undefined) await this.codec.load([event]);
        events.push(this.codec.decode(event));
      }
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      throw translate(error);
    }
    return events;
  }

  /** Whether the engine has written anything into the stream. */
  async exists(stream: string): Promise<boolean> {
    try {
      // Nearly always the first event says it.
      for (const maxCount of [1, STREAM_EVENTS_MAX]) {
        let read = 0;
        for await (const { event } of this.client.readStream(stream, { maxCount })) {
          if (event && this.codec.own.includes(event)) return true;
          read += 1;
        }
        if (read < maxCount) return false;
      }
      return false;
    } catch (error) {
      if (error instanceof StreamNotFoundError) return false;
      throw translate(error);
    }
  }

  /**
   * Appends all events or none. `afterRevision` is the revision the stream must be at, -1 for a new one.
   * @throws StreamMoved, AppendTooLarge, EventStoreUnavailable
   */
  async append(stream: string, afterRevision: number, events: EventData[]): Promise<Appended> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new EventStoreUnavailable(`no answer to an append to ${stream} within ${APPEND_TIMEOUT_MS} ms`)), APPEND_TIMEOUT_MS);
    });
    try {
      const expectedRevision = afterRevision < 0 ? NO_STREAM : BigInt(afterRevision);
      const result = await Promise.race([this.client.appendToStream(stream, events, { expectedRevision }), timeout]);
      if (!result.position) throw new EventStoreUnavailable(`the event store gave no position for an append to ${stream}`);
      return { revision: toNumber(result.nextExpectedRevision), position: toNumber(result.position.commit) };
    } catch (error) {
      throw translate(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Position of the last event that the engine wrote about the business, or beside it in the same streams; -1 when there is none. What others have written behind it does not count: nobody's tables ever reach it. */
  async head(): Promise<number> {
    try {
      return await headOf(this).position();
    } catch (error) {
      throw translate(error);
    }
  }

  /** `position`, or that of the engine's own last event where only others have written behind it up to there: readers of the log do not come to theirs. */
  async ownUpTo(position: number): Promise<number> {
    const head = await this.head();
    if (position <= head) return position;
    try {
      const last = await lastInLog(this.client);
      if (!last || toNumber(last.position.commit) < position) return position;
      // Asked again: everything up to the position is in the log by now.
      return Math.min(position, await headOf(this).position());
    } catch (error) {
      throw translate(error);
    }
  }

  /** The newest event that is wanted, among the engine's own last LAST_EVENTS_MAX; undefined where none of these is, and where one that cannot be decoded comes first. */
  async lastOf(wanted: (event: Recorded) => boolean): Promise<Recorded | undefined> {
    const backwards = readFiltered(this.client, { direction: 'backwards', maxCount: LAST_EVENTS_MAX, filter: { streams: this.codec.own.prefixes } });
    try {
      for await (const { event } of backwards) {
        if (!event || !this.codec.own.follows(event) || ENGINE_EVENT_TYPES.has(event.type)) continue;
        const decoded = await decodedBy(this.codec, event);
        if (!decoded || wanted(decoded)) return decoded;
      }
      return undefined;
    } catch (error) {
      throw translate(error);
    } finally {
      await cancelled(backwards);
    }
  }

  /** The engine's own event at exactly this position, as it is stored; undefined where there is none. */
  async eventAt(position: number): Promise<RecordedEvent | undefined> {
    try {
      const at = { commit: BigInt(position), prepare: BigInt(position) };
      for await (const { event } of this.client.readAll({ fromPosition: at, maxCount: 1 })) {
        if (event && toNumber(event.position?.commit ?? -1n) === position && this.codec.own.includes(event)) return event;
      }
      return undefined;
    } catch (error) {
      throw translate(error);
    }
  }
}
