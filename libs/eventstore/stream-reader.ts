import type { StreamFold, StreamReader } from '../kernel/context.js';
import type { DomainEvent, Recorded } from '../kernel/event.js';
import type { EventLog } from './event-log.js';

/** How old a fact may be when it speaks for a command. One that speaks against it is read again first. */
export const FACTS_AGE_MS_MAX = 1_000;
const FACTS_REMEMBERED_MAX = 20_000;

interface Remembered {
  readonly readAtMs: number;
  readonly events: Promise<Recorded[]>;
}

/**
 * Reads other streams for decisions and remembers them for a moment: a thousand deals of one owner read that owner once.
 * Own writes are forgotten at once, so a process always sees what it has written itself.
 */
export class FactsReader {
  readonly #remembered = new Map<string, Remembered>();

  constructor(readonly log: Pick<EventLog, 'read' | 'exists'>, readonly nowMs: () => number = () => performance.now()) {}

  forget(stream: string): void {
    this.#remembered.delete(stream);
  }

  /** `fresh`: read from the log whatever is remembered. `used` tells afterwards whether anything remembered was given. */
  reader(fresh: boolean): StreamReader & { readonly used: () => boolean } {
    let used = false;
    const events = (stream: string): Promise<Recorded[]> => {
      const known = this.#remembered.get(stream);
      if (!fresh && known && this.nowMs() - known.readAtMs <= FACTS_AGE_MS_MAX) {
        used = true;
        return known.events;
      }
      return this.#read(stream);
    };
    return {
      used: () => used,
      // The caller names the stream together with the fold of its context: that its events are E is the stream's contract.
      fold: async <S, E extends DomainEvent>(stream: string, fold: StreamFold<S, E>) => (await events(stream)).reduce<S>((state, event) => fold.evolve(state, event as Recorded<E>), fold.initial),
      exists: (stream) => this.log.exists(stream),
    };
  }

  #read(stream: string): Promise<Recorded[]> {
    const events = this.log.read(stream);
    if (this.#remembered.size >= FACTS_REMEMBERED_MAX) this.#remembered.clear();
    this.#remembered.set(stream, { readAtMs: this.nowMs(), events });
    events.catch(() => this.#remembered.delete(stream)); // the caller sees the error; only the memory of it goes
    return events;
  }
}
