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

/** What a value of each type must look like in a condition, to be told where it does not. */
const VALUES: Readonly<Record<Exclude<ColumnType, 'jsonb'>, { readonly fits: (text: string) => boolean; readonly is: string }>> = {
  text: { fits: (text) => !text.includes('\0'), is: 'text' },
  integer: { fits: (text) => isWhole(text, INT4_MAX), is: 'a whole number' },
  bigint: { fits: (text) => isWhole(text, Number.MAX_SAFE_INTEGER), is: 'a whole number' },
  double: { fits: (text) => text.trim() !== '' && Number.isFinite(Number(text)), is: 'a number' },
  boolean: { fits: (text) => text === 'true' || text === 'false', is: 'true or false' },
  timestamptz: { fits: (text) => parseInstant(text) !== undefined, is: 'a moment with its offset, such as 2026-03-01T12:00:00Z' },
  date: { fits: isLocalDate, is: 'a day, such as 2026-03-01' },
};

/** `owner_id.eq.ada`: the column, how it compares, and with what. Only the value may hold dots. */
function parse(text: string, table: string, columns: Columns): Condition | string {
  const [, column, operator, value] = /^([^.]+)\.([^.]+)\.(.*)$/s.exec(text) ?? [];
  if (column === undefined || operator === undefined || value === undefined) return `where must be column.operator.value, such as owner_id.eq.ada; ${text} is not`;
  const type = Object.hasOwn(columns, column) ? columns[column]!.type : undefined;
  if (type === undefined || type === 'jsonb') return `where must name a column of ${table}: ${Object.entries(columns).filter(([, each]) => each.type !== 'jsonb').map(([name]) => name).join(', ')}`;
  if (operator === 'is') return value === 'null' || value === 'set' ? { column, isSet: value === 'set' } : `${column}.is must be followed by null or set`;
  if (operator !== 'in' && !Object.hasOwn(COMPARISONS, operator)) return `where has no operator ${operator}; there are ${OPERATORS}`;
  const values = operator === 'in' ? value.split(',') : [value];
  const unfit = values.find((each) => !VALUES[type].fits(each));
  if (unfit !== undefined) return `${column} is compared with ${VALUES[type].is}; ${unfit === '' ? 'nothing' : unfit} is not`;
  return operator === 'in' ? { column, type, choices: values } : { column, type, comparison: COMPARISONS[operator as keyof typeof COMPARISONS], value }; // it is one of them
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
