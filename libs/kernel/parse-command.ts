import { validateSync, type ValidationError } from 'class-validator';
import type { CommandClass, CommandMessage } from './command.js';
import { normalisersOf } from './fields.js';

export interface FieldError {
  /** Path of the field, `value.currency`; empty for the body itself. */
  readonly field: string;
  readonly message: string;
}

export type Parsed<C> = { readonly ok: true; readonly command: C } | { readonly ok: false; readonly errors: readonly FieldError[] };

const FORBIDDEN_KEYS = new Set(['prototype', 'type']);

/** Names that every object has (`constructor`, `toString`) would be taken for fields that the class declares. */
const isForbidden = (key: string): boolean => FORBIDDEN_KEYS.has(key) || key in Object.prototype;

/** NUL and halves of a surrogate pair: JSON can spell them, but no text column takes them, so no event may hold them. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Whether some text in a value cannot be stored. Not recursive: nothing has bounded the value's depth yet. */
export function holdsUnstorable(value: unknown): boolean {
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const item = rest.pop();
    if (typeof item === 'string' && UNSTORABLE.test(item)) return true;
    if (typeof item === 'object' && item !== null) for (const [key, member] of Object.entries(item)) rest.push(key, member);
  }
  return false;
}

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
    if (isForbidden(key)) return { ok: false, errors: [{ field: key, message: `${key} is not a field of this command` }] };
    Object.assign(instance, { [key]: value ?? undefined }); // null means "left out": class-validator would skip its checks
  }
  // Before the other checks: some of them throw on half a surrogate pair.
  const unstorable = Object.entries(instance).filter(([, value]) => holdsUnstorable(value));
  if (unstorable.length > 0) return { ok: false, errors: unstorable.map(([field]) => ({ field, message: `${field} must not hold NUL or half of a surrogate pair` })) };
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, stopAtFirstError: true });
  if (errors.length > 0) return { ok: false, errors: errors.flatMap(flatten) };
  for (const [name, normalise] of normalisersOf(command)) {
    const value: unknown = Reflect.get(instance, name);
    if (value !== undefined) Reflect.set(instance, name, normalise(value));
  }
  return { ok: true, command: instance };
}
