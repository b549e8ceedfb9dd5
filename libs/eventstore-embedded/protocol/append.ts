import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import type { ExpectedRevision } from '../streams/check-expected-revision.js';
import type { EventStore, NewEvent } from '../streams/event-store.js';
import { refuse, toServiceError } from './errors.js';
import { APPEND_BYTES_MAX, appendBytesOf, expectedRevisionOf, newEventOf, writableStreamOf } from './requests.js';

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;

/** Append: one stream of requests a call, first the options, then an event each. */
export async function append(store: EventStore, call: AppendCall, answer: sendUnaryData<streams.AppendResp>): Promise<void> {
  try {
    const { stream, expected, events } = await collect(call);
    await store.log.room();
    const result = await store.append(stream, expected, events);
    switch (result.kind) {
      case 'stream-deleted':
        throw refuse.streamDeleted(stream);
      case 'wrong-expected-revision':
        return answer(null, new streams.AppendResp().setWrongExpectedVersion(wrongExpectedVersion(expected, result.actual)));
      case 'appended':
        return answer(null, new streams.AppendResp().setSuccess(success(result.lastRevision, result.position)));
    }
  } catch (error) {
    answer(toServiceError(error), null);
  }
}

async function collect(call: AppendCall): Promise<{ stream: string; expected: ExpectedRevision; events: NewEvent[] }> {
  let target: { stream: string; expected: ExpectedRevision } | undefined;
  const events: NewEvent[] = [];
  let bytes = 0;
  for await (const chunk of call) {
    // A readable stream of objects is untyped; grpc-js has decoded each with the request's deserializer.
    const request = chunk as streams.AppendReq;
    const options = request.getOptions();
    if (target === undefined) {
      if (options === undefined) throw refuse.invalid('The first message of an append holds its options.');
      target = {
        stream: writableStreamOf(options.getStreamIdentifier()),
        expected: expectedRevisionOf(options, options.hasRevision() ? options.getRevision() : undefined),
      };
      continue;
    }
    const message = request.getProposedMessage();
    if (message === undefined) throw refuse.invalid('Every message of an append but the first holds an event.');
    const event = newEventOf(message);
    bytes += appendBytesOf(event);
    if (bytes > APPEND_BYTES_MAX) throw refuse.appendTooBig(APPEND_BYTES_MAX);
    events.push(event);
  }
  if (target === undefined) throw refuse.invalid('An append begins with its options.');
  return { ...target, events };
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
