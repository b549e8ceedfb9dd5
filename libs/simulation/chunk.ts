import type { DomainEvent, Instant } from '../kernel/event.js';
import type { Intent } from '../eventstore/intent.js';
import type { Decided } from './shadow-log.js';

/** A virtual day holds a few hundred; more in one chunk would only grow the distance between time and position. */
export const CHUNK_INTENTS_MAX = 2_000;

/** Commands of one chunk about one aggregate: carried out together. */
export interface IntentGroup {
  readonly stream: string;
  /** The first of them brings the aggregate into being. */
  readonly isNew: boolean;
  readonly intents: readonly (Intent & { readonly occurredAt: Instant })[];
  /** What the intents will have written. */
  readonly events: readonly DomainEvent[];
  /** The groups of the chunk that this one rests on; each stands before it. */
  readonly after: readonly IntentGroup[];
}

export interface RefusedIntent {
  readonly command: string;
  readonly stream: string;
  readonly code: string;
  readonly detail?: string;
}

/** A stretch of virtual time, a day at most. All of it comes after all of the chunk before. */
export interface SimulationChunk {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly groups: readonly IntentGroup[];
  readonly intents: number;
  readonly events: number;
  /** What the company's own rules would not let it do. A sound simulation has none. */
  readonly refused: readonly RefusedIntent[];
}

interface Growing {
  readonly stream: string;
  readonly isNew: boolean;
  readonly intents: (Intent & { readonly occurredAt: Instant })[];
  readonly events: DomainEvent[];
  readonly after: Set<Growing>;
}

/** Whether `from` rests on `on`, by whatever detour. Looks at each group once: there may be far more ways than groups. */
function restsOn(from: Growing, on: Growing, seen = new Set<Growing>()): boolean {
  if (from === on) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return [...from.after].some((each) => restsOn(each, on, seen));
}

/** Collects intents in the order of time and groups them by aggregate. */
export class ChunkBuilder {
  readonly #groups = new Map<string, Growing>();
  readonly #refused: RefusedIntent[] = [];
  #intents = 0;
  #events = 0;
  #fromMs: number | undefined;
  #untilMs = 0;

  get intents(): number {
    return this.#intents;
  }

  get fromMs(): number | undefined {
    return this.#fromMs;
  }

  /** False, and nothing taken, where two aggregates would each have to go first: the chunk must end before this intent. */
  add({ stream, isNew, reads }: Decided, intent: Intent & { readonly occurredAt: Instant }, events: readonly DomainEvent[]): boolean {
    const known = this.#groups.get(stream);
    const needed = [...reads].flatMap((read) => (read === stream ? [] : (this.#groups.get(read) ?? [])));
    if (known && needed.some((each) => restsOn(each, known))) return false;
    const group = known ?? { stream, isNew, intents: [], events: [], after: new Set<Growing>() };
    if (!known) this.#groups.set(stream, group);
    for (const each of needed) group.after.add(each);
    group.intents.push(intent);
    group.events.push(...events);
    this.#intents += 1;
    this.#events += events.length;
    this.#touch(Date.parse(intent.occurredAt));
    return true;
  }

  refuse(refused: RefusedIntent, atMs: number): void {
    this.#refused.push(refused);
    this.#touch(atMs);
  }

  take(): SimulationChunk {
    const chunk = { fromMs: this.#fromMs ?? this.#untilMs, untilMs: this.#untilMs, groups: this.#inOrder(), intents: this.#intents, events: this.#events, refused: [...this.#refused] };
    this.#groups.clear();
    this.#refused.length = 0;
    this.#intents = 0;
    this.#events = 0;
    this.#fromMs = undefined;
    return chunk;
  }

  #touch(atMs: number): void {
    this.#fromMs ??= atMs;
    this.#untilMs = atMs;
  }

  /** By the time of their first intent, but none before what it rests on. */
  #inOrder(): IntentGroup[] {
    const placed = new Set<Growing>();
    const place = (group: Growing): void => {
      if (placed.has(group)) return;
      for (const each of group.after) place(each);
      placed.add(group);
    };
    for (const group of this.#groups.values()) place(group);
    const done = new Map<Growing, IntentGroup>();
    return [...placed].map((group) => {
      const ordered = { stream: group.stream, isNew: group.isNew, intents: group.intents, events: group.events, after: [...group.after].map((each) => done.get(each)!) }; // it was placed before
      done.set(group, ordered);
      return ordered;
    });
  }
}
