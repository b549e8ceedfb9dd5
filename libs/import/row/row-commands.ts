import type { Registered } from '../../dispatch/registry.js';
import { derivedId } from '../../eventstore/event-ids.js';
import type { Intent } from '../../eventstore/intent.js';
import { aggregateIdOf } from '../../eventstore/transact.js';
import { streamOf } from '../../kernel/context.js';
import type { Actor } from '../../kernel/event.js';
import { parseCommand } from '../../kernel/parse-command.js';
import type { CommandMap, Json, NamedValue, SetupCommand, Step } from '../map/model.js';
import { importCommandId } from './derived-ids.js';
import { columnOf, evaluate, holds, keyTexts, type Lookups, type RowProblem, type RowView, type Scope } from './evaluate.js';

/** Commands of one row about one aggregate: carried out together or not at all. */
export interface AggregateCommands {
  readonly stream: string;
  readonly intents: readonly Intent[];
}

export type RowCommands = { readonly ok: true; readonly groups: readonly AggregateCommands[] } | { readonly ok: false; readonly problems: readonly RowProblem[] };

/** Of whose file the rows are, and in whose name the commands are sent. */
export interface Sender {
  readonly source: string;
  readonly actor: Actor;
}

/** The name of a setup step in command ids; no step of a map can be called so. */
const SETUP = '(setup)';

/** The commands that a row becomes, in the order of the map, grouped by aggregate. Pure: the same row gives the same commands. */
export function rowCommands(step: Step, row: RowView, lookups: Lookups, sender: Sender): RowCommands {
  const scope: Scope = { row, lookups, problems: [] };
  const made = step.commands.flatMap((command) => (command.when && !holds(command.when, row) ? [] : (commandOf(step, command, scope, sender) ?? [])));
  if (scope.problems.length > 0) return { ok: false, problems: scope.problems };
  const groups = new Map<string, Intent[]>();
  for (const { stream, intent } of made) groups.set(stream, [...(groups.get(stream) ?? []), intent]);
  return { ok: true, groups: [...groups].map(([stream, intents]) => ({ stream, intents })) };
}

/** The command of a setup entry. Its id covers what it says: a changed setup is a new command, an unchanged one a repetition. */
export function setupCommand({ name, registered, fields, occurredAt }: SetupCommand, { source, actor }: Sender): RowCommands {
  const commandId = importCommandId(source, SETUP, name, [JSON.stringify([fields, occurredAt ?? null])]);
  const parsed = parseCommand(registered.command, withId(registered, fields, commandId));
  if (!parsed.ok) return { ok: false, problems: parsed.errors.map(({ field, message }) => ({ field: `${name}.${field}`, reason: message, code: 'validation_failed' })) };
  const stream = streamOf(registered.context.category, aggregateIdOf(registered.context, parsed.command));
  return { ok: true, groups: [{ stream, intents: [{ command: parsed.command, commandId, actor, correlationId: correlationOf(source), ...(occurredAt !== undefined && { occurredAt }) }] }] };
}

/** All events of a source's imports share it. */
const correlationOf = (source: string): string => `import:${source}`;

/** A command that creates its aggregate may leave the id out: it then follows from the command's id, as it does over HTTP. */
const withId = ({ spec, context }: Registered, fields: Readonly<Record<string, Json>>, commandId: string): Readonly<Record<string, Json>> =>
  spec.creates && fields[context.idField] === undefined ? { ...fields, [context.idField]: derivedId(commandId, spec.name) } : fields;

function commandOf(step: Step, map: CommandMap, scope: Scope, { source, actor }: Sender): { readonly stream: string; readonly intent: Intent } | undefined {
  const { registered, name } = map;
  const problemsBefore = scope.problems.length;
  const key = keyTexts(map.key, scope, `${name}.key`);
  const occurredAt = map.occurredAt && evaluate(map.occurredAt, scope, 'occurredAt');
  // Taking the present moment instead would date the event by the import, and differently in each run.
  if (map.occurredAt && occurredAt === undefined && scope.problems.length === problemsBefore) scope.problems.push({ field: columnOf(map.occurredAt) ?? 'occurredAt', reason: `is empty, and ${name} takes its time from it`, code: 'occurred_at_missing' });
  const fields: Record<string, Json> = {};
  for (const { name: field, value } of map.fields) {
    const made = evaluate(value, scope, field);
    if (made !== undefined) fields[field] = made;
  }
  if (!key || scope.problems.length > problemsBefore) return undefined;
  const commandId = importCommandId(source, step.name, name, key);
  const parsed = parseCommand(registered.command, withId(registered, fields, commandId));
  if (!parsed.ok) {
    scope.problems.push(...parsed.errors.map(({ field, message }) => problemOf(map.fields, fields, field, message)));
    return undefined;
  }
  const stream = streamOf(registered.context.category, aggregateIdOf(registered.context, parsed.command));
  const intent = { command: parsed.command, commandId, actor, correlationId: correlationOf(source), ...(typeof occurredAt === 'string' && { occurredAt }) };
  return { stream, intent };
}

/** What a command says of its field, said of the column that the field was to come from. */
function problemOf(fields: readonly NamedValue[], made: Readonly<Record<string, Json>>, field: string, message: string): RowProblem {
  const from = fields.find(({ name }) => name === field);
  const column = from && columnOf(from.value);
  if (made[field] === undefined) return { field: column ?? field, reason: `is empty, and ${field} is needed`, code: 'field_missing' };
  return { field: column ?? field, reason: message, code: 'validation_failed' };
}
