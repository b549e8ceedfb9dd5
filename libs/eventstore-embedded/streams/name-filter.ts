import { createContext, Script } from 'node:vm';

import type { Names } from '../index/names.js';
import type { EventStore } from './event-store.js';

/** The filter cannot be used: the expression is no expression, or never comes to an end. */
export class InvalidFilterError extends Error {
  override readonly name = 'InvalidFilterError';
}

export type FilterExpression = { on: 'stream' | 'type'; regex: string; prefixes: string[] };

/** A page of names takes an honest expression a millisecond; one that backtracks for ever must not stop the server. */
const MATCHING_MS_MAX = 250;
const UNKNOWN = 0;
const MATCHES = 1;
const DIFFERS = 2;

/**
 * Decides by the event's type or stream whether a reader wants it. Every distinct name is judged once and its answer
 * kept, so that events which nobody asked for are passed over without being read.
 */
export class NameFilter {
  private readonly names: Names;
  private readonly judge: (names: string[]) => boolean[];
  private verdicts = new Uint8Array(256);

  /** @throws InvalidFilterError */
  constructor(private readonly store: EventStore, private readonly expression: FilterExpression) {
    this.names = expression.on === 'stream' ? store.index.streams : store.index.types;
    this.judge = expression.regex === ''
      ? (names) => names.map((name) => expression.prefixes.some((prefix) => name.startsWith(prefix)))
      : regexJudge(expression.regex);
  }

  /** Prepares the answers for the events with ordinals from `from` to before `to`. @throws InvalidFilterError */
  prepare(from: number, to: number): void {
    if (this.names.count > this.verdicts.length) {
      const grown = new Uint8Array(Math.max(this.names.count, this.verdicts.length * 2));
      grown.set(this.verdicts);
      this.verdicts = grown;
    }
    const unknown = new Set<number>();
    for (let ordinal = from; ordinal < to; ordinal++) {
      const name = this.nameOf(ordinal);
      if (this.verdicts[name] === UNKNOWN) unknown.add(name);
    }
    if (unknown.size === 0) return;
    const numbers = [...unknown];
    const verdicts = this.judge(numbers.map((number) => this.names.nameOf(number)));
    numbers.forEach((number, index) => (this.verdicts[number] = verdicts[index] === true ? MATCHES : DIFFERS));
  }

  /** Only for events that {@link prepare} has seen. */
  matches(ordinal: number): boolean {
    return this.verdicts[this.nameOf(ordinal)] === MATCHES;
  }

  private nameOf(ordinal: number): number {
    return this.expression.on === 'stream' ? this.store.index.streamOf(ordinal) : this.store.index.typeOf(ordinal);
  }
}

// A regular expression can be stopped only from outside of the code that runs it, which is what a vm context is for.
const sandbox: { pattern: RegExp | undefined; names: string[]; verdicts: boolean[] } = { pattern: undefined, names: [], verdicts: [] };
const context = createContext(sandbox);
const matching = new Script('verdicts = names.map((name) => pattern.test(name))');

function regexJudge(source: string): (names: string[]) => boolean[] {
  const pattern = compile(source);
  return (names) => {
    Object.assign(sandbox, { pattern, names, verdicts: [] });
    try {
      matching.runInContext(context, { timeout: MATCHING_MS_MAX });
    } catch {
      throw new InvalidFilterError(`The regular expression ${source} took longer than ${MATCHING_MS_MAX} ms: it backtracks too much.`);
    }
    return sandbox.verdicts;
  };
}

/** The real server's expressions are .NET's; what both dialects know works, and so do leading (?i), (?m) and (?s). */
function compile(source: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(source);
  try {
    return new RegExp(flags === null ? source : source.slice(flags[0].length), flags?.[1] ?? '');
  } catch (error) {
    throw new InvalidFilterError(`${source} is not a regular expression: ${error instanceof Error ? error.message : 'it does not parse'}.`);
  }
}
