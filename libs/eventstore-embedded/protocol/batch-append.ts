import type { ServerDuplexStream } from '@grpc/grpc-js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import sharedMessages from '@eventstore/db-client/generated/shared_pb.js';
import type status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';

import type { ExpectedRevision } from '../streams/check-expected-revision.js';
import type { AppendResult, EventStore, NewEvent } from '../streams/event-store.js';
import { appendTooBigStatus, failureStatus, streamDeletedStatus, timeoutStatus, wrongExpectedVersionStatus } from './batch-status.js';
import { refuse, toServiceError } from './errors.js';
import { appendBytesOf, expectedRevisionOf, newEventOf, uuidTextOf, writableStreamOf } from './requests.js';
import { Turns } from './turns.js';

/** Requests come as bytes: they are decoded when it is their turn. */
export type BatchCall = ServerDuplexStream<Buffer, Buffer>;

type OpenBatch = {
  identifier: shared.StreamIdentifier | undefined;
  stream: string;
  expected: ExpectedRevision;
  deadlineMs: number;
  expiry: NodeJS.Timeout | undefined;
  events: NewEvent[];
  bytes: number;
};

/** Batches of one call that have begun and not ended; each holds up to the largest append. */
const OPEN_BATCHES_MAX = 64;
/** Batches of one call on their way to the disk; beyond it the call's requests wait in the network. */
const UNANSWERED_MAX = 1_024;
/**
 * Requests of one call handled in one turn of the event loop. Were all that have come together answered together, the client would have
 * nothing to do while the server works, and the server nothing while the client does: each has a processor of its own.
 */
const REQUESTS_A_TURN_MAX = 8;
/** Bytes of requests that wait for their turn; beyond it the call's requests wait in the network. */
const WAITING_BYTES_MAX = 1024 * 1024;
const TIMER_MS_MAX = 2 ** 31 - 1;

export type BatchLimits = { appendBytesMax: number };

/** BatchAppend: one long-lived call a client, on which batches, each in one or more chunks, are told apart by correlation id. */
export class BatchAppendCall {
  private readonly open = new Map<string, OpenBatch>();
  /** Repeats of appends under way, which are answered only by their deadlines. */
  private readonly unansweredRepeats = new Set<NodeJS.Timeout>();
  private readonly turns = new Turns<Buffer>(REQUESTS_A_TURN_MAX, (request) => this.receive(request));
  private waitingBytes = 0;
  private unanswered = 0;
  private hasEnded = false;
  private isPaused = false;

  constructor(private readonly store: EventStore, private readonly call: BatchCall, private readonly authenticate: () => void, private readonly limits: BatchLimits) {
    call.on('data', (request: Buffer) => {
      this.waitingBytes += request.length;
      this.turns.add(request);
      this.pauseIfFull();
    });
    call.on('end', () => {
      this.hasEnded = true;
      this.endIfDone();
    });
    call.on('cancelled', () => this.forget());
    call.on('error', () => this.forget());
    call.on('drain', () => this.resumeIfRoom());
  }

  private receive(bytes: Buffer): void {
    this.waitingBytes -= bytes.length;
    const request = decoded(bytes);
    if (request === undefined) this.call.emit('error', toServiceError(refuse.invalid('The request is no BatchAppendReq.')));
    else this.take(request);
    this.resumeIfRoom();
    this.endIfDone();
  }

  private take(request: streams.BatchAppendReq): void {
    const correlationId = request.getCorrelationId();
    let key: string | undefined;
    try {
      key = uuidTextOf(correlationId);
      const options = request.getOptions();
      if (options !== undefined) this.begin(key, request, options);
      const batch = this.open.get(key);
      // Chunks may still arrive for a batch that has been refused: the client sends before it listens.
      if (batch === undefined) return;
      for (const message of request.getProposedMessagesList()) {
        const event = newEventOf(message);
        batch.bytes += appendBytesOf(event);
        batch.events.push(event);
      }
      if (batch.bytes > this.limits.appendBytesMax) return this.refuseBatch(key, correlationId, appendTooBigStatus(this.limits.appendBytesMax));
      if (!request.getIsFinal()) return;
      this.close(key);
      if (Date.now() >= batch.deadlineMs) return this.answer(correlationId, batch.identifier, (response) => response.setError(timeoutStatus()));
      void this.append(correlationId, batch);
    } catch (error) {
      if (key === undefined) this.answer(correlationId, undefined, (response) => response.setError(failureStatus(error)));
      else this.refuseBatch(key, correlationId, failureStatus(error), request.getOptions()?.getStreamIdentifier());
    }
  }

