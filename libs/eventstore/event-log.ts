import { setTimeout as delay } from 'node:timers/promises';
import {
  BACKWARDS,
  END,
  MaxAppendSizeExceededError,
  NO_STREAM,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type EventData,
  type EventStoreDBClient,
  type RecordedEvent,
} from '@eventstore/db-client';
import type { Recorded } from '../kernel/event.js';
import { toNumber, type Codec } from './codec.js';
import { isEngineEvent } from './engine-events.js';
import { ForeignEvent } from './foreign-event.js';
import { cancelled, readFiltered } from './filtered-read.js';
import { lastInLog } from './last-in-log.js';
import { headOf } from './own-head.js';
import { StreamLocks } from './stream-locks.js';
import { EventStoreUnavailable, isAway } from './unavailable.js';

/** The engine's own limit: the client does not enforce the deadline of an append. */
export const APPEND_TIMEOUT_MS = 10_000;
/**
 * An append without an answer for so long is looked for in its stream. A server leaves the repeat of an append that is under
 * way unanswered, though the events are there a moment later.
 */
export const APPEND_LOOK_MS = 1_000;
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
  if (isAway(error)) return new EventStoreUnavailable('the event store does not answer', { cause: error });
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

async function send(client: EventStoreDBClient, stream: string, afterRevision: number, events: EventData[]): Promise<Appended> {
  try {
    const expectedRevision = afterRevision < 0 ? NO_STREAM : BigInt(afterRevision);
    const result = await client.appendToStream(stream, events, { expectedRevision });
    if (!result.position) throw new EventStoreUnavailable(`the event store gave no position for an append to ${stream}`);
    return { revision: toNumber(result.nextExpectedRevision), position: toNumber(result.position.commit) };
  } catch (error) {
    throw translate(error);
  }
}

/** Where these events stand behind a revision of a stream. undefined: the stream ends there. @throws StreamMoved */
async function find(client: EventStoreDBClient, stream: string, afterRevision: number, events: readonly EventData[]): Promise<Appended | undefined> {
  const last = events.at(-1);
  let moved = false;
  try {
    const from = { fromRevision: BigInt(afterRevision + 1), maxCount: events.length };
    for await (const { event } of client.readStream(stream, from)) {
      moved = true;
      if (event?.id === last?.id && event?.position) {
        return { revision: toNumber(event.revision), position: toNumber(event.position.commit) };
      }
    }
  } catch (error) {
    if (error instanceof StreamNotFoundError) return undefined;
    throw translate(error);
  }
  if (moved) throw new StreamMoved(`${stream} went on behind revision ${afterRevision}`);
  return undefined;
}

/**
 * Streams of the event store in the engine's own terms. Other applications may share the event store: their events are passed over
 * wherever the whole log is read. Every EventStoreDB error leaves here translated.
 */
export class EventLog {
  /** @param locks those of another log of the same process over the same event store, where there is one */
  constructor(
    readonly client: EventStoreDBClient,
    readonly codec: Codec,
    readonly locks: StreamLocks = new StreamLocks(),
  ) {}

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

  /** Whether anything happened in a stream: what the engine notes of commands, and what others wrote, make no record. */
  async exists(stream: string): Promise<boolean> {
    try {
      // Nearly always the first event says it.
      for (const maxCount of [1, STREAM_EVENTS_MAX]) {
        let read = 0;
        for await (const { event } of this.client.readStream(stream, { maxCount })) {
          if (event && this.codec.own.includes(event) && !isEngineEvent(event)) return true;
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

  /** Revision of a stream's last event; -1 when there is no such stream. */
  async revisionOf(stream: string): Promise<number> {
    try {
      const last = this.client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
      for await (const { event } of last) if (event) return toNumber(event.revision);
      return -1;
    } catch (error) {
      if (error instanceof StreamNotFoundError) return -1;
      throw translate(error);
    }
  }

  /**
   * Appends all events or none. `afterRevision` is the revision the stream must be at, -1 for a new one. Where the event store
   * does not say what became of it, the stream does: the answer is given only once that is known.
   * @throws StreamMoved, AppendTooLarge, EventStoreUnavailable
   */
  async append(stream: string, afterRevision: number, events: EventData[]): Promise<Appended> {
    const sent = send(this.client, stream, afterRevision, events);
    sent.catch(() => undefined); // it may fail after the stream has answered for it
    const done = new AbortController();
    try {
      for (let waitedMs = 0; waitedMs < APPEND_TIMEOUT_MS; waitedMs += APPEND_LOOK_MS) {
        const look = delay(APPEND_LOOK_MS, undefined, { signal: done.signal });
        look.catch(() => undefined); // aborted once there is an answer
        const answer = (await Promise.race([sent, look])) ?? (await find(this.client, stream, afterRevision, events));
        if (answer) return answer;
      }
      throw new EventStoreUnavailable(`no answer to an append to ${stream} within ${APPEND_TIMEOUT_MS} ms, and it is not in the stream`);
    } catch (error) {
      if (!(error instanceof EventStoreUnavailable)) throw error;
      const found = await find(this.client, stream, afterRevision, events).catch(() => undefined);
      if (found) return found;
      throw error;
    } finally {
      done.abort();
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
        if (!event || !this.codec.own.follows(event) || isEngineEvent(event)) continue;
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
  /** Whether an event is where it was: the same id at the same revision of its stream and at the same position. */
  async holds(known: Pick<Recorded, 'id' | 'stream' | 'revision' | 'position'>): Promise<boolean> {
    const { id, stream, revision, position } = known;
    try {
      const at = { fromRevision: BigInt(revision), maxCount: 1 };
      for await (const { event } of this.client.readStream(stream, at)) {
        const isThere = event?.id === id && toNumber(event.revision) === revision;
        return isThere && (event.position === undefined || toNumber(event.position.commit) === position);
      }
      return false;
    } catch (error) {
      if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) return false;
      throw translate(error);
    }
  }
}
