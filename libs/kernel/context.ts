import type { CommandClass, CommandMessage } from './command.js';
import type { Decider } from './decider.js';
import type { DomainEvent, EventCatalog, Instant } from './event.js';
import type { RefusalCatalog } from './refusal.js';

/** How one stream is summed up: the part of a decider that outsiders may use. */
export interface StreamFold<S, E extends DomainEvent> {
  readonly initial: S;
  evolve(state: S, event: E & { readonly occurredAt?: Instant }): S;
}

/** Reads other streams for a decision. Streams, never views: the answer is as true as the log. */
export interface StreamReader {
  /** The fold of a stream; `initial` when it does not exist. May be up to `factsAgeMsMax` old; a refusal is always re-decided on fresh facts. */
  fold<S, E extends DomainEvent>(stream: string, fold: StreamFold<S, E>): Promise<S>;
  /** Whether the stream holds any event. */
  exists(stream: string): Promise<boolean>;
}

/**
 * Collects what a decider must know from other streams. `occurredAt` is when the thing that is decided upon happened: what
 * others laid down (a pipeline, a policy, a role, hours of work) is given as it was in force then.
 */
export type Facts<C, S, F> = (read: StreamReader, command: C, state: S, occurredAt: Instant) => Promise<F>;

/** A bounded part of the business, as data: everything the engine needs to serve its commands. */
export interface Context<C extends CommandMessage, S, E extends DomainEvent, R extends string, F> {
  /** Folder and tag: `follow-up`. */
  readonly name: string;
  /** First part of its stream names: `followUp`. No hyphen. */
  readonly category: string;
  /** The field of each command that names the aggregate. */
  readonly idField: string;
  /** The aggregate of a command where that is not simply its `idField`: a context may hold several kinds of aggregates. */
  readonly aggregateId?: (command: C) => string | undefined;
  /**
   * Streams whose state this command must not race with, whichever process writes to them: the decision is serialized with every
   * other one on them, at the cost of an event there. For rare commands; others rest on facts that may be a moment old.
   */
  readonly guards?: (command: C) => readonly string[];
  readonly commands: readonly CommandClass<C>[];
  readonly events: EventCatalog<E>;
  readonly refusals: RefusalCatalog<R>;
  readonly decider: Decider<C, S, E, R, F>;
  readonly facts: Facts<C, S, F>;
}

/** A context whose types are of no interest to the one who holds it: the registry, the router, the importer. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential type: TypeScript has no other way to say "some C, S, E, R, F"
export type AnyContext = Context<any, any, any, any, any>;

/** Declares a context; only infers its types. */
export const context = <C extends CommandMessage, S, E extends DomainEvent, R extends string, F>(declared: Context<C, S, E, R, F>): Context<C, S, E, R, F> => declared;

/** The stream of one aggregate: `deal-4711`. */
export const streamOf = (category: string, id: string): string => `${category}-${id}`;

/** The category of a stream: `deal` for `deal-4711`; undefined for a name that has none. */
export function categoryOf(stream: string): string | undefined {
  const end = stream.indexOf('-');
  return end > 0 ? stream.slice(0, end) : undefined;
}

/** For contexts whose decisions rest on their own stream alone. */
export const noFacts = async (): Promise<Record<string, never>> => ({});
