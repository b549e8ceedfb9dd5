import type { CommandRegistry, Registered } from '../../dispatch/registry.js';
import { parseCommand } from '../../kernel/parse-command.js';
import { toInstant } from '../row/convert-date.js';
import { fieldsOf } from './command-fields.js';
import type { CommandMap, Json, NamedValue, SetupCommand, Value } from './model.js';
import { MapNode } from './map-node.js';
import { nameAt } from './names.js';
import { parseCondition } from './parse-condition.js';
import { isoDate } from './parse-conversion.js';
import { parseKey, parseValue, type ValueScope } from './parse-value.js';

const COMMAND_KEYS = ['name', 'command', 'key', 'when', 'occurredAt', 'fields'];
const SETUP_KEYS = ['name', 'command', 'occurredAt', 'fields'];
/** As many names as a person reads when the one they wrote is not among them. */
const NAMES_SHOWN_MAX = 80;

function commandAt(node: MapNode, registry: CommandRegistry): Registered | undefined {
  const below = node.get('command') ?? node.fail('expected command: the name of a command, such as OpenDeal');
  const name = below?.text('the name of a command, such as OpenDeal');
  if (!below || name === undefined) return undefined;
  const known = registry.all().map(({ spec }) => spec.name).slice(0, NAMES_SHOWN_MAX);
  return registry.find(name) ?? below.fail(`the engine knows no command ${name}; it knows ${known.join(', ')}`);
}

/** Notes fields that the command does not have, and required ones that the map does not fill. */
function checkFields(node: MapNode, { command, context, spec }: Registered, given: ReadonlySet<string>): void {
  const fields = fieldsOf(command, context);
  const names = new Set(fields.map(({ name }) => name));
  for (const name of given) if (!names.has(name)) new MapNode(undefined, [...node.path, name], node.errors).fail(`${spec.name} has no such field; it has ${[...names].join(', ')}`);
  const missing = fields.filter(({ name, required }) => required && !given.has(name)).map(({ name }) => name);
  if (missing.length > 0) node.fail(`${spec.name} needs ${missing.join(', ')}`);
}

/** Notes what the command would say to values that no row can change. */
function checkConstants(node: MapNode, { command, context }: Registered, all: Readonly<Record<string, Json>>): void {
  const constants = Object.fromEntries(fieldsOf(command, context).flatMap(({ name }) => (Object.hasOwn(all, name) ? [[name, all[name]] as const] : [])));
  const parsed = parseCommand(command, constants);
  if (parsed.ok) return;
  for (const { field, message } of parsed.errors) if (Object.hasOwn(constants, field)) new MapNode(undefined, [...node.path, field], node.errors).fail(message);
}

/** The values that are the same for every row. */
const constantsOf = (fields: readonly NamedValue[]): Readonly<Record<string, Json>> =>
  Object.fromEntries(fields.flatMap(({ name, value: { source, convert, values, when } }) => (source.kind === 'const' && !convert && !values && !when ? [[name, source.value] as const] : [])));

/** How a row becomes one command. */
export function parseCommandMap(node: MapNode, registry: CommandRegistry, scope: ValueScope, stepKey: readonly Value[]): CommandMap | undefined {
  if (!node.allows(COMMAND_KEYS, 'a mapping with name, command and fields')) return undefined;
  const registered = commandAt(node, registry);
  const name = node.has('name') ? nameAt(node, 'name') : registered?.spec.name;
  const keyNode = node.get('key');
  const key = keyNode ? parseKey(keyNode, scope) : stepKey;
  const whenNode = node.get('when');
  const when = whenNode && parseCondition(whenNode, scope.needs);
  const occurredAtNode = node.get('occurredAt');
  const occurredAt = occurredAtNode && parseValue(occurredAtNode, scope);
  const fieldsNode = node.get('fields') ?? node.fail('expected fields: the fields of the command');
  const fields: NamedValue[] = fieldsNode?.entries('a mapping of fields').flatMap(([field, item]) => {
    const value = parseValue(item, scope);
    return value ? [{ name: field, value }] : [];
  }) ?? [];
  if (!registered || !fieldsNode || name === undefined) return undefined;
  checkFields(fieldsNode, registered, new Set(fieldsNode.entries('a mapping of fields').map(([field]) => field)));
  checkConstants(fieldsNode, registered, constantsOf(fields));
  return { name, registered, key, fields, ...(when && { when }), ...(occurredAt && { occurredAt: occurredAt.convert ? occurredAt : { ...occurredAt, convert: isoDate(scope.zone) } }) };
}

/** A command that is sent once, before the rows; its fields are plain values. */
export function parseSetupCommand(node: MapNode, registry: CommandRegistry, zone: string): SetupCommand | undefined {
  if (!node.allows(SETUP_KEYS, 'a mapping with command and fields')) return undefined;
  const registered = commandAt(node, registry);
  const name = node.has('name') ? nameAt(node, 'name') : registered?.spec.name;
  const at = node.get('occurredAt');
  const instant = at && toInstant(at.scalarText('a date') ?? '', undefined, zone, '00:00');
  if (at && instant && !instant.ok) at.fail(instant.reason);
  const fieldsNode = node.get('fields') ?? node.fail('expected fields: the fields of the command, as plain values');
  if (!registered || !fieldsNode || name === undefined) return undefined;
  const fields = Object.fromEntries(fieldsNode.entries('a mapping of fields').flatMap(([field, item]) => {
    const value = item.json();
    return value === undefined ? [] : [[field, value] as const];
  }));
  checkFields(fieldsNode, registered, new Set(Object.keys(fields)));
  checkConstants(fieldsNode, registered, fields);
  return { name, registered, fields, ...(instant?.ok && { occurredAt: instant.value }) };
}
