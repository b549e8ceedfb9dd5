import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import type { ExpectedRevision } from '../streams/check-expected-revision.js';
import type { EventStore, NewEvent } from '../streams/event-store.js';
import { refuse, toServiceError } from './errors.js';
import { appendBytesOf, expectedRevisionOf, newEventOf, writableStreamOf } from './requests.js';

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;

/** What is read of a refused append before it is answered all the same. */
const DISCARDED_BYTES_MAX = 256 * 1024 * 1024;

/** Append: one stream of requests a call, first the options, then an event each. `authorize` throws if the caller may not append. */
export async function append(
  store: EventStore,
  call: AppendCall,
  answer: sendUnaryData<streams.AppendResp>,
  { authorize, appendBytesMax }: { authorize: () => void; appendBytesMax: number },
): Promise<void> {
  try {
    const { stream, expected, events } = await collect(call, authorize, appendBytesMax);
    await store.log.room();
    const result = await store.append(stream, expected, events);
    switch (result.kind) {
      case 'stream-deleted':
        throw refuse.streamDeleted(stream);
      case 'repeat-under-way':
        // As the real server: the caller's own deadline ends the call.
        return;
      case 'wrong-expected-revision':
        return answer(null, new streams.AppendResp().setWrongExpectedVersion(wrongExpectedVersion(expected, result.actual)));
      case 'appended':
        return answer(null, new streams.AppendResp().setSuccess(success(result.lastRevision, result.position)));
    }
  } catch (error) {
    answer(toServiceError(error), null);
  }
}

type Collected = { stream: string; expected: ExpectedRevision; events: NewEvent[] };

/**
 * Reads the whole request. A refusal waits until the client has sent all: answered while it still sends, the call is
 * reset, and the client sees a broken connection where the reason should be.
 */
async function collect(call: AppendCall, authorize: () => void, appendBytesMax: number): Promise<Collected> {
  const collector = new Collector(appendBytesMax);
  let refusal: { error: unknown } | undefined;
  let discardedBytes = 0;
  for await (const chunk of call) {
    // A readable stream of objects is untyped; grpc-js has decoded each with the request's deserializer.
    const request = chunk as streams.AppendReq;
    if (refusal !== undefined) {
      discardedBytes += request.getProposedMessage()?.getData_asU8().length ?? 0;
      if (discardedBytes > DISCARDED_BYTES_MAX) break;
      continue;
    }
    try {
      if (!collector.hasTarget) authorize();
      collector.take(request);
    } catch (error) {
      refusal = { error };
    }
  }
  if (refusal !== undefined) throw refusal.error;
  return collector.done();
}

class Collector {
  private target: { stream: string; expected: ExpectedRevision } | undefined;
  private readonly events: NewEvent[] = [];
  private bytes = 0;

  constructor(private readonly bytesMax: number) {}

  get hasTarget(): boolean {
    return this.target !== undefined;
  }

  /** @throws CallRefused */
  take(request: streams.AppendReq): void {
    if (this.target === undefined) {
      const options = request.getOptions();
      if (options === undefined) throw refuse.invalid('The first message of an append holds its options.');
      this.target = {
        stream: writableStreamOf(options.getStreamIdentifier()),
        expected: expectedRevisionOf(options, options.hasRevision() ? options.getRevision() : undefined),
      };
      return;
    }
    const message = request.getProposedMessage();
    if (message === undefined) throw refuse.invalid('Every message of an append but the first holds an event.');
    const event = newEventOf(message);
    this.bytes += appendBytesOf(event);
    if (this.bytes > this.bytesMax) throw refuse.appendTooBig(this.bytesMax);
    this.events.push(event);
  }

  /** @throws CallRefused without options */
  done(): Collected {
    if (this.target === undefined) throw refuse.invalid('An append begins with its options.');
    return { ...this.target, events: this.events };
  }
}

function success(lastRevision: number, position: number | undefined): streams.AppendResp.Success {
  const answer = new streams.AppendResp.Success();
  if (lastRevision < 0) answer.setNoStream(new shared.Empty());
  else answer.setCurrentRevision(String(lastRevision));
  if (position === undefined) return answer.setNoPosition(new shared.Empty());
  return answer.setPosition(new streams.AppendResp.Position().setCommitPosition(String(position)).setPreparePosition(String(position)));
}

function wrongExpectedVersion(expected: ExpectedRevision, actual: number): streams.AppendResp.WrongExpectedVersion {
  const answer = new streams.AppendResp.WrongExpectedVersion();
  if (actual < 0) answer.setCurrentNoStream(new shared.Empty());
  else answer.setCurrentRevision(String(actual));
  if (expected === 'any') return answer.setExpectedAny(new shared.Empty());
  if (expected === 'no_stream') return answer.setExpectedNoStream(new shared.Empty());
  if (expected === 'stream_exists') return answer.setExpectedStreamExists(new shared.Empty());
  return answer.setExpectedRevision(String(expected));
}
