import type { Metadata, ServerReadableStream, ServerUnaryCall, ServiceDefinition, ServiceError, UntypedServiceImplementation } from '@grpc/grpc-js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { sendUnaryData } from '@grpc/grpc-js';

import type { EventStore } from '../streams/event-store.js';
import { append } from './append.js';
import type { Authenticate } from './authenticate.js';
import { type BatchCall, BatchAppendCall, type BatchLimits } from './batch-append.js';
import { deleteStream, tombstoneStream } from './delete.js';
import { refuse, toServiceError } from './errors.js';
import { read } from './read.js';
import type { ReadCall } from './reader-call.js';
import type { SubscriptionLimits } from './subscription.js';

/** The Streams service as the client knows it, except that the calls with many answers are given them as bytes, and the one with many requests gives those as bytes. */
export const streamsServiceDefinition: ServiceDefinition<UntypedServiceImplementation> = {
  ...StreamsService,
  read: { ...StreamsService.read, responseSerialize: (answer: Buffer) => answer },
  batchAppend: { ...StreamsService.batchAppend, requestDeserialize: (request: Buffer) => request, responseSerialize: (answer: Buffer) => answer },
};

type LongCall = { emit(event: 'error', error: Error): boolean; on(event: 'close' | 'cancelled', listener: () => void): unknown };

/** The calls that do not end by themselves, so that a stopping server can end them as the client expects. */
export class OpenCalls {
  private readonly calls = new Map<LongCall, () => ServiceError>();
  private readonly appends = new Set<() => void>();
  private isStopping = false;

  /** `ending` makes what the call ends with when the server stops. */
  add(call: LongCall, ending: () => ServiceError = () => toServiceError(refuse.stopping())): void {
    if (this.isStopping) {
      call.emit('error', ending());
      return;
    }
    this.calls.set(call, ending);
    const remove = () => this.calls.delete(call);
    call.on('close', remove);
    call.on('cancelled', remove);
  }

  /** `end` answers an append that is under way when the server stops; the returned function takes it back. */
  addAppend(end: () => void): () => void {
    this.appends.add(end);
    return () => this.appends.delete(end);
  }

  /** The client takes UNAVAILABLE as: connect again, here or elsewhere. */
  endAll(): void {
    this.isStopping = true;
    for (const [call, ending] of this.calls) call.emit('error', ending());
    this.calls.clear();
    for (const end of this.appends) end();
  }
}

/** What an operator may set. */
export type StreamsLimits = SubscriptionLimits & BatchLimits;

/** Handlers for every method of Streams, each behind the check of credentials. */
export function streamsService(
  store: EventStore,
  authenticate: Authenticate,
  openCalls: OpenCalls,
  limits: StreamsLimits,
): UntypedServiceImplementation {
  return {
    read: (call: ReadCall) => {
      openCalls.add(call);
      if (isLetIn(call, authenticate)) void read(store, call, limits);
    },
    append: (call: ServerReadableStream<streams.AppendReq, streams.AppendResp>, answer: sendUnaryData<streams.AppendResp>) => {
      // A server that stops answers in place of the append.
      let isAnswered = false;
      const answerOnce: typeof answer = (...result) => {
        if (isAnswered) return;
        isAnswered = true;
        forget();
        answer(...result);
      };
      const forget = openCalls.addAppend(() => answerOnce(toServiceError(refuse.stopping()), null));
      call.on('cancelled', forget);
      void append(store, call, answerOnce, { authorize: () => authenticate(call.metadata), appendBytesMax: limits.appendBytesMax });
    },
    // The real server judges credentials batch by batch, so that the call itself stays usable.
    batchAppend: (call: BatchCall) => {
      // The real server's batches end as cancelled when it stops.
      openCalls.add(call, () => toServiceError(refuse.stoppingBatch()));
      new BatchAppendCall(store, call, () => authenticate(call.metadata), limits);
    },
    delete: (call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>, answer: sendUnaryData<streams.DeleteResp>) => {
      if (isLetIn(call, authenticate)) void deleteStream(store, call.request, answer);
    },
    tombstone: (call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>, answer: sendUnaryData<streams.TombstoneResp>) => {
      if (isLetIn(call, authenticate)) void tombstoneStream(store, call.request, answer);
    },
  };
}

function isLetIn(call: { metadata: Metadata; emit(event: 'error', error: Error): boolean }, authenticate: Authenticate): boolean {
  try {
    authenticate(call.metadata);
    return true;
  } catch (error) {
    call.emit('error', toServiceError(error));
    return false;
  }
}
