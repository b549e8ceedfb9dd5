import type { DomainEvent, EventCatalog } from '../kernel/event.js';
import type { StreamFold } from '../kernel/context.js';

/**
 * Events of the engine itself. They say what became of commands, never what happened in the business: deciders, records and
 * projections pass over them. Stored for ever in these shapes, like all events.
 */
export type EngineEvent =
  /** In the stream of an aggregate: a command was accepted and had nothing to do. Sent again, it is found here. */
  | { readonly type: 'CommandAccepted'; readonly data: { readonly command: string } }
  /** In the stream of an aggregate: a decision on `stream` rests on this one at this revision. */
  | { readonly type: 'DecisionGuarded'; readonly data: { readonly stream: string } }
  /** In the stream of an idempotency key: the key stands for this command and no other. */
  | { readonly type: 'CommandKeyClaimed'; readonly data: { readonly command: string; readonly stream: string } }
  /** In the stream of an idempotency key: its command was refused, so the key may stand for another one. */
  | { readonly type: 'CommandKeyReleased'; readonly data: { readonly code: string } };

export const engineEvents: EventCatalog<EngineEvent> = {
  CommandAccepted: { version: 1, personal: [] },
  DecisionGuarded: { version: 1, personal: [] },
  CommandKeyClaimed: { version: 1, personal: [] },
  CommandKeyReleased: { version: 1, personal: [] },
};

/** First part of the names of the streams that hold an idempotency key each. */
export const COMMAND_KEY_CATEGORY = 'commandKey';

export const isEngineEvent = ({ type }: { readonly type: string }): boolean => Object.hasOwn(engineEvents, type);

/** What happened in the business, of all that a stream holds. */
export const domainEventsOf = <E extends DomainEvent>(history: readonly E[]): E[] =>
  history.filter((event) => !isEngineEvent(event));

/** The state that a stream's history leads to; the engine's own events change nothing. */
export const foldHistory = <S, E extends DomainEvent>(fold: StreamFold<S, E>, history: readonly DomainEvent[]): S =>
  // Who names a stream together with the fold of its context knows that its domain events are E.
  domainEventsOf(history).reduce<S>((state, event) => fold.evolve(state, event as E), fold.initial);
