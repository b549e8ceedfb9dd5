import 'reflect-metadata';
import { validateSync } from 'class-validator';
import { normalisersOf } from './fields.js';
import { holdsUnstorable } from './parse-command.js';

export interface ParamError {
  readonly field: string;
  readonly message: string;
}

export type ParsedParams<P> = { readonly ok: true; readonly params: P } | { readonly ok: false; readonly errors: readonly ParamError[] };

/** Where @nestjs/swagger keeps what a field decorator declared. */
const FIELD_METADATA = 'swagger/apiModelProperties';
const NOT_FIELDS = new Set(['__proto__', 'constructor', 'prototype']);

/** A query string knows only text: the field's declared type says what the text stands for. What does not fit is left for the check to name. */
function fromText(declared: unknown, value: unknown): unknown {
  const field: Record<string, unknown> = typeof declared === 'object' && declared !== null ? { ...declared } : {};
  const isList = field['isArray'] === true || Array.isArray(field['type']);
  if (isList) return (Array.isArray(value) ? value : [value]).flatMap((item: unknown) => (typeof item === 'string' ? item.split(',') : [item]));
  if (typeof value !== 'string') return value;
  if (field['type'] === 'integer' || field['type'] === 'number' || field['type'] === Number) return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (field['type'] === Boolean || field['type'] === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}

/**
 * Parses a query string (text by name; lists repeated or with commas) into the report's parameters.
 * Unknown names are errors; every offending one is named. Defaults are the class's own initial values.
 */
export function parseParams<P extends object>(params: new () => P, query: Readonly<Record<string, unknown>>): ParsedParams<P> {
  const instance = new params();
  for (const [name, value] of Object.entries(query)) {
    if (NOT_FIELDS.has(name)) return { ok: false, errors: [{ field: name, message: `${name} is not a parameter of this report` }] };
    if (value === undefined || value === '') continue;
    // The database would fail on it, and some of the checks throw on half a surrogate pair.
    if (holdsUnstorable(value)) return { ok: false, errors: [{ field: name, message: `${name} must not hold NUL or half of a surrogate pair` }] };
    Reflect.set(instance, name, fromText(Reflect.getMetadata(FIELD_METADATA, params.prototype as object, name), value)); // a class's prototype is an object
  }
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length > 0) {
    return {
      ok: false,
      errors: errors.flatMap((error) => Object.entries(error.constraints ?? {}).map(([constraint, message]) =>
        ({ field: error.property, message: constraint === 'whitelistValidation' ? `${error.property} is not a parameter of this report` : message }))),
    };
  }
  for (const [name, normalise] of normalisersOf(params)) {
    const value: unknown = Reflect.get(instance, name);
    if (value !== undefined) Reflect.set(instance, name, normalise(value));
  }
  return { ok: true, params: instance };
}
