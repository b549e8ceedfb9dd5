import { isDeepStrictEqual } from 'node:util';
import type { CellValue, ColumnType, Row, TableSpec } from '../kernel/projection.js';
import type { AnswerHead, AnyReport } from '../kernel/report.js';
import type { ParamError } from '../kernel/report-params.js';
import { isZone } from '../kernel/time.js';
import { ReadStoreError, type ReadStore, type Sql } from '../readstore/sql.js';
import { servingBuild, type Build } from './builds.js';
import { knownHead } from './known-head.js';
import { KNOWN_COLUMNS, SQL_TYPE, viewName } from './names.js';
import { NoSuchProjection, withView, type View } from './open-view.js';
import { conditionSql, parseConditions, type Condition } from './row-conditions.js';
import { readCursor, writeCursor, type RowCursor } from './row-cursor.js';
import { AS_OF_SENTENCE, momentAsked, parseAsOf, type CompanyZone } from './run-report.js';

export const ROWS_PAGE_MAX = 5_000;
export const ROWS_PAGE_DEFAULT = 100;

/** A question for rows as a query string asks it. */
export interface RowsQuery {
  readonly table?: string;
  /** Each `column.operator.value`; rows for which all of them hold. */
  readonly where?: readonly string[];
  readonly sort?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly asOf?: string;
  /** Whose day `asOf` is, where it is one. */
  readonly tz?: string;
}

export interface RowsPage extends AnswerHead {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly comment: string }[];
  readonly rows: readonly Row[];
  /** Leads to the next page; null on the last one. */
  readonly next: string | null;
}

export type RowsAnswer = { readonly ok: true; readonly page: RowsPage } | { readonly ok: false; readonly errors: readonly ParamError[] };

interface Order {
  /** As it was asked for: a column, with a minus before it where the largest come first; empty: by the key. */
  readonly text: string;
  readonly column?: string;
  readonly descending: boolean;
}

interface Asked {
  readonly table: string;
  readonly build: Build;
  readonly spec: TableSpec;
  readonly order: Order;
  /** As they were asked for, and as they were understood. */
  readonly where: readonly string[];
  readonly conditions: readonly Condition[];
  readonly limit: number;
  readonly cursor: RowCursor | undefined;
  readonly asOf: string;
}

/** Names, besides its own, of columns that every table has and every row tells. */
const known = (spec: TableSpec): Readonly<Record<string, { readonly type: ColumnType; readonly comment: string }>> => ({ ...spec.columns, ...KNOWN_COLUMNS });

/** Every table that a report reads, by the name that analysts know, with the build that serves it. @throws NoSuchProjection, ReadStoreError */
async function tablesBehind(sql: Sql, report: AnyReport): Promise<Map<string, { readonly build: Build; readonly spec: TableSpec }>> {
  const tables = new Map<string, { readonly build: Build; readonly spec: TableSpec }>();
  for (const name of report.projections) {
    const build = await servingBuild(sql, name);
    if (!build) throw new NoSuchProjection(`projection ${name} has no tables yet`);
    for (const [table, spec] of Object.entries(build.tables)) tables.set(viewName(name, table), { build, spec });
  }
  return tables;
}

function orderOf(text: string, table: string, spec: TableSpec): Order | ParamError {
  if (text === '') return { text, descending: false };
  const descending = text.startsWith('-');
  const column = descending ? text.slice(1) : text;
  const type = Object.hasOwn(known(spec), column) ? known(spec)[column]!.type : undefined;
  if (type === undefined || type === 'jsonb') return { field: 'sort', message: `sort must be a column of ${table}, with - before it for the largest first: ${Object.entries(known(spec)).filter(([, each]) => each.type !== 'jsonb').map(([name]) => name).join(', ')}` };
  return { text, column, descending };
}

async function ask(store: ReadStore, report: AnyReport, query: RowsQuery): Promise<Asked | readonly ParamError[]> {
  const errors: ParamError[] = [];
  const cursor = query.cursor === undefined || query.cursor === '' ? undefined : readCursor(query.cursor);
  if (query.cursor && !cursor) errors.push({ field: 'cursor', message: 'cursor must be the next of the page before' });
  const limit = query.limit === undefined ? ROWS_PAGE_DEFAULT : /^\d{1,9}$/.test(query.limit) ? Number(query.limit) : 0;
  if (limit < 1 || limit > ROWS_PAGE_MAX) errors.push({ field: 'limit', message: `limit must be a whole number from 1 to ${ROWS_PAGE_MAX}` });
  if (!parseAsOf(query.asOf).ok) errors.push({ field: 'asOf', message: AS_OF_SENTENCE });
  if (query.tz !== undefined && !isZone(query.tz)) errors.push({ field: 'tz', message: 'tz must be an IANA time zone, such as Europe/Zurich' });
  const tables = await store.read((sql) => tablesBehind(sql, report));
  const table = query.table ?? cursor?.table ?? (tables.size === 1 ? [...tables.keys()][0]! : '');
  const found = tables.get(table);
  if (!found) return [...errors, { field: 'table', message: `table must be one of ${[...tables.keys()].join(', ')}` }];
  const order = orderOf(query.sort ?? cursor?.sort ?? '', table, found.spec);
  if ('field' in order) errors.push(order);
  const where = query.where ?? cursor?.where ?? [];
  const { conditions, errors: unfit } = parseConditions(where, table, known(found.spec));
  errors.push(...unfit);
  if ('field' in order) return errors;
  const asOf = query.asOf ?? cursor?.asOf ?? '';
  if (cursor && (cursor.table !== table || cursor.sort !== order.text || !isDeepStrictEqual(cursor.where, where) || cursor.asOf !== asOf || cursor.version !== found.build.version || cursor.after.length !== found.spec.key.length + (order.column === undefined ? 1 : 2))) {
    errors.push({ field: 'cursor', message: 'cursor is of another table, order, moment or other conditions, or of a former version: begin again without it' });
  }
  return errors.length > 0 ? errors : { table, ...found, order, where, conditions, limit, cursor, asOf };
}

