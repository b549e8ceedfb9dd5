import type { ColumnType } from '../kernel/projection.js';
import type { ParamError } from '../kernel/report-params.js';
import { isLocalDate, parseInstant } from '../kernel/time.js';
import { SQL_TYPE } from './names.js';

export const CONDITIONS_MAX = 20;
/** Of all conditions together: they travel in cursors and in addresses, beside one another. */
export const CONDITIONS_BYTES_MAX = 2_000;

/** How a condition compares, by its name in a query string. No value is distinct from every value. */
const COMPARISONS = { eq: '=', ne: 'IS DISTINCT FROM', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
const OPERATORS = [...Object.keys(COMPARISONS), 'in', 'is'].join(', ');
const INT4_MAX = 2_147_483_647;

type Columns = Readonly<Record<string, { readonly type: ColumnType }>>;

export type Condition =
  | { readonly column: string; readonly type: ColumnType; readonly comparison: (typeof COMPARISONS)[keyof typeof COMPARISONS]; readonly value: string }
  | { readonly column: string; readonly type: ColumnType; readonly choices: readonly string[] }
  | { readonly column: string; readonly isSet: boolean };

const isWhole = (text: string, most: number): boolean => /^-?\d{1,16}$/.test(text) && Math.abs(Number(text)) <= most;

const when = (fits: boolean, text: string): string | undefined => (fits ? text : undefined);

/** A value of each type as the store takes it, undefined where the text is none; and what it must be, to be told then. */
const VALUES: Readonly<Record<Exclude<ColumnType, 'jsonb'>, { readonly read: (text: string) => string | undefined; readonly is: string }>> = {
  text: { read: (text) => when(!text.includes('\0'), text), is: 'text' },
  integer: { read: (text) => when(isWhole(text, INT4_MAX), text), is: 'a whole number' },
  bigint: { read: (text) => when(isWhole(text, Number.MAX_SAFE_INTEGER), text), is: 'a whole number' },
  double: { read: (text) => when(text.trim() !== '' && Number.isFinite(Number(text)), String(Number(text))), is: 'a number' },
  boolean: { read: (text) => when(text === 'true' || text === 'false', text), is: 'true or false' },
  timestamptz: { read: parseInstant, is: 'a moment with its offset, such as 2026-03-01T12:00:00Z' },
  date: { read: (text) => when(isLocalDate(text), text), is: 'a day, such as 2026-03-01' },
};

/** `owner_id.eq.ada`: the column, how it compares, and with what. Only the value may hold dots. */
function parse(text: string, table: string, columns: Columns): Condition | string {
  const [, column, operator, value] = /^([^.]+)\.([^.]+)\.(.*)$/s.exec(text) ?? [];
  if (column === undefined || operator === undefined || value === undefined) return `where must be column.operator.value, such as owner_id.eq.ada; ${text === '' ? 'nothing' : text} is not`;
  const type = Object.hasOwn(columns, column) ? columns[column]!.type : undefined;
  if (type === undefined || type === 'jsonb') return `where must name a column of ${table}: ${Object.entries(columns).filter(([, each]) => each.type !== 'jsonb').map(([name]) => name).join(', ')}`;
  if (operator === 'is') return value === 'null' || value === 'set' ? { column, isSet: value === 'set' } : `${column}.is must be followed by null or set`;
  if (operator !== 'in' && !Object.hasOwn(COMPARISONS, operator)) return `where has no operator ${operator}; there are ${OPERATORS}`;
  const choices: string[] = [];
  for (const each of operator === 'in' ? value.split(',') : [value]) {
    const read = VALUES[type].read(each);
    if (read === undefined) return `${column} is compared with ${VALUES[type].is}; ${each === '' ? 'nothing' : each} is not`;
    choices.push(read);
  }
  return operator === 'in' ? { column, type, choices } : { column, type, comparison: COMPARISONS[operator as keyof typeof COMPARISONS], value: choices[0]! }; // it is one of them, and has one value
}

/** Reads what a query string asks of rows; all of it must hold. */
export function parseConditions(texts: readonly string[], table: string, columns: Columns): { readonly conditions: readonly Condition[]; readonly errors: readonly ParamError[] } {
  if (texts.length > CONDITIONS_MAX) return { conditions: [], errors: [{ field: 'where', message: `where may be given ${CONDITIONS_MAX} times at most` }] };
  if (Buffer.byteLength(texts.join('')) > CONDITIONS_BYTES_MAX) return { conditions: [], errors: [{ field: 'where', message: `where may be ${CONDITIONS_BYTES_MAX} bytes long at most, all together` }] };
  const read = texts.map((text) => parse(text, table, columns));
  return {
    conditions: read.filter((each) => typeof each !== 'string'),
    errors: read.filter((each) => typeof each === 'string').map((message) => ({ field: 'where', message })),
  };
}

/** The SQL of a condition; `value` takes a parameter and says how the statement names it. */
export function conditionSql(condition: Condition, value: (each: string | readonly string[]) => string): string {
  const { column } = condition;
  if ('isSet' in condition) return `${column} IS ${condition.isSet ? 'NOT NULL' : 'NULL'}`;
  const type = SQL_TYPE[condition.type];
  if ('choices' in condition) return `${column} = ANY (${value(condition.choices)}::${type}[])`;
  return `${column} ${condition.comparison} ${value(condition.value)}::${type}`;
}
