/** The part of a JSON schema that the fields of commands are described with. */
export interface FieldSchema {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array';
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: FieldSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface BadValue {
  readonly what: string;
  readonly value: unknown;
}

const bad = (what: string, value: unknown): BadValue => ({ what, value });

const NO_TEXT: readonly BadValue[] = [bad('a number', 5), bad('an object', {}), bad('a list', ['text']), bad('true', true)];
const UNSTORABLE: readonly BadValue[] = [bad('text with NUL', 'a\u0000b'), bad('text with half a surrogate pair', 'a\ud800')];
const LONGEST_TEXT_TRIED = 3_000;

/** What a format or a pattern forbids. */
const BY_FORMAT: Readonly<Record<string, readonly BadValue[]>> = {
  'date-time': [
    bad('a day without time', '2026-03-01'), bad('a time without offset', '2026-03-01T12:00:00'), bad('31 February', '2026-02-31T12:00:00Z'), bad('hour 25', '2026-03-01T25:00:00Z'),
    bad('an offset of 99 hours', '2026-03-01T12:00:00+99:00'), bad('the year 10000', '10000-01-01T00:00:00Z'), bad('milliseconds since 1970', 1_772_366_400_000),
  ],
  date: [bad('31 February', '2026-02-31'), bad('a day without zeros', '2026-3-1'), bad('a day of another order', '01.03.2026'), bad('a moment', '2026-03-01T00:00:00Z'), bad('the year 0', '0000-01-01'), bad('the year 9999', '9999-12-31')],
  email: [bad('no address', 'bo.lind'), bad('an address without host', 'bo@'), bad('two addresses', 'a@b.example, c@d.example')],
};
const NO_ID: readonly BadValue[] = [bad('a leading hyphen', '-a'), bad('a space', 'a b'), bad('a slash', 'a/b'), bad('another alphabet', 'ü'), bad('a line end', 'a\n'), bad('101 characters', 'x'.repeat(101)), bad('a leading tilde', '~lead.1')];

/** Fields whose rule no schema can say: a zone or currency is one of a list that the platform keeps. */
const BY_NAME: Readonly<Record<string, readonly BadValue[]>> = {
  zone: [bad('no zone', 'Mars/Olympus'), bad('an offset', '+02:00'), bad('the zone of whoever asks', 'local'), bad('an abbreviation', 'CEST')],
  currency: [bad('no currency', 'XXL'), bad('lower case', 'eur'), bad('a sign', '€')],
  to: [bad('no currency', 'XXL'), bad('no day', 'tomorrow'), bad('no hour', '24:01')],
  from: [bad('no day', 'yesterday'), bad('no hour', '9 am')],
  contactPhone: [bad('no number', 'call me'), bad('too short', '+41')],
  contactEmail: [], email: [],
};

function badTexts(schema: FieldSchema): readonly BadValue[] {
  if (schema.enum) return [...NO_TEXT, bad('another word', 'nope'), bad('the name of a method', 'toString'), bad('upper case', String(schema.enum[0]).toUpperCase()), bad('an empty text', '')];
  const tooLong = bad('text that is too long', 'x'.repeat((schema.maxLength ?? LONGEST_TEXT_TRIED) + 1));
  const blank = schema.minLength === undefined ? [] : [bad('blanks', '   ')];
  return [...NO_TEXT, ...UNSTORABLE, bad('an empty text', ''), ...blank, ...(schema.pattern ? NO_ID : [tooLong]), ...(BY_FORMAT[schema.format ?? ''] ?? [])];
}

const NO_WHOLE: readonly BadValue[] = [bad('text', 'five'), bad('digits as text', '5'), bad('a fraction', 1.5), bad('an object', {}), bad('a list', [5]), bad('true', true)];
const NO_OBJECT: readonly BadValue[] = [bad('a number', 5), bad('text', 'text'), bad('a list', []), bad('true', true)];
const NO_LIST: readonly BadValue[] = [bad('a number', 5), bad('text', 'text'), bad('an object', {}), bad('a list of lists', [[[]]]), bad('a list of nulls', [null])];

const within = (what: string, inner: readonly BadValue[], wrap: (value: unknown) => unknown): BadValue[] => inner.map((wrong) => bad(`${what} ${wrong.what}`, wrap(wrong.value)));

/** An object that is right but for one of its members: each in turn missing, null or wrong, and one that is unknown. */
function badObjects(schema: FieldSchema, valid: Readonly<Record<string, unknown>>): readonly BadValue[] {
  const members = Object.entries(schema.properties ?? {});
  const without = (name: string) => Object.fromEntries(Object.entries(valid).filter(([key]) => key !== name));
  return [
    ...NO_OBJECT,
    ...(schema.required ?? []).flatMap((name) => [bad(`no ${name}`, without(name)), bad(`null as ${name}`, { ...valid, [name]: null })]),
    ...(schema.additionalProperties === false ? [bad('an unknown member', { ...valid, surplus: 1 })] : [bad('NUL in a name', { 'a\u0000': 1 }), bad('NUL in a member', { a: 'a\u0000b' })]),
    ...members.filter(([name]) => name in valid).flatMap(([name, member]) => within(name, badValues(name, member, valid[name]), (value) => ({ ...valid, [name]: value }))),
  ];
}

function badLists(name: string, schema: FieldSchema, valid: readonly unknown[]): readonly BadValue[] {
  const first = valid[0];
  return [
    ...NO_LIST,
    ...(schema.minItems ? [bad('an empty list', [])] : []),
    ...(schema.maxItems ? [bad('too many items', Array.from({ length: schema.maxItems + 1 }, () => first))] : []),
    ...(schema.items ? within('an item that is', badValues(name, schema.items, first), (value) => [value, ...valid.slice(1)]) : []),
  ];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values that a field must refuse: each a single departure from `valid`. @throws when the schema is of no kind known here */
export function badValues(name: string, schema: FieldSchema, valid: unknown): readonly BadValue[] {
  switch (schema.type) {
    case 'string': return [...badTexts(schema), ...(BY_NAME[name] ?? [])];
    case 'integer': return [...NO_WHOLE, ...(schema.minimum === undefined ? [] : [bad('one less than the least', schema.minimum - 1)]), ...(schema.maximum === undefined ? [] : [bad('one more than the most', schema.maximum + 1)])];
    case 'boolean': return [bad('text', 'true'), bad('a number', 1), bad('an object', {}), bad('a list', [true])];
    case 'object': if (isObject(valid)) return badObjects(schema, valid); break;
    case 'array': if (Array.isArray(valid)) return badLists(name, schema, valid); break;
    default: break;
  }
  throw new TypeError(`${name}: no bad values are known for ${JSON.stringify(schema)} and ${JSON.stringify(valid)}`);
}