/** SQL for the rows behind the cursor in the order asked for; every order ends with the key, so that no two rows share a place. */
function statement({ table, spec, order, conditions: asked, limit, cursor }: Asked, view: View): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const key = [...spec.key, 'entity'];
  const typeOf = (column: string): string => SQL_TYPE[known(spec)[column]?.type ?? 'text'];
  const value = (column: string, cell: CellValue | undefined): string => `$${values.push(cell)}::${typeOf(column)}`;
  const conditions = asked.map((condition) => `(${conditionSql(condition, (each) => `$${values.push(each)}`)})`);
  if (cursor) {
    const { column, descending } = order;
    const after = column === undefined ? cursor.after : cursor.after.slice(1);
    const behindKey = (): string => `(${key.join(', ')}) > (${key.map((each, index) => value(each, after[index])).join(', ')})`;
    const [last] = cursor.after;
    if (column === undefined) conditions.push(behindKey());
    else if (last === null) conditions.push(`(${column} IS NULL AND ${behindKey()})`);
    else conditions.push(`(${column} ${descending ? '<' : '>'} ${value(column, last)} OR ${column} IS NULL OR (${column} = ${value(column, last)} AND ${behindKey()}))`);
  }
  const by = [...(order.column === undefined ? [] : [`${order.column} ${order.descending ? 'DESC' : 'ASC'} NULLS LAST`]), ...key];
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  return { text: `SELECT ${[...Object.keys(known(spec)), 'entity'].join(', ')} FROM ${view.table(table)} asked${where} ORDER BY ${by.join(', ')} LIMIT ${limit + 1}`, values };
}

function pageOf(asked: Asked, report: AnyReport, view: View, found: readonly (Row & { readonly entity: string })[]): RowsPage {
  const { table, spec, build, order, where, limit, asOf } = asked;
  const given = found.slice(0, limit);
  const last = given.at(-1);
  const after = (row: Row): CellValue[] => [...(order.column === undefined ? [] : [order.column]), ...spec.key, 'entity'].map((column) => row[column] ?? null);
  return {
    asOf: view.asOf, position: view.position, definition: { name: report.name, version: report.version }, lagMs: view.lagMs, projections: view.projections,
    table, columns: Object.entries(known(spec)).map(([name, { type, comment }]) => ({ name, type, comment })),
    rows: given.map(({ entity: _, ...row }) => row),
    next: found.length > limit && last ? writeCursor({ table, version: build.version, position: view.position, sort: order.text, where, asOf, after: after(last) }) : null,
  };
}

/**
 * A page of the rows of one table behind a report, now or as of the past. Pages that follow one another by their cursors
 * are of one moment: that of the first.
 * @param head asks the log how far it goes
 * @param companyZone whose day `asOf` is where the query names no `tz`; left out: UTC
 * @throws NoSuchProjection, ReadStoreError
 */
export async function readRows(store: ReadStore, report: AnyReport, query: RowsQuery, head?: () => Promise<number>, companyZone?: CompanyZone): Promise<RowsAnswer> {
  const asked = await ask(store, report, query);
  if (!('table' in asked)) return { ok: false, errors: asked };
  const moment = parseAsOf(asked.asOf);
  const asOf = asked.cursor ? { position: asked.cursor.position } : moment.ok ? await momentAsked(moment.asOf, query.tz, companyZone) : undefined; // ask has refused a wrong one
  const end = head ? await knownHead(head) : null;
  try {
    const page = await withView(store, [asked.build.projection], asOf, async (view) => {
      const { text, values } = statement(asked, view);
      return pageOf(asked, report, view, await view.query<Row & { readonly entity: string }>(text, values));
    }, end);
    return { ok: true, page };
  } catch (error) {
    // Only what came with the cursor can be no value of its column.
    if (asked.cursor && error instanceof ReadStoreError && error.kind === 'rejected') return { ok: false, errors: [{ field: 'cursor', message: 'cursor must be the next of the page before' }] };
    throw error;
  }
}
