import type { ServerWritableStream } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import { recordAt } from '../storage/record.js';
import type { EventStore } from '../streams/event-store.js';
import { toServiceError } from './errors.js';
import { resolvedEvent } from './resolved-event.js';

/** Answers are bytes: an event's answer was encoded when the event was appended. */
export type ReadCall = ServerWritableStream<streams.ReadReq, Buffer>;
export type EventFormat = { resolveLinks: boolean; structuredIds: boolean };

/** A reader holds two: one that is being sent and one that is being read. */
const PAGE_BYTES_MAX = 512 * 1024;
const LINK_TYPE = '$>';

/** One reader: sends answers only as fast as they are taken, so that a slow one costs a page of memory and no more. */
export class ReaderCall {
  isClosed = false;
  /** Whether the reader has not taken what was sent last. */
  isHeldUp = false;
  /** Events of the page on its way that have not been sent. */
  unsentEvents = 0;
  /** Whether what is sent now happened after the subscription caught up. */
  isLive = false;
  private readonly closings = new Set<() => void>();

  constructor(private readonly store: EventStore, private readonly call: ReadCall, private readonly format: EventFormat) {
    for (const ending of ['cancelled', 'close', 'error'] as const) call.on(ending, () => this.close());
  }

  /** Settles when events have become visible or the reader is gone. */
  untilVisible(): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const proceed = () => {
        stopWaking();
        this.closings.delete(proceed);
        resolve();
      };
      const stopWaking = this.store.onVisible(proceed);
      this.closings.add(proceed);
    });
  }

  async sendEvents(ordinals: number[]): Promise<void> {
    let from = 0;
    for (let reading = this.readPage(ordinals, from); from < ordinals.length && !this.isClosed; ) {
      const records = await reading;
      // The next page comes from the disk while this one is being sent.
      reading = this.readPage(ordinals, from + records.length);
      for (const record of records) {
        if (this.isClosed) return;
        this.unsentEvents = ordinals.length - from - 1;
        // Awaiting costs as much as sending, so only what has to be waited for is.
        const answer = this.answerOf(ordinals[from++] ?? 0, record);
        const waiting = this.send(answer instanceof Promise ? await answer : answer);
        if (waiting !== undefined) await waiting;
      }
    }
  }

  private readPage(ordinals: number[], from: number): Promise<Buffer[]> {
    const page = ordinals.slice(from, this.endOfPage(ordinals, from)).map((ordinal) => this.store.index.placeOf(ordinal));
    const reading = this.store.log.records.read(page);
    // If the reader leaves, nobody waits for this page any more, nor for its failure.
    reading.catch(() => undefined);
    return reading;
  }

  /** Sends one answer; a promise only when the reader has to be waited for. */
  send(answer: streams.ReadResp | Buffer): Promise<void> | undefined {
    if (this.isClosed || this.call.write(Buffer.isBuffer(answer) ? answer : Buffer.from(answer.serializeBinary()))) return undefined;
    this.isHeldUp = true;
    return new Promise((resolve) => {
      const proceed = () => {
        this.isHeldUp = false;
        this.call.off('drain', proceed);
        this.call.off('close', proceed);
        this.call.off('cancelled', proceed);
        resolve();
      };
      this.call.on('drain', proceed);
      this.call.on('close', proceed);
      this.call.on('cancelled', proceed);
    });
  }

  sendCheckpoint(position: number): Promise<void> | undefined {
    const checkpoint = new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position));
    return this.send(new streams.ReadResp().setCheckpoint(checkpoint));
  }

  end(): void {
    if (!this.isClosed) this.call.end();
    this.close();
  }

  fail(error: unknown): void {
    if (!this.isClosed) this.call.emit('error', toServiceError(error));
    this.close();
  }

  private answerOf(ordinal: number, record: Buffer): Promise<streams.ReadResp> | Buffer {
    const isLink = this.format.resolveLinks && this.store.index.typeOf(ordinal) === this.store.index.types.find(LINK_TYPE);
    if (!isLink && !this.format.structuredIds) return recordAt.frame(record, 0);
    return resolvedEvent(this.store, record, { resolve: isLink, isLive: this.isLive, structuredIds: this.format.structuredIds });
  }

  private endOfPage(ordinals: number[], from: number): number {
    let bytes = 0;
    let to = from;
    for (; to < ordinals.length; to++) {
      bytes += this.store.index.placeOf(ordinals[to] ?? 0).bytes;
      if (bytes > PAGE_BYTES_MAX && to > from) break;
    }
    return to;
  }

  private close(): void {
    this.isClosed = true;
    for (const proceed of this.closings) proceed();
  }
}
