import type { AnyProjection, CellValue, ColumnType, Row, TableSpec } from '../kernel/projection.js';
import type { Recorded } from '../kernel/event.js';

/** A row as it is stored: its cells in the order of the table's columns. */
export type Cells = readonly CellValue[];

/** The rows of one entity, by table and by the row's key. */
export type EntityRows = ReadonlyMap<string, ReadonlyMap<string, Cells>>;

/** What a projection holds of one key. */
export interface Entity {
  /** Undefined where it has none; of the projection's own type otherwise. */
  readonly state: object | undefined;
  readonly rows: EntityRows;
}

export interface RowChange {
  readonly table: string;
  readonly row: string;
  /** The row no longer true, undefined where there was none. */
  readonly closed: Cells | undefined;
  /** The row now true, undefined where there is none. */
  readonly opened: Cells | undefined;
}

/** The definition cannot fold this event, or says rows that its tables cannot hold. */
export class FoldError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FoldError';
  }
}

const NO_ROWS: EntityRows = new Map();
export const NO_ENTITY: Entity = { state: undefined, rows: NO_ROWS };

const INSTANT_LENGTH = 24;
const INT4_MAX = 2_147_483_647;

function fits(type: ColumnType, value: CellValue): boolean {
  switch (type) {
    case 'text': return typeof value === 'string' && !value.includes('\0');
    case 'integer': return Number.isInteger(value) && Math.abs(Number(value)) <= INT4_MAX;
    case 'bigint': return Number.isSafeInteger(value);
    case 'boolean': return typeof value === 'boolean';
    case 'timestamptz': return typeof value === 'string' && value.length === INSTANT_LENGTH && value.endsWith('Z') && !Number.isNaN(Date.parse(value));
    case 'date': return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
    case 'double': return Number.isFinite(value);
    case 'jsonb': return typeof value === 'object' || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  }
}

const compiled = new WeakMap<TableSpec, { readonly names: readonly string[]; readonly key: readonly number[] }>();

function compile(spec: TableSpec): { readonly names: readonly string[]; readonly key: readonly number[] } {
  const known = compiled.get(spec);
  if (known) return known;
  const names = Object.keys(spec.columns);
  const made = { names, key: spec.key.map((column) => names.indexOf(column)) };
  compiled.set(spec, made);
  return made;
}

function toCells(table: string, spec: TableSpec, row: Row): Cells {
  const { names } = compile(spec);
  const cells = names.map((name) => {
    const value = row[name] ?? null;
    const column = spec.columns[name]!;
    if (value === null ? column.nullable !== true : !fits(column.type, value)) throw new FoldError(`${table}.${name} cannot hold ${JSON.stringify(value)}`);
    return value;
  });
  for (const name in row) if (!(name in spec.columns)) throw new FoldError(`${table} has no column ${name}`);
  return cells;
}

/** The row's key within its table, as one text. */
export function rowKey(spec: TableSpec, cells: Cells): string {
  const { key } = compile(spec);
  return key.length === 1 ? String(cells[key[0]!]) : JSON.stringify(key.map((index) => cells[index]));
}

/** All rows that a state stands for, checked against the tables. @throws FoldError */
export function rowsOf(projection: AnyProjection, state: object | undefined, key: string): EntityRows {
  if (state === undefined) return NO_ROWS;
  const said: Readonly<Record<string, readonly Row[] | undefined>> = projection.rows(state, key);
  const rows = new Map<string, ReadonlyMap<string, Cells>>();
  for (const [table, list] of Object.entries(said)) {
    const spec = (projection.tables as Readonly<Record<string, TableSpec | undefined>>)[table]; // its tables, whatever their names
    if (!spec) throw new FoldError(`${projection.name} has no table ${table}`);
    if (!list || list.length === 0) continue;
    const byKey = new Map<string, Cells>();
    for (const row of list) {
      const cells = toCells(table, spec, row);
      const id = rowKey(spec, cells);
      if (byKey.has(id)) throw new FoldError(`${table} has two rows ${id} of ${key}`);
      byKey.set(id, cells);
    }
    rows.set(table, byKey);
  }
  return rows;
}

/** JSON with sorted names, so that what a store hands back compares equal to what was given. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner);
}

const sameCell = (a: CellValue | undefined, b: CellValue | undefined): boolean => a === b || (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && canonical(a) === canonical(b));

const sameCells = (a: Cells, b: Cells): boolean => a.every((cell, index) => sameCell(cell, b[index]));

/** What changed from one set of rows to the next. */
export function changesBetween(before: EntityRows, after: EntityRows): RowChange[] {
  const changes: RowChange[] = [];
  for (const [table, rows] of before) {
    const next = after.get(table);
    for (const [row, closed] of rows) {
      const opened = next?.get(row);
      if (!opened || !sameCells(closed, opened)) changes.push({ table, row, closed, opened });
    }
  }
  for (const [table, rows] of after) {
    const former = before.get(table);
    for (const [row, opened] of rows) if (!former?.has(row)) changes.push({ table, row, closed: undefined, opened });
  }
  return changes;
}

export interface Step {
  readonly entity: Entity;
  readonly changes: readonly RowChange[];
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The key an event changes, or null. @throws FoldError */
export function keyOf(projection: AnyProjection, event: Recorded): string | null {
  try {
    const key: unknown = projection.key(event);
    if (key === null) return null;
    if (typeof key === 'string' && key !== '' && !key.includes('\0')) return key;
    throw new TypeError(`its key is ${JSON.stringify(key)}`);
  } catch (error) {
    throw new FoldError(`${projection.name} finds no key for ${event.type}: ${reasonOf(error)}`, { cause: error });
  }
}

/** One event folded into one entity: the same function live, in a rebuild and as of the past. @throws FoldError */
export function fold(projection: AnyProjection, before: Entity, event: Recorded, key: string): Step {
  try {
    const state: object | undefined = projection.evolve(before.state, event);
    if (state === before.state) return { entity: before, changes: [] };
    const rows = rowsOf(projection, state, key);
    return { entity: { state, rows }, changes: changesBetween(before.rows, rows) };
  } catch (error) {
    throw error instanceof FoldError ? error : new FoldError(`${projection.name} cannot fold ${event.type}: ${reasonOf(error)}`, { cause: error });
  }
}
