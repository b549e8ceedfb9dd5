import type { CommandMessage } from './command.js';
import type { DomainEvent, Instant, Recorded } from './event.js';

/** A moment by which something must have happened. */
export interface Deadline {
  /** What was promised. */
  readonly dueAt: Instant;
  /** When the engine looks whether it was kept: `dueAt` and its grace. */
  readonly ringAt: Instant;
}

/**
 * One kind of deadline of a context, pure: which events set and clear it, and the command that an alarm sends.
 * An aggregate has at most one pending deadline of a kind and `part`.
 */
export interface DeadlineSource<E extends DomainEvent = DomainEvent> {
  /** Stable name: part of the alarm's and the command's id. */
  readonly kind: string;
  readonly category: string;
  readonly events: readonly E['type'][];
  /** The part of the aggregate it belongs to (a promise of a case), where there are several; default: the aggregate. */
  part?(event: Recorded<E>): string;
  /** The deadline that stands after the event; null: none. undefined: the event says nothing of it. */
  after(event: Recorded<E>): Deadline | null | undefined;
  /** What the alarm sends. The decider looks again: a stale alarm changes nothing. */
  command(aggregateId: string, deadline: Deadline, part: string): CommandMessage;
}

/** A source whose event type is of no interest to the one who holds it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential type: TypeScript has no other way to say "some E"
export type AnyDeadlineSource = DeadlineSource<any>;
