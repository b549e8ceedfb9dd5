import type { ServerWritableStream } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import { recordAt } from '../storage/record.js';
import type { EventStore } from '../streams/event-store.js';
import { toServiceError } from './errors.js';
import { resolvedEvent } from './resolved-event.js';

/** Answers may be bytes already: an event's answer was encoded when the event was appended. */
export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp | Buffer>;
export type EventFormat = { resolveLinks: boolean; structuredIds: boolean };

const PAGE_BYTES_MAX = 1024 * 1024;
const LINK_TYPE = '$>';

/** One reader: sends answers only as fast as they are taken, so that a slow one costs a page of memory and no more. */
export class ReaderCall {
  isClosed = false;
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
    for (let from = 0; from < ordinals.length && !this.isClosed; ) {
      const to = this.endOfPage(ordinals, from);
      const page = ordinals.slice(from, to);
      const records = await this.store.log.records.read(page.map((ordinal) => this.store.index.placeOf(ordinal)));
      for (const [index, record] of records.entries()) {
        if (this.isClosed) return;
        await this.send(await this.answerOf(page[index] ?? 0, record));
      }
      from = to;
    }
  }

  /** Sends one answer; a promise only when the reader has to be waited for. */
  send(answer: streams.ReadResp | Buffer): Promise<void> | undefined {
    if (this.isClosed || this.call.write(answer)) return undefined;
    return new Promise((resolve) => {
      const proceed = () => {
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

  private async answerOf(ordinal: number, record: Buffer): Promise<streams.ReadResp | Buffer> {
    const isLink = this.format.resolveLinks && this.store.index.typeOf(ordinal) === this.store.index.types.find(LINK_TYPE);
    if (!isLink && !this.format.structuredIds) return recordAt.frame(record, 0);
    return resolvedEvent(this.store, record, { resolve: isLink, structuredIds: this.format.structuredIds });
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
