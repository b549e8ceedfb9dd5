import { randomUUID } from 'node:crypto';
import type { Instant, Recorded } from '../kernel/event.js';
import { keyStreamId } from './event-ids.js';
import { COMMAND_KEY_CATEGORY, type EngineEvent } from './engine-events.js';
import { StreamMoved, type EventLog } from './event-log.js';
import { hashOf, metadataOf, scopedCommandId, type Intent } from './intent.js';

/** How often a claim that met another one is tried again: each time a key was released in between. */
const CLAIM_ATTEMPTS_MAX = 8;

/** `taken`: the key stands for another command of this caller. `known`: it stands for this command since an earlier sending. */
export type Claim = 'taken' | 'known' | { readonly stream: string; readonly revision: number };

const streamOfKey = (intent: Intent): string => `${COMMAND_KEY_CATEGORY}-${keyStreamId(scopedCommandId(intent))}`;

interface Keys {
  readonly log: EventLog;
  readonly now: () => Instant;
}

const append = (
  { log, now }: Keys,
  intent: Intent,
  stream: string,
  afterRevision: number,
  event: EngineEvent,
): Promise<unknown> =>
  log.append(stream, afterRevision, [log.codec.encode(event, randomUUID(), metadataOf(intent, now()))]);

/**
 * Makes an idempotency key stand for this command, durably and before the command has any effect: whichever of several
 * commands under one key comes first, the others find it taken, in whatever process and about whatever record.
 * @throws EventStoreUnavailable
 */
export async function claimKey(keys: Keys, intent: Intent, commandStream: string): Promise<Claim> {
  const stream = streamOfKey(intent);
  let last: Recorded | undefined;
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS_MAX; attempt += 1) {
    const revision = last?.revision ?? -1;
    try {
      const data = { command: intent.command.type, stream: commandStream };
      await append(keys, intent, stream, revision, { type: 'CommandKeyClaimed', data });
      return { stream, revision: revision + 1 };
    } catch (error) {
      if (!(error instanceof StreamMoved)) throw error;
    }
    last = (await keys.log.read(stream)).at(-1);
    if (last?.type === 'CommandKeyClaimed') return last.commandHash === hashOf(intent) ? 'known' : 'taken';
  }
  return 'taken';
}

/**
 * Gives a key back that was claimed just now for a command that is refused, so that the caller may correct the command. A
 * claim of an earlier sending stays: that one may still be under way elsewhere. @throws EventStoreUnavailable
 */
export async function releaseKey(keys: Keys, intent: Intent, claim: Claim, code: string): Promise<void> {
  if (claim === 'taken' || claim === 'known') return;
  await append(keys, intent, claim.stream, claim.revision, { type: 'CommandKeyReleased', data: { code } });
}
