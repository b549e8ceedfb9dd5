import type { DomainEvent, Instant, Recorded } from '../kernel/event.js';
import { isUndecodable, PAGE_EVENTS_MAX, type LogBatch, type LogEntry, type LogSource, type Subscription, type Undecodable } from '../projector/log-source.js';

/** Positions have gaps, as they do in the event store. */
const POSITION_STEP = 100;

/** What a test must say of an event; the rest is made up, the same every time. */
export type Said<E extends DomainEvent = DomainEvent> = E & Partial<Pick<Recorded, 'stream' | 'occurredAt' | 'recordedAt' | 'actor' | 'correlationId' | 'causationId'>>;

/** A whole recorded event from what a test says of it. Deterministic in its arguments. */
export function recorded<E extends DomainEvent>(said: Said<E>, position: number, at: Instant): Recorded<E> {
  const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`;
  return {
    id, stream: 'test-1', revision: 0, position, occurredAt: said.recordedAt ?? at, recordedAt: at, actor: { id: 'ada', role: 'coordinator' },
    commandId: id, commandHash: 'hash', correlationId: id, causationId: id, ...said,
  };
}

/** A log in memory: the same port as the event store's, for tests of all that reads a log. */
export class InMemoryLog implements LogSource {
  readonly entries: LogEntry[] = [];
  readonly #waiting = new Set<() => void>();
  #clockMs: number;

  constructor(startsAt: Instant = '2026-01-01T00:00:00.000Z', private readonly pageEvents = PAGE_EVENTS_MAX) {
    this.#clockMs = Date.parse(startsAt);
  }

  /** Appends events, each a second after the one before unless it says when. Returns the last position. */
  append<E extends DomainEvent>(...said: readonly Said<E>[]): number {
    for (const each of said) {
      const position = this.#next();
      const event = recorded(each, position, new Date(this.#clockMs).toISOString());
      this.#clockMs = Math.max(this.#clockMs, Date.parse(event.recordedAt)) + 1_000;
      this.entries.push(event);
    }
    return this.#announce();
  }

  appendUndecodable(entry: Omit<Undecodable, 'position' | 'recordedAt'>): number {
    this.entries.push({ ...entry, position: this.#next(), recordedAt: new Date(this.#clockMs).toISOString() });
    return this.#announce();
  }

  /** Puts another entry in the place of one: what an upcaster or a fixed decoder does. */
  replace(position: number, entry: LogEntry): void {
    this.entries[this.entries.findIndex((each) => each.position === position)] = entry;
  }

  async head(): Promise<number> {
    return this.entries.at(-1)?.position ?? -1;
  }

  async at(position: number): Promise<LogEntry | undefined> {
    return this.entries.find((entry) => entry.position === position);
  }

  async *subscribe({ afterPosition, eventTypes, signal }: Subscription): AsyncIterable<LogBatch> {
    const types = new Set(eventTypes);
    let next = this.entries.findIndex((entry) => entry.position > (afterPosition ?? -1));
    if (next < 0) next = this.entries.length;
    while (!signal.aborted) {
      const from = next;
      const events: LogEntry[] = [];
      while (next < this.entries.length && events.length < this.pageEvents) {
        const entry = this.entries[next]!;
        if (types.size === 0 || types.has(entry.type)) events.push(entry);
        next += 1;
      }
      if (next > from) yield { events, lastPosition: this.entries[next - 1]!.position, caughtUp: next === this.entries.length };
      else await this.#more(signal);
    }
  }

  /** All events that could be decoded. */
  get events(): readonly Recorded[] {
    return this.entries.filter((entry): entry is Recorded => !isUndecodable(entry));
  }

  #next(): number {
    return (this.entries.at(-1)?.position ?? 0) + POSITION_STEP;
  }

  #announce(): number {
    for (const wake of this.#waiting) wake();
    return this.entries.at(-1)!.position;
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
