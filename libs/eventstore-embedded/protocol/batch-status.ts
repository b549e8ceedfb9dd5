import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';

import { status as code } from '@grpc/grpc-js';

import type { ExpectedRevision } from '../streams/check-expected-revision.js';
import { CallRefused, toServiceError } from './errors.js';

/** In a batch append an error is a message of its own; the client tells errors apart by the type of their details. */
function statusOf(statusCode: code, message: string, typeName: string, details: { serializeBinary(): Uint8Array }): status.Status {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), typeName);
  // google.rpc.Code and gRPC's status are one enumeration under two names.
  return new status.Status().setCode(statusCode as number).setMessage(message).setDetails(packed);
}

export function streamDeletedStatus(identifier: shared.StreamIdentifier | undefined): status.Status {
  return statusOf(code.NOT_FOUND, 'StreamDeleted', 'event_store.client.StreamDeleted', new shared.StreamDeleted().setStreamIdentifier(identifier));
}

export function timeoutStatus(): status.Status {
  return statusOf(code.DEADLINE_EXCEEDED, 'Timeout', 'event_store.client.Timeout', new shared.Timeout());
}

export function appendTooBigStatus(appendBytesMax: number): status.Status {
  const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(appendBytesMax);
  return statusOf(code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', 'event_store.client.MaximumAppendSizeExceeded', details);
}

export function wrongExpectedVersionStatus(expected: ExpectedRevision, actual: number): status.Status {
  const details = new shared.WrongExpectedVersion();
  if (actual < 0) details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(String(actual));
  if (expected === 'any') details.setExpectedAny(new empty.Empty());
  else if (expected === 'no_stream') details.setExpectedNoStream(new empty.Empty());
  else if (expected === 'stream_exists') details.setExpectedStreamExists(new empty.Empty());
  else details.setExpectedStreamPosition(String(expected));
  return statusOf(code.ALREADY_EXISTS, 'WrongExpectedVersion', 'event_store.client.WrongExpectedVersion', details);
}

/** Any other failure. The client shows the message of details it does not know. */
export function failureStatus(error: unknown): status.Status {
  const { details, code: errorCode } = toServiceError(error);
  const isKeptOut = errorCode === code.PERMISSION_DENIED || errorCode === code.UNAUTHENTICATED;
  if (isKeptOut) return statusOf(code.PERMISSION_DENIED, 'AccessDenied', 'event_store.client.AccessDenied', new shared.AccessDenied());
  const isBadRequest = error instanceof CallRefused;
  return isBadRequest
    ? statusOf(code.INVALID_ARGUMENT, details, 'event_store.client.BadRequest', new shared.BadRequest().setMessage(details))
    : statusOf(errorCode, details, 'google.protobuf.Empty', new empty.Empty());
}
