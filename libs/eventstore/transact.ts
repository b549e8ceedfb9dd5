import { setTimeout as delay } from 'node:timers/promises';
import type { CommandMessage } from '../kernel/command.js';
import { streamOf, type AnyContext } from '../kernel/context.js';
import type { Instant, Recorded } from '../kernel/event.js';
import { claimKey, releaseKey, type Claim } from './command-keys.js';
import type { EncodedEvent } from './codec.js';
import { decideIntents, type Decided } from './decide-intents.js';
import { isEngineEvent } from './engine-events.js';
import { eventId } from './event-ids.js';
import { StreamMoved, type EventLog } from './event-log.js';
import type { HistoriesAhead } from './histories-ahead.js';
import {
  hashOf,
  isOf,
  metadataOf,
  refused,
  scopedCommandId,
  type Intent,
  type Outcome,
  type Refused,
} from './intent.js';
import { TooManyWaiting } from './stream-locks.js';
import type { FactsReader } from './stream-reader.js';

/** How often a command that lost a race to another process, or whose facts changed meanwhile, is decided anew. */
export const ATTEMPTS_MAX = 8;
const BACKOFF_MS = 5;

export interface Ledger {
  readonly log: EventLog;
  readonly facts: FactsReader;
  readonly now: () => Instant;
  /** Histories that were read before they were needed. */
  readonly ahead?: HistoriesAhead;
}

/** The aggregate that a command is about. */
export function aggregateIdOf(context: AnyContext, command: CommandMessage): string {
  const id: unknown = context.aggregateId?.(command) ?? Reflect.get(command, context.idField);
  if (typeof id !== 'string') throw new TypeError(`${command.type} names no ${context.idField}`);
  return id;
}

/** One call of {@link transact}. */
interface Transaction {
  readonly ledger: Ledger;
  readonly context: AnyContext;
  readonly intents: readonly Intent[];
  readonly expectedRevision: number | undefined;
  readonly id: string;
  readonly stream: string;
  /** Other streams whose state these decisions must not race with, in any process. */
  readonly guarded: readonly string[];
}

/**
 * The write side's one road: read the stream, decide, append with the exact revision; all of the intents or none.
 * The intents must be about one aggregate. Commands of this process about one aggregate take turns; losing a race to another
 * process means reading and deciding anew, at most ATTEMPTS_MAX times. A command already in the stream is not decided again:
 * it answers as it did the first time, also where it had nothing to do.
 * @param expectedRevision the revision the caller saw; any other gives `revision_conflict`, unless the command is in the
 *   stream already
 * @throws EventStoreUnavailable, KeysUnavailable, AppendTooLarge; UndecodableEvent and ForeignEvent, of which `refusingHistory`
 *   makes refusals
 */
export async function transact(
  ledger: Ledger,
  context: AnyContext,
  intents: readonly Intent[],
  expectedRevision?: number,
): Promise<Outcome> {
  const id = aggregateIdOf(context, intents[0]!.command);
  const stream = streamOf(context.category, id);
  const guarded = intents.flatMap(({ command }) => context.guards?.(command) ?? []).filter((each) => each !== stream);
  const transaction = { ledger, context, intents, expectedRevision, id, stream, guarded };
  try {
    return await ledger.log.locks.turn([stream, ...guarded], () => underKeys(transaction));
  } catch (error) {
    if (error instanceof TooManyWaiting) return refused('too_much_contention', error.message);
    throw error;
  }
}

/** Claims the idempotency key while the stream is read and decided upon; nothing is written before the claim stands. */
async function underKeys(transaction: Transaction): Promise<Outcome> {
  const { ledger, intents, stream } = transaction;
  const keyed = intents.filter(({ repeats }) => repeats === 'anywhere');
  const claims = Promise.all(keyed.map((intent) => claimKey(ledger, intent, stream)));
  claims.catch(() => undefined); // awaited before anything is written
  const outcome = await attempts(transaction, claims);
  if (!outcome.accepted) {
    const claimed = await claims;
    await Promise.all(keyed.map((intent, index) => releaseKey(ledger, intent, claimed[index]!, outcome.refusal.code)));
  }
  return outcome;
}

async function attempts(transaction: Transaction, claims: Promise<readonly Claim[]>): Promise<Outcome> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const outcome = await attemptOnce(transaction, claims, attempt > 1);
    if (outcome !== 'again') return outcome;
    // At random within a window that doubles: two that keep disturbing each other soon do not.
    await delay(BACKOFF_MS * 2 ** attempt * Math.random());
  }
  return refused('too_much_contention', `${ATTEMPTS_MAX} attempts`);
}

