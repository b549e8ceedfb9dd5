import { PartRow, type AnyProjection, type CellValue, type ColumnSpec, type ColumnType, type Row, type TableSpec } from '../kernel/projection.js';
import type { Recorded } from '../kernel/event.js';

/** A row as it is stored: its cells in the order of the table's columns. */
export type Cells = readonly CellValue[];

/** The rows of one entity in one table, in the order in which they were said. Lists and not a map: most have one row. */
export interface TableRows {
  readonly keys: readonly string[];
  readonly cells: readonly Cells[];
  /** The part of the state that each row stands for, where it stands for one; left out where none does. */
  readonly parts: readonly (object | undefined)[] | undefined;
}

/** The rows of one entity, by the place of the table in its projection's declaration; nothing where it has none. A list and not a map: there is one for every event of every projection. */
export type EntityRows = readonly (TableRows | undefined)[];

/** What a projection holds of one key. */
export interface Entity {
  /** Undefined where it has none; of the projection's own type otherwise. */
  readonly state: object | undefined;
  readonly rows: EntityRows;
}

export interface RowChange {
  readonly table: string;
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

const NO_ROWS: EntityRows = [];
export const NO_ENTITY: Entity = { state: undefined, rows: NO_ROWS };

/** Whether it is spelt like an Instant; the store itself refuses a date that does not exist. */
const isInstant = (value: string): boolean => value.length === 24 && value[10] === 'T' && value[19] === '.' && value[23] === 'Z';
const INT4_MAX = 2_147_483_647;

function fits(type: ColumnType, value: CellValue): boolean {
  switch (type) {
    // No database holds the one, and half a character would be another by the time it is there.
    case 'text': return typeof value === 'string' && !value.includes('\0') && value.isWellFormed();
    case 'integer': return Number.isInteger(value) && Math.abs(Number(value)) <= INT4_MAX;
    case 'bigint': return Number.isSafeInteger(value);
    case 'boolean': return typeof value === 'boolean';
    case 'timestamptz': return typeof value === 'string' && isInstant(value);
    case 'date': return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
    case 'double': return Number.isFinite(value);
    case 'jsonb': return typeof value === 'object' || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  }
}

interface Compiled {
  readonly names: readonly string[];
  readonly columns: readonly ColumnSpec[];
  readonly key: readonly number[];
}

const compiled = new WeakMap<TableSpec, Compiled>();

function compile(spec: TableSpec): Compiled {
  const known = compiled.get(spec);
  if (known) return known;
  const names = Object.keys(spec.columns);
  const made = { names, columns: Object.values(spec.columns), key: spec.key.map((column) => names.indexOf(column)) };
  compiled.set(spec, made);
  return made;
}

/**
 * A list that takes no more memory than its length needs, to be filled by index. One that grows by pushing begins with room for seventeen:
 * of the lists made here most hold one, and thousands are kept.
 */
const exactly = <T>(length: number): T[] => new Array<T>(length);

function toCells(table: string, spec: TableSpec, row: Row): Cells {
  const { names, columns } = compile(spec);
  const cells = exactly<CellValue>(names.length);
  let found = 0;
  for (let index = 0; index < names.length; index += 1) {
    const value = row[names[index]!];
    const column = columns[index]!;
    if (value !== undefined) found += 1;
    if (value === null || value === undefined ? column.nullable !== true : !fits(column.type, value)) throw new FoldError(`${table}.${names[index]} cannot hold ${JSON.stringify(value)}`);
    cells[index] = value ?? null;
  }
  let named = 0;
  for (const _ in row) named += 1; // counted without a list of names: it is done for every row of every event
  if (found < named) for (const name in row) if (!(name in spec.columns)) throw new FoldError(`${table} has no column ${name}`);
  return cells;
}

/** No text of a cell holds it. */
const BETWEEN_CELLS = '\0';

/** The row's key within its table, as one text. */
function rowKey(spec: TableSpec, cells: Cells): string {
  const { key } = compile(spec);
  let text = String(cells[key[0]!]);
  for (let index = 1; index < key.length; index += 1) text += BETWEEN_CELLS + String(cells[key[index]!]);
  return text;
}

/** From so many rows on, keys are looked up in a set. */
const FEW_ROWS = 8;

function checkKeys(table: string, keys: readonly string[], key: string): void {
  if (keys.length < 2) return;
  const twice = keys.length <= FEW_ROWS ? keys.find((each, index) => keys.indexOf(each) !== index) : new Set(keys).size < keys.length ? keys.find((each, index) => keys.indexOf(each) !== index) : undefined;
  if (twice !== undefined) throw new FoldError(`${table} has two rows ${twice.replaceAll(BETWEEN_CELLS, ', ')} of ${key}`);
}

/** The cells of the row of a key, which nearly always keeps its place; undefined where there is none. */
function cellsOf(key: string, { keys, cells }: TableRows, likely: number): Cells | undefined {
  if (keys[likely] === key) return cells[likely];
  const place = keys.indexOf(key);
  return place < 0 ? undefined : cells[place];
}

/** The rows of one table, taking over from `before` what stands for the same parts of the state. */
function tableRows(table: string, spec: TableSpec, list: readonly (Row | PartRow)[], key: string, before: TableRows | undefined): TableRows {
  const keys = exactly<string>(list.length);
  const cells = exactly<Cells>(list.length);
  let parts: (object | undefined)[] | undefined;
  let same = before?.keys.length === list.length;
  for (let index = 0; index < list.length; index += 1) {
    const row = list[index]!;
    const part = row instanceof PartRow ? row.part : undefined;
    if (part !== undefined) (parts ??= exactly(list.length))[index] = part;
    if (before && part !== undefined && before.parts?.[index] === part) {
      cells[index] = before.cells[index]!;
      keys[index] = before.keys[index]!;
      continue;
    }
    same = false;
    const made = toCells(table, spec, row instanceof PartRow ? row.row() : row);
    const id = rowKey(spec, made);
    const former = before && cellsOf(id, before, index);
    // Of two equal rows the former stays: by its cells a row is known until it changes.
    cells[index] = former && sameCells(former, made) ? former : made;
    keys[index] = id;
  }
  if (same && before) return before;
  checkKeys(table, keys, key);
  return { keys, cells, parts };
}

interface NamedTable {
  readonly name: string;
  readonly spec: TableSpec;
}

const declared = new WeakMap<AnyProjection, readonly NamedTable[]>();

function tablesIn(projection: AnyProjection): readonly NamedTable[] {
  const known = declared.get(projection);
  if (known) return known;
  const tables = Object.entries(projection.tables as Readonly<Record<string, TableSpec>>).map(([name, spec]) => ({ name, spec })); // its tables, whatever their names
  declared.set(projection, tables);
  return tables;
}

type SaidRows = Readonly<Record<string, readonly (Row | PartRow)[] | undefined>>;

/** What the definition says that a state stands for. @throws FoldError */
function saidRows(projection: AnyProjection, state: object, key: string): SaidRows {
  const said: SaidRows = projection.rows(state, key);
  for (const table in said) if (!(table in projection.tables)) throw new FoldError(`${projection.name} has no table ${table}`);
  return said;
}

/** All rows that a state stands for, checked against the tables. `before`: those of the state it came from. @throws FoldError */
export function rowsOf(projection: AnyProjection, state: object | undefined, key: string, before: EntityRows = NO_ROWS): EntityRows {
  if (state === undefined) return NO_ROWS;
  const said = saidRows(projection, state, key);
  return tablesIn(projection).map(({ name, spec }, table) => {
    const list = said[name];
    return list && list.length > 0 ? tableRows(name, spec, list, key, before[table]) : undefined;
  });
}

/** JSON with sorted names, so that what a store hands back compares equal to what was given. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner);
}

const sameCell = (a: CellValue | undefined, b: CellValue | undefined): boolean => a === b || (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && canonical(a) === canonical(b));

const sameCells = (a: Cells, b: Cells): boolean => a === b || a.every((cell, index) => sameCell(cell, b[index]));

const NO_TABLE_ROWS: TableRows = { keys: [], cells: [], parts: undefined };

function tableChanges(changes: RowChange[], table: string, before: TableRows, after: TableRows): void {
  for (let index = 0; index < before.keys.length; index += 1) {
    const closed = before.cells[index]!;
    const opened = cellsOf(before.keys[index]!, after, index);
    if (closed !== opened) changes.push({ table, closed, opened });
  }
  for (let index = 0; index < after.keys.length; index += 1) {
    if (!cellsOf(after.keys[index]!, before, index)) changes.push({ table, closed: undefined, opened: after.cells[index]! });
  }
}

/** What changed from one set of rows to the next. */
export function changesBetween(projection: AnyProjection, before: EntityRows, after: EntityRows): RowChange[] {
  const changes: RowChange[] = [];
  const tables = tablesIn(projection);
  for (let table = 0; table < tables.length; table += 1) {
    const former = before[table];
    const next = after[table];
    if (next !== former) tableChanges(changes, tables[table]!.name, former ?? NO_TABLE_ROWS, next ?? NO_TABLE_ROWS);
  }
  return changes;
}

/** The rows of an event that is an entity of its own: all are new, and nothing later is compared with them. @throws FoldError */
function openings(projection: AnyProjection, state: object, key: string): RowChange[] {
  const said = saidRows(projection, state, key);
  const changes: RowChange[] = [];
  for (const { name, spec } of tablesIn(projection)) {
    const list = said[name] ?? [];
    const first = changes.length;
    for (const row of list) changes.push({ table: name, closed: undefined, opened: toCells(name, spec, row instanceof PartRow ? row.row() : row) });
    if (list.length > 1) checkKeys(name, changes.slice(first).map(({ opened }) => rowKey(spec, opened!)), key);
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
    if (projection.keyPerEvent && state !== undefined) return { entity: NO_ENTITY, changes: openings(projection, state, key) };
    const rows = rowsOf(projection, state, key, before.rows);
    return { entity: { state, rows }, changes: changesBetween(projection, before.rows, rows) };
  } catch (error) {
    throw error instanceof FoldError ? error : new FoldError(`${projection.name} cannot fold ${event.type}: ${reasonOf(error)}`, { cause: error });
  }
}
