import { ID_PATTERN, IsShape, type FieldOptions } from '../kernel/fields.js';

/** Words, numbers, switches and lists of ids, by name: settings and parameters whose names their reader knows. */
export type FlatRecord = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export const FLAT_RECORD_KEYS_MAX = 20;
const TEXT_LENGTH_MAX = 200;
const LIST_ITEMS_MAX = 100;
const KEY = /^[A-Za-z][A-Za-z0-9_]{0,49}$/;

const isIdList = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= LIST_ITEMS_MAX && new Set(value).size === value.length && value.every((item) => typeof item === 'string' && ID_PATTERN.test(item));

const isFlatValue = (value: unknown): boolean => {
  switch (typeof value) {
    case 'string': return value.length <= TEXT_LENGTH_MAX;
    case 'number': return Number.isFinite(value);
    case 'boolean': return true;
    default: return isIdList(value);
  }
};

export const isFlatRecord = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= FLAT_RECORD_KEYS_MAX && entries.every(([key, item]) => KEY.test(key) && isFlatValue(item));
};

/** `{ "minutesSaved": 5, "teamIds": ["north"] }`: at most 20 names. */
export const IsFlatRecord = (options: FieldOptions = {}): PropertyDecorator =>
  IsShape(isFlatRecord, `must be an object of at most ${FLAT_RECORD_KEYS_MAX} names, each a text of at most ${TEXT_LENGTH_MAX} characters, a number, true, false, or a list of at most ${LIST_ITEMS_MAX} identifiers, each once`, {
    type: 'object', maxProperties: FLAT_RECORD_KEYS_MAX, selfRequired: !options.optional,
    additionalProperties: { oneOf: [{ type: 'string', maxLength: TEXT_LENGTH_MAX }, { type: 'number' }, { type: 'boolean' }, { type: 'array', maxItems: LIST_ITEMS_MAX, uniqueItems: true, items: { type: 'string', pattern: ID_PATTERN.source } }] },
  }, options);
