import { expect } from '@jest/globals';
import type { Decider, DecisionContext } from '../kernel/decider.js';
import type { Actor, DomainEvent, Instant } from '../kernel/event.js';

export const SPEC_NOW: Instant = '2026-03-02T09:00:00.000Z';
export const SPEC_ACTOR: Actor = { id: 'ada', role: 'coordinator' };

/** A past event and, where it matters, when it happened. */
export type Given<E extends DomainEvent> = E & { readonly occurredAt?: Instant };

/**
 * `given(history).when(command).then(events)`: the decider alone, no mocks.
 * History and command happen at SPEC_NOW unless told otherwise.
 */
export function deciderSpec<C, S, E extends DomainEvent, R extends string, F>(decider: Decider<C, S, E, R, F>, facts: F) {
  return {
    given: (...history: Given<E>[]) => ({
      when: (command: C, context: Partial<DecisionContext<F>> = {}) => {
        const state = history.reduce<S>((before, event) => decider.evolve(before, { occurredAt: SPEC_NOW, ...event }), decider.initial);
        const decision = decider.decide(state, command, { now: SPEC_NOW, occurredAt: context.now ?? SPEC_NOW, actor: SPEC_ACTOR, facts, ...context });
        return {
          then: (...events: E[]) => expect(decision).toEqual({ accepted: true, events }),
          thenNothing: () => expect(decision).toEqual({ accepted: true, events: [] }),
          thenRefused: (refusal: R) => expect(decision).toMatchObject({ accepted: false, refusal }),
        };
      },
    }),
  };
}
