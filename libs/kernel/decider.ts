import type { Actor, DomainEvent, Instant } from './event.js';

/** What a decision may lean on besides the stream: time and facts arrive from outside, so deciders stay pure. */
export interface DecisionContext<F> {
  /** The engine's clock when the command is handled. */
  readonly now: Instant;
  /** When the thing happened in the business; `now` unless the caller said otherwise. */
  readonly occurredAt: Instant;
  readonly actor: Actor;
  /** What other streams say, read just before deciding (see `Facts`). */
  readonly facts: F;
}

export type Decision<E extends DomainEvent, R extends string> =
  | { readonly accepted: true; readonly events: readonly E[] }
  | { readonly accepted: false; readonly refusal: R; readonly detail?: string };

/** Yes. With no events: there was nothing left to do. */
export const accept = <E extends DomainEvent>(...events: E[]): { accepted: true; events: readonly E[] } => ({ accepted: true, events });

/** An expected no. `refusal` is a stable code of the context's refusals; `detail` says what was in the way. */
export const refuse = <R extends string>(refusal: R, detail?: string): { accepted: false; refusal: R; detail?: string } =>
  detail === undefined ? { accepted: false, refusal } : { accepted: false, refusal, detail };

/**
 * The rules of one aggregate, pure: the same history and command always give the same decision.
 * `evolve` never refuses: history is true.
 */
export interface Decider<C, S, E extends DomainEvent, R extends string, F = unknown> {
  readonly initial: S;
  evolve(state: S, event: E & { readonly occurredAt?: Instant }): S;
  decide(state: S, command: C, context: DecisionContext<F>): Decision<E, R>;
}