  private begin(key: string, request: streams.BatchAppendReq, options: streams.BatchAppendReq.Options): void {
    this.authenticate();
    if (this.open.has(key)) return;
    if (this.open.size >= OPEN_BATCHES_MAX) throw refuse.invalid(`More than ${OPEN_BATCHES_MAX} batches are open on one call.`);
    const deadlineMs = options.getDeadline()?.toDate().getTime() ?? Infinity;
    this.open.set(key, {
      identifier: options.getStreamIdentifier(),
      stream: writableStreamOf(options.getStreamIdentifier()),
      expected: expectedRevisionOf(options, options.hasStreamPosition() ? options.getStreamPosition() : undefined),
      deadlineMs,
      // Most batches come in one piece and need no clock.
      expiry: request.getIsFinal() || deadlineMs === Infinity
        ? undefined
        : setTimeout(() => this.refuseBatch(key, request.getCorrelationId(), timeoutStatus()), Math.min(Math.max(0, deadlineMs - Date.now()), TIMER_MS_MAX)),
      events: [],
      bytes: 0,
    });
  }

  private async append(correlationId: shared.UUID | undefined, batch: OpenBatch): Promise<void> {
    this.unanswered++;
    this.pauseIfFull();
    try {
      const result = await this.store.append(batch.stream, batch.expected, batch.events);
      this.unanswered--;
      if (result.kind === 'repeat-under-way') this.leaveUnanswered(correlationId, batch);
      else this.answer(correlationId, batch.identifier, (response) => setResult(response, batch, result));
    } catch (error) {
      this.unanswered--;
      this.answer(correlationId, batch.identifier, (response) => response.setError(failureStatus(error)));
    }
    this.resumeIfRoom();
    this.endIfDone();
  }

  /** As the real server: whoever repeats an append that is under way hears nothing of it until the deadline. */
  private leaveUnanswered(correlationId: shared.UUID | undefined, batch: OpenBatch): void {
    if (batch.deadlineMs === Infinity) return;
    const expiry = setTimeout(() => {
      this.unansweredRepeats.delete(expiry);
      this.answer(correlationId, batch.identifier, (response) => response.setError(timeoutStatus()));
      this.endIfDone();
    }, Math.min(Math.max(0, batch.deadlineMs - Date.now()), TIMER_MS_MAX));
    this.unansweredRepeats.add(expiry);
  }

  private refuseBatch(key: string, correlationId: shared.UUID | undefined, error: status.Status, identifier = this.open.get(key)?.identifier): void {
    this.close(key);
    this.answer(correlationId, identifier, (response) => response.setError(error));
  }

  private close(key: string): void {
    clearTimeout(this.open.get(key)?.expiry);
    this.open.delete(key);
  }

  private answer(correlationId: shared.UUID | undefined, identifier: shared.StreamIdentifier | undefined, fill: (response: streams.BatchAppendResp) => void): void {
    if (this.call.cancelled || this.call.writableEnded) return;
    const response = new streams.BatchAppendResp();
    response.setCorrelationId(correlationId);
    // The client reads the name even of an answer to a request that had none.
    response.setStreamIdentifier(identifier ?? new sharedMessages.StreamIdentifier());
    fill(response);
    if (!this.call.write(Buffer.from(response.serializeBinary()))) this.pause();
  }

  private pauseIfFull(): void {
    if (this.waitingBytes > WAITING_BYTES_MAX || this.unanswered >= UNANSWERED_MAX || !this.store.log.hasRoom) this.pause();
  }

  private pause(): void {
    this.isPaused = true;
    this.call.pause();
  }

  private resumeIfRoom(): void {
    if (!this.isPaused || this.waitingBytes > WAITING_BYTES_MAX || this.unanswered >= UNANSWERED_MAX || this.call.writableNeedDrain) return;
    if (!this.store.log.hasRoom) {
      void this.store.log.room().then(() => this.resumeIfRoom());
      return;
    }
    this.isPaused = false;
    this.call.resume();
  }

  private endIfDone(): void {
    if (this.hasEnded && this.turns.waitingCount === 0 && this.unanswered === 0 && this.unansweredRepeats.size === 0 && !this.call.writableEnded) this.call.end();
  }

  private forget(): void {
    this.turns.clear();
    for (const expiry of this.unansweredRepeats) clearTimeout(expiry);
    this.unansweredRepeats.clear();
    for (const key of [...this.open.keys()]) this.close(key);
  }
}

function decoded(bytes: Buffer): streams.BatchAppendReq | undefined {
  try {
    return streams.BatchAppendReq.deserializeBinary(bytes);
  } catch {
    return undefined;
  }
}

function setResult(response: streams.BatchAppendResp, batch: OpenBatch, result: Exclude<AppendResult, { kind: 'repeat-under-way' }>): void {
  switch (result.kind) {
    case 'stream-deleted':
      response.setError(streamDeletedStatus(batch.identifier));
      return;
    case 'wrong-expected-revision':
      response.setError(wrongExpectedVersionStatus(batch.expected, result.actual));
      return;
    case 'appended': {
      const success = new streams.BatchAppendResp.Success();
      if (result.lastRevision < 0) success.setNoStream(new empty.Empty());
      else success.setCurrentRevision(String(result.lastRevision));
      const position = result.position === undefined ? undefined : String(result.position);
      if (position === undefined) success.setNoPosition(new empty.Empty());
      else success.setPosition(new sharedMessages.AllStreamPosition().setCommitPosition(position).setPreparePosition(position));
      response.setSuccess(success);
    }
  }
}