/** `again`: another process, or another command's facts, came in between. */
async function attemptOnce(
  transaction: Transaction,
  claims: Promise<readonly Claim[]>,
  retries: boolean,
): Promise<Outcome | 'again'> {
  const { ledger, stream, intents, guarded } = transaction;
  const guards = await guardsOf(transaction);
  const { history, decided } = await decideUpon(transaction, retries);
  const taken = (await claims).indexOf('taken');
  if (taken >= 0)
    return refused('command_id_reused', intents.filter(({ repeats }) => repeats === 'anywhere')[taken]!.commandId);
  if ('accepted' in decided) return decided;
  if (decided.written.length === 0) return nothingWritten(transaction, history, decided);
  await ledger.log.codec.prepare(decided.written.map(({ event }) => event));
  return ledger.log.locks.commit([stream, ...guarded], decided.facts.streams(), async () => {
    if (!decided.facts.isCurrent()) return 'again';
    try {
      for (const guard of guards)
        await ledger.log.append(guard.stream, guard.revision, [guardEvent(transaction, guard)]);
      return await write(transaction, history.at(-1)?.revision ?? -1, decided);
    } catch (error) {
      if (error instanceof StreamMoved) return 'again';
      throw error;
    }
  });
}

/**
 * Decides upon the history read ahead, where there is one and it leads to something to write: the append at its revision then
 * proves it. What it refuses, or finds nothing to do about, is decided again upon the stream as it stands.
 */
async function decideUpon(
  transaction: Transaction,
  retries: boolean,
): Promise<{ readonly history: readonly Recorded[]; readonly decided: Decided | Refused }> {
  const { ledger, context, stream, intents, expectedRevision } = transaction;
  const decide = (history: readonly Recorded[], fresh: boolean): Promise<Decided | Refused> =>
    decideIntents({ facts: ledger.facts, now: ledger.now, context, history, intents }, fresh);
  const ahead = retries || expectedRevision !== undefined ? undefined : ledger.ahead?.take(stream);
  if (ahead) {
    const decided = await decide(ahead, false);
    if (!('accepted' in decided) && decided.written.length > 0) return { history: ahead, decided };
  }
  const history = await ledger.log.read(stream);
  const conflict = conflictOf(transaction, history);
  return { history, decided: conflict ?? (await decide(history, retries || transaction.guarded.length > 0)) };
}

/** A condition that the caller made comes before all else, but for a command that was carried out already. */
function conflictOf({ expectedRevision, intents }: Transaction, history: readonly Recorded[]): Refused | undefined {
  const revision = history.at(-1)?.revision ?? -1;
  if (expectedRevision === undefined || expectedRevision === revision) return undefined;
  const isRepeat = intents.every((intent) => history.some((event) => isOf(intent, event)));
  return isRepeat
    ? undefined
    : refused('revision_conflict', `expected revision ${expectedRevision}, it is at ${revision}`);
}

async function nothingWritten(
  { ledger, id, stream }: Transaction,
  history: readonly Recorded[],
  { earlier }: Decided,
): Promise<Outcome> {
  // Where an earlier sending wrote the event and then could not destroy the key.
  await ledger.log.codec.forget(earlier);
  const answer = earlier.at(-1) ?? history.at(-1);
  const at = { revision: answer?.revision ?? -1, position: answer?.position ?? -1 };
  return { accepted: true, id, stream, ...at, events: toldOf(earlier), replayed: earlier.length > 0 };
}

const toldOf = (events: readonly { readonly id?: string; readonly type: string }[]): { id: string; type: string }[] =>
  events.filter((event) => !isEngineEvent(event)).map(({ id, type }) => ({ id: id ?? '', type }));

async function write(transaction: Transaction, revision: number, { written, earlier }: Decided): Promise<Outcome> {
  const { ledger, id, stream } = transaction;
  const { log } = ledger;
  const encoded = written.map(({ event, intent, index, occurredAt }) =>
    log.codec.encode(
      event,
      eventId(stream, scopedCommandId(intent), hashOf(intent), index),
      metadataOf(intent, occurredAt),
    ),
  );
  const at = await log.append(stream, revision, encoded);
  ledger.ahead?.forget(stream);
  await log.codec.forget(written.map(({ event }) => event));
  return { accepted: true, id, stream, ...at, events: [...toldOf(earlier), ...toldOf(encoded)], replayed: false };
}

interface Guard {
  readonly stream: string;
  readonly revision: number;
}

/** Where the guarded streams stand before the decision reads them. */
const guardsOf = ({ ledger, guarded }: Transaction): Promise<Guard[]> =>
  Promise.all(guarded.map(async (stream) => ({ stream, revision: await ledger.log.revisionOf(stream) })));

/** Appended at the revision that was read, it fails where the guarded stream has moved, and makes any other decision on it fail. */
function guardEvent({ ledger, intents, stream }: Transaction, guard: Guard): EncodedEvent {
  const [intent] = intents;
  const id = eventId(guard.stream, `${scopedCommandId(intent!)}\n${guard.revision}`, hashOf(intent!), 0);
  return ledger.log.codec.encode(
    { type: 'DecisionGuarded', data: { stream } },
    id,
    metadataOf(intent!, intent!.occurredAt ?? ledger.now()),
  );
}
