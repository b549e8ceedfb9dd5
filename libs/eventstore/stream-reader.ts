import type { StreamFold, StreamReader } from '../kernel/context.js';
import type { DomainEvent, Recorded } from '../kernel/event.js';
import { foldHistory } from './engine-events.js';
import type { EventLog } from './event-log.js';

/** How old a fact may be when it speaks for a command. One that speaks against it is read again first. */
export const FACTS_AGE_MS_MAX = 1_000;
const FACTS_REMEMBERED_MAX = 20_000;

interface Remembered {
  readonly readAtMs: number;
  /** Of the log's locks, taken before the read. */
  readonly mark: number;
  readonly events: Promise<Recorded[]>;
}

/** The facts that one decision rests on. */
export interface DecisionFacts extends StreamReader {
  /** Whether anything remembered was given. */
  used(): boolean;
  /** The streams whose content was given, existence apart: what exists never ceases to. */
  streams(): readonly string[];
  /** Whether this process has written to none of them since they were read. */
  isCurrent(): boolean;
}

/**
 * Reads other streams for decisions and remembers them for a moment: a thousand deals of one owner read that owner once.
 * What this process has written since is read anew, so a process always sees its own writes.
 */
export class FactsReader {
  readonly #remembered = new Map<string, Remembered>();

  constructor(
    readonly log: Pick<EventLog, 'read' | 'exists' | 'locks'>,
    readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** `fresh`: read from the log whatever is remembered. */
  reader(fresh: boolean): DecisionFacts {
    let used = false;
    const given = new Map<string, Remembered>();
    const events = (stream: string): Promise<Recorded[]> => {
      let read = given.get(stream);
      if (!read) {
        const known = fresh ? undefined : this.#usable(stream);
        used ||= known !== undefined;
        read = known ?? this.#read(stream);
        given.set(stream, read);
      }
      return read.events;
    };
    return {
      used: () => used,
      streams: () => [...given.keys()],
      isCurrent: () => [...given].every(([stream, { mark }]) => this.log.locks.isCurrent(stream, mark)),
      fold: async <S, E extends DomainEvent>(stream: string, fold: StreamFold<S, E>) =>
        foldHistory(fold, await events(stream)),
      exists: (stream) => this.log.exists(stream),
    };
  }

  #usable(stream: string): Remembered | undefined {
    const known = this.#remembered.get(stream);
    const isYoung = known !== undefined && this.nowMs() - known.readAtMs <= FACTS_AGE_MS_MAX;
    return isYoung && this.log.locks.isCurrent(stream, known.mark) ? known : undefined;
  }

  #read(stream: string): Remembered {
    const mark = this.log.locks.mark;
    const events = this.log.read(stream);
    const read = { readAtMs: this.nowMs(), mark, events };
    if (this.#remembered.size >= FACTS_REMEMBERED_MAX) this.#remembered.clear();
    this.#remembered.set(stream, read);
    // The caller sees the error; only the memory of it goes.
    events.catch(() => this.#remembered.delete(stream));
    return read;
  }
}
