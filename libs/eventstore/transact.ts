import type { CommandMessage } from '../kernel/command.js';
import { streamOf, type AnyContext } from '../kernel/context.js';
import type { Decision } from '../kernel/decider.js';
import type { Actor, DomainEvent, Instant, Recorded } from '../kernel/event.js';
import type { RefusalCatalog, RefusalKind } from '../kernel/refusal.js';
import { commandHash, eventId } from './event-ids.js';
import { StreamMoved, type EventLog } from './event-log.js';
import type { HistoriesAhead } from './histories-ahead.js';
import type { FactsReader } from './stream-reader.js';

/** How often a command that lost a race to another writer is decided anew. */
export const ATTEMPTS_MAX = 8;
const BACKOFF_MS = 5;
/** Clocks differ: what is said to happen a little ahead of ours is taken; more is a mistake. */
export const FUTURE_MS_MAX = 5 * 60_000;

/** A command with all that goes into its events' metadata. */
export interface Intent {
  readonly command: CommandMessage;
  readonly commandId: string;
  readonly actor: Actor;
  /** Left out: now. */
  readonly occurredAt?: Instant;
  readonly correlationId?: string;
  readonly causationId?: string;
}

export interface Refusal {
  readonly code: string;
  readonly kind: RefusalKind;
  readonly title: string;
  readonly detail?: string;
}

export type Outcome =
  | {
      readonly accepted: true;
      readonly id: string;
      readonly stream: string;
      /** Revision and log position of the last event that these commands wrote, or of the stream where they had nothing to do. */
      readonly revision: number;
      readonly position: number;
      readonly events: readonly { readonly id: string; readonly type: string }[];
      /** These commands had been carried out before; nothing was written now. */
      readonly replayed: boolean;
    }
  | { readonly accepted: false; readonly refusal: Refusal };

export interface Ledger {
  readonly log: EventLog;
  readonly facts: FactsReader;
  readonly now: () => Instant;
  /** Histories that were read before they were needed. */
  readonly ahead?: HistoriesAhead;
}

export type LedgerRefusal = 'command_id_reused' | 'occurred_in_future' | 'revision_conflict' | 'too_much_contention';

/** Refusals that any command can meet, whatever its context refuses besides. */
export const ledgerRefusals: RefusalCatalog<LedgerRefusal> = {
  command_id_reused: { kind: 'conflict', title: 'This command id was already used for another command.' },
  occurred_in_future: { kind: 'invalid', title: 'Something cannot have happened after now.' },
  revision_conflict: { kind: 'conflict', title: 'The record has changed since the revision you named.' },
  too_much_contention: { kind: 'conflict', title: 'Others kept changing the record; try again.' },
};

const refusedBy = <R extends string>(catalog: RefusalCatalog<R>, code: R, detail?: string): Outcome => ({ accepted: false, refusal: { code, ...catalog[code], ...(detail !== undefined && { detail }) } });
const refused = (code: LedgerRefusal, detail: string): Outcome => refusedBy(ledgerRefusals, code, detail);

interface Decided {
  readonly written: readonly { readonly event: DomainEvent; readonly intent: Intent; readonly index: number; readonly occurredAt: Instant }[];
  /** Events of these intents that an earlier sending already wrote. */
  readonly earlier: readonly Recorded[];
}

/** Decides all intents in turn over one stream's history; the first refusal refuses them all. */
async function decideAll(ledger: Ledger, context: AnyContext, history: readonly Recorded[], intents: readonly Intent[], fresh: boolean): Promise<Decided | Outcome> {
  const reader = ledger.facts.reader(fresh);
  const written: Decided['written'][number][] = [];
  const earlier: Recorded[] = [];
  let state: unknown = history.reduce((before: unknown, event) => context.decider.evolve(before, event), context.decider.initial);
  for (const intent of intents) {
    const before = history.filter((event) => event.commandId === intent.commandId);
    if (before.length > 0) {
      if (before[0]!.commandHash !== commandHash(intent.command, intent.occurredAt)) return refused('command_id_reused', intent.commandId);
      earlier.push(...before);
      continue;
    }
    const now = ledger.now();
    const occurredAt = intent.occurredAt ?? now;
    if (Date.parse(occurredAt) > Date.parse(now) + FUTURE_MS_MAX) return refused('occurred_in_future', `occurredAt ${occurredAt}, now ${now}`);
    const facts: unknown = await context.facts(reader, intent.command, state, occurredAt);
    const decision: Decision<DomainEvent, string> = context.decider.decide(state, intent.command, { now, occurredAt, actor: intent.actor, facts });
    if (!decision.accepted) {
      // What was remembered may be a moment old; only what is fresh may say no.
      if (reader.used()) return decideAll(ledger, context, history, intents, true);
      if (!Object.hasOwn(context.refusals, decision.refusal)) throw new TypeError(`${context.name} refuses with ${decision.refusal}, which is not among its refusals`);
      return refusedBy(context.refusals, decision.refusal, decision.detail);
    }
    decision.events.forEach((event, index) => {
      written.push({ event, intent, index, occurredAt });
      state = context.decider.evolve(state, { ...event, occurredAt });
    });
  }
  return { written, earlier };
}

