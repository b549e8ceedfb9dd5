import type { sendUnaryData } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import type { EventStore } from '../streams/event-store.js';
import { refuse, toServiceError } from './errors.js';
import { expectedRevisionNumber, expectedRevisionOf, writableStreamOf } from './requests.js';

type EndingOptions = streams.DeleteReq.Options | streams.TombstoneReq.Options;

/** Delete: ends a stream until somebody appends to it again. */
export async function deleteStream(store: EventStore, request: streams.DeleteReq, answer: sendUnaryData<streams.DeleteResp>): Promise<void> {
  try {
    const position = await end(store, request.getOptions(), 'soft');
    const response = new streams.DeleteResp();
    if (position === undefined) response.setNoPosition(new shared.Empty());
    else response.setPosition(new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position));
    answer(null, response);
  } catch (error) {
    answer(toServiceError(error), null);
  }
}

/** Tombstone: ends a stream for ever. */
export async function tombstoneStream(store: EventStore, request: streams.TombstoneReq, answer: sendUnaryData<streams.TombstoneResp>): Promise<void> {
  try {
    const position = await end(store, request.getOptions(), 'tombstone');
    const response = new streams.TombstoneResp();
    if (position === undefined) response.setNoPosition(new shared.Empty());
    else response.setPosition(new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position));
    answer(null, response);
  } catch (error) {
    answer(toServiceError(error), null);
  }
}

async function end(store: EventStore, options: EndingOptions | undefined, kind: 'soft' | 'tombstone'): Promise<string | undefined> {
  if (options === undefined) throw refuse.invalid('The request has no options.');
  const stream = writableStreamOf(options.getStreamIdentifier());
  const expected = expectedRevisionOf(options, options.hasRevision() ? options.getRevision() : undefined);
  const result = await store.delete(stream, expected, kind);
  switch (result.kind) {
    case 'stream-deleted':
      throw refuse.streamDeleted(stream);
    case 'wrong-expected-revision':
      throw refuse.wrongExpectedRevision('Delete', stream, expectedRevisionNumber(expected), String(result.actual));
    // An ending has an id of its own, so it is never a repeat.
    case 'repeat-under-way':
      return undefined;
    case 'appended':
      return result.position === undefined ? undefined : String(result.position);
  }
}
