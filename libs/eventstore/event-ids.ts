import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import type { CommandMessage } from '../kernel/command.js';
import type { Instant } from '../kernel/event.js';

/** Namespace of all ids derived here (a fixed, random UUID). */
const PIPELEDGER = 'c0a4ab06-6f0c-4f2a-8f39-6c2e5f6a4a11';
const HASH_CHARACTERS = 32;

/**
 * The id of the nth event that a command puts into a stream. The same command always gives the same ids; another command
 * under the same id gives others, so that the event store never takes one for the other.
 */
export const eventId = (stream: string, commandId: string, hash: string, index: number): string =>
  uuidv5(`${stream}\n${commandId}\n${hash}\n${index}`, PIPELEDGER);

/** An aggregate's id where the caller left it out: sending the command again finds the same aggregate. */
export const derivedId = (commandId: string, commandType: string): string =>
  uuidv5(`${commandType}\n${commandId}`, PIPELEDGER);

/** Names the stream of an idempotency key, whatever characters the key has. `scoped`: with its caller. */
export const keyStreamId = (scoped: string): string => uuidv5(`key\n${scoped}`, PIPELEDGER);

/** Id of a command that follows from a cause: a rule's or a timer's. A redelivered cause gives the same command. */
export const causedCommandId = (cause: string, what: string): string => uuidv5(`${cause}\n${what}`, PIPELEDGER);

/** The members of each object in the order of their names: two spellings of one command are one command. */
const inNameOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Fingerprint of what a command says: its type, its fields and the time it was said to have happened. */
export function commandHash(command: CommandMessage, occurredAt: Instant | undefined): string {
  const fields = Object.entries(command)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([command.type, fields, occurredAt ?? null], inNameOrder))
    .digest('hex')
    .slice(0, HASH_CHARACTERS);
}
