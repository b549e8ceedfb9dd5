import { v4 as uuidv4 } from 'uuid';
import { ROLES, type Actor, type Instant, type Role } from '../kernel/event.js';
import { parseInstant } from '../kernel/time.js';
import type { FieldError } from '../kernel/parse-command.js';
import type { CommandEnvelope } from '../dispatch/envelope.js';
import { problem, ProblemError } from './problem.js';

const COMMAND_ID = /^[\x21-\x7e]{1,255}$/;
export const COMMAND_ID_SENTENCE = 'must be 1 to 255 printable characters without spaces';
export const isCommandId = (value: unknown): value is string => typeof value === 'string' && COMMAND_ID.test(value);
/** A revision, bare or quoted as an entity tag is. */
const REVISION = /^("?)(\d{1,15})\1$/;

/** Who acts when nobody says: the person at this machine, since the engine listens on loopback. */
export const DEFAULT_ACTOR: Actor = { id: 'local', role: 'admin' };

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const one = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const isRole = (value: string): value is Role => ROLES.some((role) => role === value);

/**
 * Headers and `occurredAt` of a request as a command's envelope.
 * `Idempotency-Key` is the command id, in the scope of who acts; `If-Match` the revision the caller saw; `Pipeledger-Actor` and `Pipeledger-Role` who acts;
 * `Pipeledger-Correlation` what this belongs to.
 * @throws ProblemError naming each header that is malformed
 */
export function requestEnvelope(headers: Headers, occurredAt: unknown): CommandEnvelope {
  const errors: FieldError[] = [];
  const key = one(headers, 'idempotency-key');
  const commandId = key ?? uuidv4();
  if (!isCommandId(commandId)) errors.push({ field: 'Idempotency-Key', message: `Idempotency-Key ${COMMAND_ID_SENTENCE}` });
  const match = one(headers, 'if-match');
  const revision = match === undefined ? undefined : REVISION.exec(match)?.[2];
  if (match !== undefined && revision === undefined) errors.push({ field: 'If-Match', message: 'If-Match must be a revision: a whole number' });
  const role = one(headers, 'pipeledger-role') ?? DEFAULT_ACTOR.role;
  if (!isRole(role)) errors.push({ field: 'Pipeledger-Role', message: `Pipeledger-Role must be one of ${ROLES.join(', ')}` });
  const actorId = one(headers, 'pipeledger-actor') ?? DEFAULT_ACTOR.id;
  if (!isCommandId(actorId)) errors.push({ field: 'Pipeledger-Actor', message: `Pipeledger-Actor ${COMMAND_ID_SENTENCE}` });
  const correlationId = one(headers, 'pipeledger-correlation');
  if (correlationId !== undefined && !isCommandId(correlationId)) errors.push({ field: 'Pipeledger-Correlation', message: `Pipeledger-Correlation ${COMMAND_ID_SENTENCE}` });
  const happened = parseOccurredAt(occurredAt, errors);
  if (errors.length > 0 || !isRole(role)) throw new ProblemError(problem('validation_failed', { errors }));
  const repeats = key === undefined ? 'never' as const : 'anywhere' as const;
  return { commandId, repeats, actor: { id: actorId, role }, ...(happened && { occurredAt: happened }), ...(correlationId && { correlationId }), ...(revision !== undefined && { expectedRevision: Number(revision) }) };
}

function parseOccurredAt(value: unknown, errors: FieldError[]): Instant | undefined {
  if (value === undefined || value === null) return undefined;
  const at = parseInstant(value);
  if (at === undefined) errors.push({ field: 'occurredAt', message: 'occurredAt must be a date and time with an offset, such as 2026-03-01T12:00:00Z' });
  return at;
}
