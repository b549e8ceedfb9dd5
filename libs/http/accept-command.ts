import type { CommandBus } from '@nestjs/cqrs';
import { derivedId } from '../eventstore/event-ids.js';
import type { Outcome } from '../eventstore/intent.js';
import { parseCommand } from '../kernel/parse-command.js';
import type { CommandMessage } from '../kernel/command.js';
import { withEnvelope, type CommandEnvelope } from '../dispatch/envelope.js';
import type { Registered } from '../dispatch/registry.js';
import { problem, ProblemError, refusalProblem } from './problem.js';
import { DEFAULT_ACTOR } from './request-envelope.js';

/** What a caller learns of a command that was carried out. */
export interface CommandAnswer {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  /** Log position: a report asked for with `minPosition` of this value includes what was written. */
  readonly position: number;
  readonly events: readonly { readonly id: string; readonly type: string }[];
  readonly replayed: boolean;
}

/** The default actor's keys stand without their scope, as all keys did before they had one: their aggregates are found again. */
const scopeOf = ({ commandId, actor }: CommandEnvelope): string =>
  actor.id === DEFAULT_ACTOR.id ? commandId : `${actor.id}\n${commandId}`;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * From a body to the bus and back: the one way in for a route, an item of a batch and a rule.
 * @param params path parameters; a body that names the same field must agree
 * @throws ProblemError for a role that may not do this, for malformed input and for refusals
 */
export async function acceptCommand(bus: CommandBus, registered: Registered, body: unknown, params: Readonly<Record<string, string>>, envelope: CommandEnvelope): Promise<CommandAnswer> {
  const { context, command, spec } = registered;
  if (!spec.roles.includes(envelope.actor.role)) throw new ProblemError(problem('forbidden', { detail: `${spec.name} is for ${spec.roles.join(', ')}, not for ${envelope.actor.role}` }));
  if (!isRecord(body)) throw new ProblemError(problem('validation_failed', { errors: [{ field: '', message: 'the body must be a JSON object' }] }));
  const { occurredAt: _, ...fields } = body; // the envelope's, already read
  for (const [name, value] of Object.entries(params)) {
    if (fields[name] !== undefined && fields[name] !== value) throw new ProblemError(problem('validation_failed', { errors: [{ field: name, message: `${name} in the body differs from the one in the address` }] }));
  }
  const input: Record<string, unknown> = { ...fields, ...params };
  if (spec.creates) input[context.idField] ??= derivedId(scopeOf(envelope), spec.name);
  const parsed = parseCommand(command, input);
  if (!parsed.ok) throw new ProblemError(problem('validation_failed', { errors: parsed.errors }));
  const outcome = await bus.execute<CommandMessage, Outcome>(withEnvelope(parsed.command, envelope));
  if (!outcome.accepted) throw new ProblemError(refusalProblem(outcome.refusal));
  const { accepted: __, ...answer } = outcome;
  return answer;
}
