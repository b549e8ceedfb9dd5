import type { Instant, Recorded } from '../kernel/event.js';
import type { EventLog } from './event-log.js';

/** Histories read at the same time: so few that whoever needs the event store now does not feel it. */
export const READS_AHEAD_AT_ONCE = 8;
/** Events held in all; what does not fit is read when it is needed. */
export const EVENTS_AHEAD_MAX = 100_000;
/** A longer history is left to be read when it is needed. */
export const HISTORY_AHEAD_EVENTS_MAX = 200;
/** A history that nobody took so long after its moment was needed elsewhere, if at all. */
export const KEPT_AFTER_MS = 60_000;

/** A stream that a command will be about, at a moment known before. */
export interface Foreseen {
  readonly stream: string;
  readonly neededAt: Instant;
}

interface Held {
  readonly events: readonly Recorded[];
  readonly neededAtMs: number;
}

/**
 * Histories read before they are needed: ten thousand deadlines of one second are read in the quiet before it. What is held may
 * have become untrue meanwhile; `transact` writes upon it at its exact revision, so that the event store itself says whether it
 * still holds, and takes no refusal from it.
 */
export class HistoriesAhead {
  readonly #held = new Map<string, Held>();
  #eventsHeld = 0;
  /** Still to be read, the next one first. */
  readonly #wanted = new Map<string, Foreseen>();
  readonly #reading = new Map<string, Promise<void>>();

  constructor(readonly log: Pick<EventLog, 'read'>, readonly nowMs: () => number = () => Date.now()) {}

  /** Reads those that are still to come and not held yet, in the order given, behind what was foreseen before. */
  foresee(all: readonly Foreseen[]): void {
    this.#dropPast();
    const nowMs = this.nowMs();
    for (const each of all) {
      const isReady = this.#held.has(each.stream) || this.#reading.has(each.stream) || this.#wanted.has(each.stream);
      if (!isReady && Date.parse(each.neededAt) > nowMs && this.#wanted.size < EVENTS_AHEAD_MAX) this.#wanted.set(each.stream, each);
    }
    while (this.#reading.size < READS_AHEAD_AT_ONCE && this.#readNext());
  }

  /** The history as it was read, once: who takes it is about to add to it. undefined: read it. */
  take(stream: string): readonly Recorded[] | undefined {
    const held = this.#held.get(stream);
    this.forget(stream);
    return held?.events;
  }

  forget(stream: string): void {
    this.#wanted.delete(stream);
    this.#eventsHeld -= this.#held.get(stream)?.events.length ?? 0;
    this.#held.delete(stream);
  }

  /** Resolves when all that is foreseen has been read. */
  async settled(): Promise<void> {
    while (this.#reading.size > 0) await Promise.all(this.#reading.values());
  }

  #readNext(): boolean {
    const [next] = this.#eventsHeld < EVENTS_AHEAD_MAX ? this.#wanted.values() : [];
    if (!next) return false;
    this.#wanted.delete(next.stream);
    const reading = this.#read(next).finally(() => {
      this.#reading.delete(next.stream);
      this.#readNext();
    });
    this.#reading.set(next.stream, reading);
    return true;
  }

  async #read({ stream, neededAt }: Foreseen): Promise<void> {
    try {
      const events = await this.log.read(stream);
      if (events.length > HISTORY_AHEAD_EVENTS_MAX) return;
      this.forget(stream);
      this.#held.set(stream, { events, neededAtMs: Date.parse(neededAt) });
      this.#eventsHeld += events.length;
    } catch {
      // Nobody needs it yet: who does reads it again, and is told what is wrong.
      this.#wanted.clear();
    }
  }

  #dropPast(): void {
    const pastMs = this.nowMs() - KEPT_AFTER_MS;
    for (const [stream, { neededAtMs }] of this.#held) if (neededAtMs < pastMs) this.forget(stream);
  }
}
