import {
  CancelledError, DeadlineExceededError, NotLeaderError, TimeoutError, UnavailableError,
} from '@eventstore/db-client';

/** The event store did not answer, or not in time; whether an append took place is not known. */
export class EventStoreUnavailable extends Error {}

/** The keys of personal data cannot be read or written: what needs them has to wait, as for the event store itself. */
export class KeysUnavailable extends EventStoreUnavailable {}

const AWAY = [CancelledError, DeadlineExceededError, NotLeaderError, TimeoutError, UnavailableError];
/** gRPC: CANCELLED, DEADLINE_EXCEEDED, ABORTED, INTERNAL (a stream reset), UNAVAILABLE. */
const AWAY_CODES: ReadonlySet<unknown> = new Set([1, 4, 10, 13, 14]);
/** What the client says without a code of its own, of a connection that it has just closed or could not find. */
const AWAY_TEXT = /Channel has been (shut down|closed)|Failed to discover|write after end|Premature close/i;

/** Whether an error of the client says that the server is away, however it came to say so: the same call may work later. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (AWAY.some((each) => error instanceof each)) return true;
  return AWAY_CODES.has(Reflect.get(error, 'code')) || AWAY_TEXT.test(error.message);
}
