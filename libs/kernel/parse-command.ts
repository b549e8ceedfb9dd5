import { validateSync, type ValidationError } from 'class-validator';
import type { CommandClass, CommandMessage } from './command.js';
import { normalisersOf } from './fields.js';

export interface FieldError {
  /** Path of the field, `value.currency`; empty for the body itself. */
  readonly field: string;
  readonly message: string;
}

export type Parsed<C> = { readonly ok: true; readonly command: C } | { readonly ok: false; readonly errors: readonly FieldError[] };

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype', 'type']);

const flatten = (error: ValidationError): FieldError[] =>
  Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
    field: error.property,
    message: constraint === 'whitelistValidation' ? `${error.property} is not a field of this command` : message,
  }));

/** Parses outside data into a command, once, at the edge. Unknown fields are errors; every offending field is named. */
export function parseCommand<C extends CommandMessage>(command: CommandClass<C>, input: unknown): Parsed<C> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return { ok: false, errors: [{ field: '', message: 'the body must be a JSON object' }] };
  const instance = new command();
  for (const [key, value] of Object.entries(input) as [string, unknown][]) {
    if (FORBIDDEN_KEYS.has(key)) return { ok: false, errors: [{ field: key, message: `${key} is not a field of this command` }] };
    if (value !== null) Object.assign(instance, { [key]: value }); // null means "left out": class-validator would skip its checks
    else if (!(key in instance)) Object.assign(instance, { [key]: undefined });
  }
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, stopAtFirstError: true });
  if (errors.length > 0) return { ok: false, errors: errors.flatMap(flatten) };
  for (const [name, normalise] of normalisersOf(command)) {
    const value: unknown = Reflect.get(instance, name);
    if (value !== undefined) Reflect.set(instance, name, normalise(value));
  }
  return { ok: true, command: instance };
}
