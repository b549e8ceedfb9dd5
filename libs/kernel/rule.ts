import type { CommandMessage } from './command.js';
import type { DomainEvent, Instant, Recorded } from './event.js';

/** How a rule is set up: flat values by name. */
export type RuleSettings = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Stands for the id of an aggregate that a rule's command brings into being: the worker derives it from the command's own id. */
export const NEW_ID = '';

/** A command that a rule wants sent, and the sentence that says why; without a command: why nothing can be done. */
export interface Reaction {
  readonly command?: CommandMessage;
  readonly because: string;
  /** To be sent only when the one before it was carried out. */
  readonly afterPrevious?: true;
}

/** A reaction that no event caused, but that its time has come. */
export interface DueReaction extends Reaction {
  /** Names what has come due, once and for all: the command's id derives from it, so that it is sent once however often it is due. */
  readonly cause: string;
}

/**
 * What rules remember of the log: a fold, pure in what it gives back. The state is handed on and never looked back at, so
 * `evolve` may change the one it is given: a company's open work is no thing to copy with every event. Maps, sets and
 * plain JSON only: it is stored now and then.
 */
export interface Memory<S, E extends DomainEvent = DomainEvent> {
  readonly name: string;
  /** Raised when the state's shape or meaning changes: what was stored under another version is folded anew. */
  readonly version: number;
  readonly events: readonly E['type'][];
  initial(): S;
  evolve(state: S, event: Recorded<E>): S;
}

/**
 * A process manager, pure: a memory, and what it wants done about an event. The worker runs it behind a checkpoint; a
 * command's id derives from the causing event and the rule, so a redelivered event does nothing twice.
 */
export interface Rule<S = unknown, E extends DomainEvent = DomainEvent> {
  /** Stable: part of command ids, and what RuleEnabled switches. */
  readonly name: string;
  /** Tells apart what one rule does in several contexts; all parts are switched and set up together. */
  readonly part?: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly memory: Memory<S>;
  /** The settings it has and the values they have until RuleEnabled gives others. */
  readonly defaults: RuleSettings;
  /** The events it reacts to. */
  readonly on: readonly E['type'][];
  /**
   * What to do about the event, given what was remembered before it. May note in the state what it has asked for, so that
   * its next choice knows of it before the log does.
   */
  react?(state: S, event: Recorded<E>, settings: RuleSettings): readonly Reaction[];
  /** What has come due by `now`; asked every minute and after events. May note in the state what it has asked for. */
  due?(state: S, now: Instant, settings: RuleSettings): readonly DueReaction[];
}

/** A rule whose types are of no interest to the one who holds it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential type: TypeScript has no other way to say "some S, E"
export type AnyRule = Rule<any, any>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export type AnyMemory = Memory<any, any>;

/** Declares a rule; only infers its types. */
export const rule = <S, E extends DomainEvent>(declared: Rule<S, E>): Rule<S, E> => declared;

const sameKind = (a: unknown, b: unknown): boolean => typeof a === typeof b && Array.isArray(a) === Array.isArray(b);

/** The defaults with what was given over them. What has another type than its default, or no default, is not heeded. */
export const settingsOf = (defaults: RuleSettings, given: RuleSettings): RuleSettings =>
  Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, sameKind(given[name], value) ? given[name]! : value]));

/** Names of given settings that the rule does not heed. */
export const unheeded = (defaults: RuleSettings, given: RuleSettings): string[] => Object.keys(given).filter((name) => !Object.hasOwn(defaults, name) || !sameKind(given[name], defaults[name]));

/** A setting that is a number by the rule's defaults. @throws TypeError where it is none: a programming error */
export function numberSetting(settings: RuleSettings, name: string): number {
  const value = settings[name];
  if (typeof value !== 'number') throw new TypeError(`the setting ${name} is no number`);
  return value;
}

/** A setting that is a switch by the rule's defaults. */
export const flagSetting = (settings: RuleSettings, name: string): boolean => settings[name] === true;

/** A setting that is a list by the rule's defaults. */
export function listSetting(settings: RuleSettings, name: string): readonly string[] {
  const value = settings[name];
  return Array.isArray(value) ? (value as readonly string[]) : []; // lists of settings hold words
}

/** A setting that is a text by the rule's defaults. */
export function textSetting(settings: RuleSettings, name: string): string {
  const value = settings[name];
  return typeof value === 'string' ? value : '';
}