/** The aggregate that a command is about. */
export function aggregateIdOf(context: AnyContext, command: CommandMessage): string {
  const id: unknown = context.aggregateId?.(command) ?? Reflect.get(command, context.idField);
  if (typeof id !== 'string') throw new TypeError(`${command.type} names no ${context.idField}`);
  return id;
}

/**
 * The write side's one road: read the stream, decide, append with the exact revision; all of the intents or none.
 * The intents must be about one aggregate. Losing a race means reading and deciding anew, at most ATTEMPTS_MAX times.
 * A command already in the stream is not decided again: it answers as it did the first time.
 * @param expectedRevision the revision the caller saw; any other gives `revision_conflict`
 * @throws EventStoreUnavailable, KeysUnavailable, AppendTooLarge, UndecodableEvent
 */
export async function transact(ledger: Ledger, context: AnyContext, intents: readonly Intent[], expectedRevision?: number): Promise<Outcome> {
  const id = aggregateIdOf(context, intents[0]!.command);
  const stream = streamOf(context.category, id);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const { history, decided } = await decideUpon(ledger, context, stream, intents, { retries: attempt > 1, isRevisionAsked: expectedRevision !== undefined });
    if ('accepted' in decided) return decided;
    const last = history.at(-1);
    const revision = last?.revision ?? -1;
    if (decided.written.length === 0) {
      // Where an earlier sending wrote the event and then could not destroy the key.
      await ledger.log.codec.forget(decided.earlier);
      const answer = decided.earlier.at(-1) ?? last;
      return { accepted: true, id, stream, revision: answer?.revision ?? -1, position: answer?.position ?? -1, events: decided.earlier.map(({ id: eventIdentity, type }) => ({ id: eventIdentity, type })), replayed: decided.earlier.length > 0 };
    }
    if (expectedRevision !== undefined && expectedRevision !== revision) return refused('revision_conflict', `expected revision ${expectedRevision}, it is at ${revision}`);
    try {
      return await write(ledger, { id, stream, revision }, decided);
    } catch (error) {
      if (!(error instanceof StreamMoved)) throw error;
      await new Promise((resolve) => setTimeout(resolve, BACKOFF_MS * attempt * (1 + Math.random())));
    }
  }
  return refused('too_much_contention', `${ATTEMPTS_MAX} attempts`);
}

/**
 * Decides upon the history read ahead, where there is one and it leads to something to write: the append at its revision then proves it.
 * What it refuses, or finds nothing to do about, is decided again upon the stream as it stands.
 */
async function decideUpon(ledger: Ledger, context: AnyContext, stream: string, intents: readonly Intent[], { retries, isRevisionAsked }: { readonly retries: boolean; readonly isRevisionAsked: boolean }): Promise<{ readonly history: readonly Recorded[]; readonly decided: Decided | Outcome }> {
  const ahead = retries || isRevisionAsked ? undefined : ledger.ahead?.take(stream);
  if (ahead) {
    const decided = await decideAll(ledger, context, ahead, intents, false);
    if (!('accepted' in decided) && decided.written.length > 0) return { history: ahead, decided };
  }
  const history = await ledger.log.read(stream);
  return { history, decided: await decideAll(ledger, context, history, intents, retries) };
}

async function write(ledger: Ledger, to: { readonly id: string; readonly stream: string; readonly revision: number }, decided: Decided): Promise<Outcome> {
  const toBeWritten = decided.written.map(({ event }) => event);
  await ledger.log.codec.prepare(toBeWritten);
  const encoded = decided.written.map(({ event, intent, index, occurredAt }) =>
    ledger.log.codec.encode(event, eventId(to.stream, intent.commandId, index), {
      $correlationId: intent.correlationId ?? intent.commandId, $causationId: intent.causationId ?? intent.commandId,
      actor: intent.actor, occurredAt, commandId: intent.commandId, commandHash: commandHash(intent.command, intent.occurredAt),
    }));
  const { revision, position } = await ledger.log.append(to.stream, to.revision, encoded);
  ledger.facts.forget(to.stream);
  ledger.ahead?.forget(to.stream);
  await ledger.log.codec.forget(toBeWritten);
  const events = [...decided.earlier.map(({ id, type }) => ({ id, type })), ...encoded.map(({ id, type }) => ({ id, type }))];
  return { accepted: true, id: to.id, stream: to.stream, revision, position, events, replayed: false };
}
