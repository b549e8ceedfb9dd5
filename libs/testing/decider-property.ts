import fc from 'fast-check';
import { expect } from '@jest/globals';
import { commandSpec, type CommandMessage } from '../kernel/command.js';
import type { Context } from '../kernel/context.js';
import type { DomainEvent } from '../kernel/event.js';
import { SPEC_ACTOR, SPEC_NOW } from './decider-spec.js';

const COMMANDS_MAX = 40;
const RUNS = 300;

/**
 * Any history, any command: sent twice it does what once did. The second decision adds no event
 * (it finds nothing to do, or is refused), and no history makes `decide` or `evolve` throw.
 * `commands` must bring up each command of the context.
 */
export function holdsTwiceIsOnce<C extends CommandMessage, S, E extends DomainEvent, R extends string, F>({ decider, commands: all }: Context<C, S, E, R, F>, commands: fc.Arbitrary<C>, facts: fc.Arbitrary<F>): void {
  const sentTypes = new Set<string>();
  const at = fc.integer({ min: 0, max: 5_000 }).map((minutes) => new Date(Date.parse(SPEC_NOW) + minutes * 60_000).toISOString());
  fc.assert(
    fc.property(fc.array(fc.tuple(commands, facts, at), { minLength: 1, maxLength: COMMANDS_MAX }), (sent) => {
      let state = decider.initial;
      for (const [command, known, occurredAt] of sent) {
        sentTypes.add(command.type);
        const context = { now: occurredAt, occurredAt, actor: SPEC_ACTOR, facts: known };
        const first = decider.decide(state, command, context);
        if (!first.accepted) continue;
        state = first.events.reduce<S>((before, event) => decider.evolve(before, { ...event, occurredAt }), state);
        const second = decider.decide(state, command, context);
        expect(second.accepted ? second.events : []).toEqual([]);
      }
    }),
    { numRuns: RUNS },
  );
  expect(all.map((command) => commandSpec(command).name).filter((name) => !sentTypes.has(name))).toEqual([]);
}
