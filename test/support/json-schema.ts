/** Looks a `$ref` up. @throws where it leads nowhere */
export type Resolve = (ref: string) => unknown;

type Schema = Readonly<Record<string, unknown>>;
type Check = (keyword: unknown, value: unknown, schema: Schema, resolve: Resolve) => readonly string[];

const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws where a document has something else in the place of a schema */
function schemaOf(value: unknown): Schema {
  if (!isObject(value)) throw new TypeError(`${JSON.stringify(value)} is no schema`);
  return value;
}

const said = (fits: boolean, sentence: string): readonly string[] => (fits ? [] : [sentence]);
const lengthOf = (value: unknown): number => (typeof value === 'string' || Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : NaN);
const under = (name: string, found: readonly string[]): readonly string[] => found.map((sentence) => `${name}: ${sentence}`);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string', number: (value) => typeof value === 'number', integer: Number.isInteger, boolean: (value) => typeof value === 'boolean', object: isObject, array: Array.isArray, null: (value) => value === null,
};
const FORMATS: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/, date: /^\d{4}-\d{2}-\d{2}$/, email: /^[^@\s]+@[^@\s]+$/, uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, binary: /^/,
};
const known = <T>(of: Readonly<Record<string, T>>, word: unknown): T => {
  const found = of[String(word)];
  if (found === undefined) throw new TypeError(`JSON Schema has no ${String(word)} that this program knows`);
  return found;
};

const KEYWORDS: Readonly<Record<string, Check>> = {
  description: () => [], example: () => [], default: () => [],
  type: (type, value) => said(known(TYPES, type)(value), `is no ${String(type)}`),
  enum: (words, value) => said(Array.isArray(words) && words.includes(value), 'is none of the words'),
  pattern: (pattern, value) => said(new RegExp(String(pattern)).test(String(value)), `does not match ${String(pattern)}`),
  format: (format, value) => said(known(FORMATS, format).test(String(value)), `is no ${String(format)}`),
  minLength: (least, value) => said(lengthOf(value) >= Number(least), 'is too short'), maxLength: (most, value) => said(lengthOf(value) <= Number(most), 'is too long'),
  minimum: (least, value) => said(Number(value) >= Number(least), 'is too small'), maximum: (most, value) => said(Number(value) <= Number(most), 'is too large'),
  minItems: (least, value) => said(lengthOf(value) >= Number(least), 'has too few items'), maxItems: (most, value) => said(lengthOf(value) <= Number(most), 'has too many items'),
  maxProperties: (most, value) => said(lengthOf(value) <= Number(most), 'has too many members'),
  uniqueItems: (_, value) => said(Array.isArray(value) && new Set(value).size === value.length, 'has an item twice'),
  required: (names, value) => said(Array.isArray(names) && isObject(value) && names.every((name) => String(name) in value), `lacks one of ${JSON.stringify(names)}`),
  properties: (members, value, _, resolve) => (isObject(value) ? Object.entries(schemaOf(members)).flatMap(([name, member]) => (name in value ? under(name, misfits(member, value[name], resolve)) : [])) : []),
  items: (item, value, _, resolve) => (Array.isArray(value) ? value.flatMap((each, index) => under(String(index), misfits(item, each, resolve))) : []),
  additionalProperties: (rule, value, { properties }, resolve) => {
    const surplus = isObject(value) ? Object.entries(value).filter(([name]) => !isObject(properties) || !(name in properties)) : [];
    if (rule === false) return surplus.map(([name]) => `${name} is no member`);
    return rule === true ? [] : surplus.flatMap(([name, each]) => under(name, misfits(rule, each, resolve)));
  },
  oneOf: (schemas, value, _, resolve) => said(Array.isArray(schemas) && schemas.filter((schema) => misfits(schema, value, resolve).length === 0).length === 1, 'is not exactly one of the kinds'),
  $ref: (ref, value, _, resolve) => misfits(resolve(String(ref)), value, resolve),
};

/**
 * Why a value does not fit a schema; empty when it does. Knows the keywords that this project's OpenAPI document uses.
 * @throws on any other keyword, format or type: a check that is not made must not look like one that passed
 */
export function misfits(schema: unknown, value: unknown, resolve: Resolve): readonly string[] {
  const rules = schemaOf(schema);
  return Object.entries(rules).flatMap(([keyword, rule]) => known(KEYWORDS, keyword)(rule, value, rules, resolve));
}
