import { Metadata, type ServiceError, status } from '@grpc/grpc-js';

import { LogWriteError } from '../storage/append-queue.js';
import { RecordUnreadableError } from '../storage/record-reader.js';
import { InvalidFilterError } from '../streams/name-filter.js';

/** An answer in place of a result. The client makes its typed errors from the trailers, so their names are fixed. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
  constructor(readonly code: status, readonly details: string, readonly trailers: Record<string, string> = {}) {
    super(details);
  }
}

/** Trailers are ASCII on the wire: anything else in a stream's name travels percent-encoded, as ASP.NET sends it. */
function trailerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : encodeURI(text);
}

export const refuse = {
  streamDeleted: (stream: string) =>
    new CallRefused(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, { exception: 'stream-deleted', 'stream-name': stream }),

  wrongExpectedRevision: (operation: string, stream: string, expected: string, actual: string) =>
    new CallRefused(
      status.FAILED_PRECONDITION,
      `${operation} failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
      { exception: 'wrong-expected-version', 'stream-name': stream, 'expected-version': expected, 'actual-version': actual },
    ),

  appendTooBig: (bytesMax: number) =>
    new CallRefused(status.INVALID_ARGUMENT, `Maximum Append Size of ${bytesMax} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(bytesMax),
    }),

  propertyMissing: (property: string) =>
    new CallRefused(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    }),

  accessDenied: () => new CallRefused(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  unauthenticated: () => new CallRefused(status.UNAUTHENTICATED, 'Unauthenticated'),
  invalid: (details: string) => new CallRefused(status.INVALID_ARGUMENT, details),
  // The real server has no code of its own for it either.
  invalidPosition: () => new CallRefused(status.UNKNOWN, 'Unexpected ReadAllResult: Error. No event begins at that position: an invalid position.'),
  consumerTooSlow: () => new CallRefused(status.ABORTED, 'Consumer too slow to handle event while live. Client resubscription required.'),
  projected: (stream: string, instead: string) =>
    new CallRefused(
      status.UNIMPLEMENTED,
      `The embedded event store runs no system projections, so nothing is in ${stream}: ${instead}, or set ESDB_URL to an EventStoreDB or KurrentDB server.`,
    ),
  stoppingBatch: () => new CallRefused(status.CANCELLED, 'The event store is shutting down.'),
  stopping: () => new CallRefused(status.UNAVAILABLE, 'The event store is shutting down.'),
} as const;

/** Any failure as gRPC carries it. */
export function toServiceError(error: unknown): ServiceError {
  const refused = asRefusal(error);
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(refused.trailers)) metadata.set(name, trailerText(value));
  return Object.assign(new Error(refused.details), { code: refused.code, details: refused.details, metadata });
}

function asRefusal(error: unknown): CallRefused {
  if (error instanceof CallRefused) return error;
  if (error instanceof LogWriteError) return new CallRefused(error.isPassing ? status.RESOURCE_EXHAUSTED : status.INTERNAL, error.message);
  if (error instanceof RecordUnreadableError) return new CallRefused(status.DATA_LOSS, error.message);
  if (error instanceof InvalidFilterError) return new CallRefused(status.INVALID_ARGUMENT, error.message);
  return new CallRefused(status.UNKNOWN, error instanceof Error ? error.message : 'Unknown error.');
}
