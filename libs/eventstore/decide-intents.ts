import type { AnyContext } from '../kernel/context.js';
import type { Decision } from '../kernel/decider.js';
import type { DomainEvent, Instant, Recorded } from '../kernel/event.js';
import { foldHistory, type EngineEvent } from './engine-events.js';
import { hashOf, isOf, refused, refusedBy, type Intent, type Refused } from './intent.js';
import type { DecisionFacts, FactsReader } from './stream-reader.js';

/** Clocks differ: what is said to happen a little ahead of ours is taken; more is a mistake. */
export const FUTURE_MS_MAX = 5 * 60_000;

/** An event that a decision writes. */
export interface NewEvent {
  readonly event: DomainEvent | EngineEvent;
  readonly intent: Intent;
  /** Place among the events of its intent. */
  readonly index: number;
  readonly occurredAt: Instant;
}

export interface Decided {
  readonly written: readonly NewEvent[];
  /** Events of these intents that an earlier sending already wrote. */
  readonly earlier: readonly Recorded[];
  readonly facts: DecisionFacts;
}

export interface Deciding {
  readonly facts: FactsReader;
  readonly now: () => Instant;
  readonly context: AnyContext;
  readonly history: readonly Recorded[];
  readonly intents: readonly Intent[];
}

/** An intent that found nothing to do is remembered by an event of the engine's own, where it can come again at all. */
function eventsOf(
  { repeats, command }: Intent,
  events: readonly DomainEvent[],
): readonly (DomainEvent | EngineEvent)[] {
  if (events.length > 0 || repeats === 'never') return events;
  return [{ type: 'CommandAccepted', data: { command: command.type } }];
}

/**
 * Decides all intents in turn over one stream's history; the first refusal refuses them all. An intent that the history
 * holds already is not decided again.
 * @param fresh take no fact from memory
 */
export async function decideIntents(deciding: Deciding, fresh: boolean): Promise<Decided | Refused> {
  const { context, history } = deciding;
  const facts = deciding.facts.reader(fresh);
  const written: NewEvent[] = [];
  const earlier: Recorded[] = [];
  let state: unknown = foldHistory<unknown, DomainEvent>(context.decider, history);
  for (const intent of deciding.intents) {
    const before = history.filter((event) => isOf(intent, event));
    if (before.length > 0) {
      if (before[0]!.commandHash !== hashOf(intent)) return refused('command_id_reused', intent.commandId);
      earlier.push(...before);
      continue;
    }
    const now = deciding.now();
    const occurredAt = intent.occurredAt ?? now;
    if (Date.parse(occurredAt) > Date.parse(now) + FUTURE_MS_MAX) {
      return refused('occurred_in_future', `occurredAt ${occurredAt}, now ${now}`);
    }
    const known: unknown = await context.facts(facts, intent.command, state, occurredAt);
    const decision: Decision<DomainEvent, string> = context.decider.decide(state, intent.command, {
      now,
      occurredAt,
      actor: intent.actor,
      facts: known,
    });
    if (!decision.accepted) {
      // What was remembered may be a moment old; only what is fresh may say no.
      if (facts.used()) return decideIntents(deciding, true);
      return refusedBy(context.refusals, knownRefusal(context, decision.refusal), decision.detail);
    }
    eventsOf(intent, decision.events).forEach((event, index) => written.push({ event, intent, index, occurredAt }));
    for (const event of decision.events) state = context.decider.evolve(state, { ...event, occurredAt });
  }
  return { written, earlier, facts };
}

function knownRefusal({ name, refusals }: AnyContext, code: string): string {
  if (!Object.hasOwn(refusals, code))
    throw new TypeError(`${name} refuses with ${code}, which is not among its refusals`);
  return code;
}
