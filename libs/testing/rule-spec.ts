import { expect } from '@jest/globals';
import type { CommandMessage } from '../kernel/command.js';
import type { DomainEvent, Instant, Recorded } from '../kernel/event.js';
import { settingsOf, type Reaction, type Rule, type RuleSettings } from '../kernel/rule.js';
import { recorded, type Said } from './in-memory-log.js';

export const RULE_SPEC_NOW: Instant = '2026-03-02T09:00:00.000Z';

/** What a rule is to want: the command's type and some of its fields; or, where nothing can be done, the reason or a part of it. */
export type Wanted = { readonly type: string; readonly [field: string]: unknown } | string;

const asWanted = ({ command, because }: Reaction): object => (command ? Object.assign({ type: command.type }, command) : { nothing: because });
const expected = (wanted: Wanted): unknown => (typeof wanted === 'string' ? { nothing: expect.stringContaining(wanted) as unknown } : expect.objectContaining(wanted));

/**
 * `given(history).when(event).then(commands)`: the rule and its memory alone, no bus. Events happen at RULE_SPEC_NOW unless
 * they say otherwise. `byNow(at)` asks for what is due instead.
 */
export function ruleSpec<S, E extends DomainEvent>(rule: Rule<S, E>, given: RuleSettings = {}) {
  const settings = settingsOf(rule.defaults, given);
  return {
    given: (...history: Said[]) => {
      let position = 0;
      const record = (said: Said): Recorded => recorded(said, (position += 100), said.occurredAt ?? RULE_SPEC_NOW);
      const state = history.map(record).reduce<S>((before, event) => (rule.memory.events.includes(event.type) ? rule.memory.evolve(before, event) : before), rule.memory.initial());
      const outcome = (reactions: readonly Reaction[]) => ({
        then: (...wanted: Wanted[]) => expect(reactions.map(asWanted)).toEqual(wanted.map(expected)),
        thenNothing: () => expect(reactions.map(asWanted)).toEqual([]),
        commands: (): readonly CommandMessage[] => reactions.flatMap(({ command }) => command ?? []),
      });
      return {
        when: (said: Said) => {
          const event = record(said);
          expect(rule.on).toContain(event.type);
          return outcome(rule.react?.(state, event as Recorded<E>, settings) ?? []); // `on` holds only types of E
        },
        byNow: (at: Instant) => outcome(rule.due?.(state, at, settings) ?? []),
      };
    },
  };
}

/** A member as most specs want one. */
export const memberAdded = (memberId: string, more: object = {}): Said => ({ type: 'MemberAdded', data: { memberId, name: memberId, role: 'coordinator', zone: 'UTC', ...more } });
