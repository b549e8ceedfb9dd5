import { CommandRegistry } from '../dispatch/registry.js';
import { aggregateIdOf } from '../eventstore/transact.js';
import type { CommandMessage } from '../kernel/command.js';
import { streamOf, type AnyContext, type StreamFold, type StreamReader } from '../kernel/context.js';
import type { Decision } from '../kernel/decider.js';
import type { DomainEvent, Instant, Recorded } from '../kernel/event.js';
import type { Sent } from './world.js';

/** Streams that other streams' decisions sum up. Of all others it is enough to know that they exist: a year of them is not kept. */
const FOLDED_CATEGORIES: ReadonlySet<string> = new Set(['policy', 'member', 'lead', 'enablement']);

interface Kept {
  state: unknown;
  revision: number;
  readonly events: Recorded[] | undefined;
}

export interface Decided {
  readonly stream: string;
  /** There was nothing in the stream before. */
  readonly isNew: boolean;
  readonly events: readonly Recorded[];
  /** The streams of others that the decision rested on. */
  readonly reads: ReadonlySet<string>;
  readonly refusal?: { readonly code: string; readonly detail?: string };
}

/**
 * What the log would hold: the same deciders over a memory of their own, with the virtual clock as their now. So a
 * simulation knows which deadlines it set, sends nothing that would be refused, and nothing that would change nothing.
 */
export class ShadowLog {
  readonly #registry: CommandRegistry;
  readonly #streams = new Map<string, Kept>();
  #position = 0;

  constructor(contexts: readonly AnyContext[]) {
    this.#registry = new CommandRegistry(contexts);
  }

  async decide({ command, actor }: Sent, occurredAt: Instant, commandId: string): Promise<Decided> {
    const context = this.#contextOf(command);
    const stream = streamOf(context.category, aggregateIdOf(context, command));
    const kept = this.#streams.get(stream);
    const state: unknown = kept?.state ?? context.decider.initial;
    const isNew = kept === undefined;
    const reads = new Set<string>();
    const facts: unknown = await context.facts(this.#reader(reads), command, state, occurredAt);
    const decision: Decision<DomainEvent, string> = context.decider.decide(state, command, { now: occurredAt, occurredAt, actor, facts });
    if (!decision.accepted) return { stream, isNew, events: [], reads, refusal: { code: decision.refusal, ...(decision.detail !== undefined && { detail: decision.detail }) } };
    const first = (kept?.revision ?? -1) + 1;
    const events = decision.events.map((event, index): Recorded => ({
      ...event, id: `${commandId}.${index}`, stream, revision: first + index, position: (this.#position += 1), occurredAt, recordedAt: occurredAt,
      actor, commandId, commandHash: '', correlationId: commandId, causationId: commandId,
    }));
    if (events.length > 0) this.#keep(context, stream, kept, state, events);
    return { stream, isNew, events, reads };
  }

  #keep(context: AnyContext, stream: string, kept: Kept | undefined, state: unknown, events: readonly Recorded[]): void {
    const after: unknown = events.reduce<unknown>((before, event) => context.decider.evolve(before, event), state);
    const target = kept ?? { state, revision: -1, events: FOLDED_CATEGORIES.has(context.category) ? [] : undefined };
    target.state = after;
    target.revision = events.at(-1)!.revision;
    target.events?.push(...events);
    if (!kept) this.#streams.set(stream, target);
  }

  #contextOf(command: CommandMessage): AnyContext {
    const registered = this.#registry.find(command.type);
    if (!registered) throw new TypeError(`no context knows ${command.type}`);
    return registered.context;
  }

  #reader(reads: Set<string>): StreamReader {
    return {
      fold: async <S, E extends DomainEvent>(stream: string, fold: StreamFold<S, E>) => {
        reads.add(stream);
        const kept = this.#streams.get(stream);
        if (kept && !kept.events) throw new TypeError(`the simulation keeps no events of ${stream}: add its category to FOLDED_CATEGORIES`);
        // The caller names the stream together with the fold of its context: that its events are E is the stream's contract.
        return (kept?.events ?? []).reduce<S>((state, event) => fold.evolve(state, event as Recorded<E>), fold.initial);
      },
      exists: async (stream) => {
        reads.add(stream);
        return this.#streams.has(stream);
      },
    };
  }
}
