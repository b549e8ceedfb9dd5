/** How SQL text becomes values, the same on every adapter, by type OID. Types not named here stay as the driver has them. */
const OID = { bool: 16, int8: 20, int2: 21, int4: 23, float4: 700, float8: 701, date: 1082, timestamptz: 1184, numeric: 1700, json: 114, jsonb: 3802 } as const;

/** The SQL state of a number that its type cannot hold: PostgreSQL's for sums beyond bigint, and ours for what a double cannot say. */
export const NUMBER_OUT_OF_RANGE = '22003';

/** bigint → number. Beyond 2^53 digits would be lost, and a wrong figure is worse than none. @throws RangeError with that SQL state */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw Object.assign(new RangeError(`the number ${text} has more digits than are counted exactly`), { code: NUMBER_OUT_OF_RANGE });
  }
  return value;
}

const PLAIN_UTC = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?\+00$/;

/** timestamptz → an Instant, UTC with milliseconds. Microseconds are cut; the session's zone must be UTC. */
export function parseTimestamptz(text: string): string {
  const match = PLAIN_UTC.exec(text);
  if (!match) return text; // infinity, and years that no Instant has
  return `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(3, '0').slice(0, 3)}Z`;
}

const WHOLE = /^-?\d+$/;

/** numeric → number: whole ones exactly or not at all, as bigint; others rounded to a double. */
const parseNumeric = (text: string): number => (WHOLE.test(text) ? parseInt8(text) : Number(text));

export const VALUE_PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [OID.bool]: (text) => text === 't',
  [OID.int8]: parseInt8,
  [OID.int2]: Number,
  [OID.int4]: Number,
  [OID.float4]: Number,
  [OID.float8]: Number,
  [OID.date]: (text) => text,
  [OID.timestamptz]: parseTimestamptz,
  [OID.numeric]: parseNumeric,
  [OID.json]: (text) => JSON.parse(text) as unknown,
  [OID.jsonb]: (text) => JSON.parse(text) as unknown,
};
