import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { IsArray, IsIn, IsInt, Matches, Max, MaxLength, Min, MinLength, IsBoolean, IsEmail, IsOptional, IsString, ValidateBy, ArrayMaxSize, ArrayMinSize } from 'class-validator';
import { parseInstant, isLocalDate, isZone } from './time.js';
import { isCurrency } from './money.js';

/*
 * Each decorator here is one sort of field: how it is checked, how the OpenAPI page describes it and, where two spellings
 * mean the same (12:00+02:00 and 10:00Z), how it is brought to the one spelling that is stored.
 */

export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:~-]{0,99}$/;
const TEXT_LENGTH_MAX = 500;

type Normalise = (value: unknown) => unknown;
const normalisers = new WeakMap<object, Map<string, Normalise>>();

/** The normalisers of a command class, by field. */
export const normalisersOf = (command: { prototype: object }): ReadonlyMap<string, Normalise> => normalisers.get(command.prototype) ?? new Map<string, Normalise>();

const normalise = (how: Normalise): PropertyDecorator => (target, field) => {
  const known = normalisers.get(target) ?? new Map<string, Normalise>();
  normalisers.set(target, known.set(String(field), how));
};

export interface FieldOptions {
  readonly optional?: true;
  readonly description?: string;
}

function field(options: FieldOptions, api: ApiPropertyOptions, ...checks: PropertyDecorator[]): PropertyDecorator {
  return (target, key) => {
    // `required` of an object's schema lists its members; whether the field itself is required is then said apart.
    const presence = Array.isArray(Reflect.get(api, 'required')) ? { selfRequired: !options.optional } : { required: !options.optional };
    const described = { ...api, ...presence, ...(options.description && { description: options.description }) };
    // A plain union of object literals: the spread loses which member of ApiPropertyOptions it is.
    ApiProperty(described as ApiPropertyOptions)(target, key);
    if (options.optional) IsOptional()(target, key);
    for (const check of checks) check(target, key);
  };
}

const check = (name: string, valid: (value: unknown) => boolean, sentence: string): PropertyDecorator =>
  ValidateBy({ name, validator: { validate: valid, defaultMessage: (args) => `${args?.property} ${sentence}` } });

/** An identifier: letters, digits and `. _ : ~ -`, at most 100. */
export const IsId = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, pattern: ID_PATTERN.source }, IsString(), Matches(ID_PATTERN, { message: '$property must be 1 to 100 letters, digits or . _ : ~ - and start with a letter or digit' }));

/** Text a person wrote; trimmed; 1 to `max` characters. */
export const IsText = (options: FieldOptions & { max?: number } = {}): PropertyDecorator => {
  const max = options.max ?? TEXT_LENGTH_MAX;
  return field(options, { type: String, minLength: 1, maxLength: max }, IsString(), MinLength(1), MaxLength(max), Matches(/\S/, { message: '$property must not be blank' }),
    normalise((value) => (typeof value === 'string' ? value.trim() : value)));
};

/** One of a fixed list of words. */
export const IsOneOf = (values: readonly string[], options: FieldOptions = {}): PropertyDecorator =>
  field(options, { enum: [...values] }, IsIn(values));

/** A moment with its offset, `2026-03-01T12:00:00+01:00`; stored in UTC. */
export const IsInstant = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'date-time', example: '2026-03-01T12:00:00Z' },
    check('isInstant', (value) => parseInstant(value) !== undefined, 'must be a date and time with an offset, such as 2026-03-01T12:00:00Z'),
    normalise((value) => parseInstant(value) ?? value));

/** A calendar day, `2026-03-01`. */
export const IsDay = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'date', example: '2026-03-01' }, check('isDay', isLocalDate, 'must be a calendar day, such as 2026-03-01'));

/** An IANA time zone, `Europe/Zurich`. */
export const IsZone = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, example: 'Europe/Zurich' }, check('isZone', isZone, 'must be an IANA time zone, such as Europe/Zurich'));

/** A whole number within bounds, both included. */
export const IsWhole = (min: number, max: number, options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: 'integer', minimum: min, maximum: max }, IsInt(), Min(min), Max(max));

export const IsFlag = (options: FieldOptions = {}): PropertyDecorator => field(options, { type: Boolean }, IsBoolean());

export const IsMail = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'email', maxLength: 254 }, IsEmail({}, { message: '$property must be an e-mail address' }), MaxLength(254));

/** A telephone number as people write it: digits, spaces and `+ ( ) . / -`. */
export const IsPhone = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, maxLength: 40 }, IsString(), Matches(/^\+?[\d\s().\/-]{4,39}$/, { message: '$property must be a telephone number' }));

/** A SHA-256, 64 hexadecimal digits in small letters: stands for a secret that is not told. */
export const IsSha256 = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, pattern: '^[0-9a-f]{64}$' }, IsString(), Matches(/^[0-9a-f]{64}$/, { message: '$property must be 64 hexadecimal digits in small letters' }));

/** The largest amount, in minor units: what JSON numbers hold to the last digit. */
export const AMOUNT_MINOR_MAX = Number.MAX_SAFE_INTEGER;

const isMoney = (value: unknown, min: number): boolean => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { amountMinor, currency, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  return Object.keys(rest).length === 0 && Number.isSafeInteger(amountMinor) && Number(amountMinor) >= min && Number(amountMinor) <= AMOUNT_MINOR_MAX && isCurrency(currency);
};

/** `{ "amountMinor": 125000, "currency": "EUR" }`: 1,250.00 euros. Not negative unless `signed`. */
export function IsMoney(options: FieldOptions & { signed?: true } = {}): PropertyDecorator {
  const min = options.signed ? -AMOUNT_MINOR_MAX : 0;
  const schema: ApiPropertyOptions = {
    type: 'object', required: ['amountMinor', 'currency'], additionalProperties: false, selfRequired: !options.optional, // belongs to the object member of the union
    properties: {
      amountMinor: { type: 'integer', minimum: min, maximum: AMOUNT_MINOR_MAX },
      currency: { type: 'string', example: 'EUR' },
    },
  };
  const range = options.signed ? 'at most 2^53 − 1 either way' : '0 to 2^53 − 1';
  const sentence = `must be { "amountMinor": whole number of minor units, ${range}, "currency": ISO 4217 code }`;
  return field(options, schema, check('isMoney', (value) => isMoney(value, min), sentence));
}

/** A list of identifiers or words, each once; at most `max`. */
export const IsListOfIds = (options: FieldOptions & { max?: number; min?: number } = {}): PropertyDecorator =>
  field(options, { type: [String] }, IsArray(), ArrayMinSize(options.min ?? 0), ArrayMaxSize(options.max ?? 100),
    check('isListOfIds', (value) => Array.isArray(value) && new Set(value).size === value.length && value.every((item) => typeof item === 'string' && ID_PATTERN.test(item)), 'must list identifiers, each once'));

/**
 * A list of small records or one record, checked by `valid`, a predicate that knows their shape.
 * `sentence` completes "<field> …" in the error; `schema` is their OpenAPI description.
 */
export const IsShape = (valid: (value: unknown) => boolean, sentence: string, schema: ApiPropertyOptions, options: FieldOptions = {}): PropertyDecorator =>
  field(options, schema, check('isShape', valid, sentence));
