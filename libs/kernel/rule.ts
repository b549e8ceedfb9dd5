import type { CommandMessage } from './command.js';
import type { DomainEvent, Instant, Recorded } from './event.js';

/** How a rule is set up: the flat values of its RuleEnabled event over the rule's own defaults. */
export type RuleSettings = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A command that a rule wants sent, and the sentence that says why. */
export interface Reaction {
  readonly command: CommandMessage;
  readonly because: string;
  /** When it counts as having happened; default: when the causing event did. */
  readonly occurredAt?: Instant;
}

/**
 * A process manager, pure: what it remembers, and what it wants done about an event. The worker runs it behind a checkpoint;
 * a command's id derives from the causing event and the rule, so a redelivered event does nothing twice.
 */
export interface Rule<S = unknown, E extends DomainEvent = DomainEvent> {
  /** Stable: part of command ids and of RuleEnabled. */
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly events: readonly E['type'][];
  readonly defaults: RuleSettings;
  readonly initial: S;
  /** Remembers; also while the rule is switched off, so that switching it on finds it informed. */
  evolve(state: S, event: Recorded<E>): S;
  /** What to do about the event, given what was remembered before and including it. */
  react(state: S, event: Recorded<E>, settings: RuleSettings): readonly Reaction[];
}

/** A rule whose types are of no interest to the one who holds it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential type: TypeScript has no other way to say "some S, E"
export type AnyRule = Rule<any, any>;

/** Declares a rule; only infers its types. */
export const rule = <S, E extends DomainEvent>(declared: Rule<S, E>): Rule<S, E> => declared;
