import type { Instant, Recorded } from '../kernel/event.js';
import type { AnyProjection, Row, TableSpec } from '../kernel/projection.js';
import { fold, keyOf, NO_ENTITY, rowsOf, type Cells, type Entity } from './fold.js';
import { PendingBatch } from './pending-batch.js';

/** One version of a row, as the tables keep it. */
export interface RowVersion {
  readonly entity: string;
  readonly row: Row;
  readonly fromPosition: number;
  readonly from: Instant;
  /** Null while it is the present truth. */
  readonly toPosition: number | null;
  readonly to: Instant | null;
}

/** Every version of every row, by table. */
export type Versions = ReadonlyMap<string, readonly RowVersion[]>;

/** What the store does to a state between two events. */
const stored = (projection: AnyProjection, { state, rows }: Entity, key: string): Entity => {
  if (state === undefined) return NO_ENTITY;
  const kept = JSON.parse(JSON.stringify(state)) as object; // a state is an object, so its JSON is one
  return { state: kept, rows: rowsOf(projection, kept, key, rows) };
};

/** A version that ended before its entity was forgotten, without what told of the person. */
function forgetting(projection: AnyProjection, table: string, version: RowVersion, forgotten: ReadonlyMap<string, number>): RowVersion {
  const columns = (projection.forgets?.columns as Readonly<Record<string, readonly string[]>> | undefined)?.[table]; // its tables, whatever their names
  if (!columns || version.toPosition === null || version.toPosition > (forgotten.get(version.entity) ?? -1)) return version;
  return { ...version, row: { ...version.row, ...Object.fromEntries(columns.map((column) => [column, null])) } };
}

const rowOf = (spec: TableSpec, cells: Cells): Row => Object.fromEntries(Object.keys(spec.columns).map((name, index) => [name, cells[index] ?? null]));

/**
 * A history folded afresh, in memory, by the definition alone: what live tables and rebuilds must be equal to, and a
 * report as of the past without any table. Every state goes through JSON between events, as in the store.
 * @throws FoldError at the first event that cannot be folded
 */
export function foldLog(projection: AnyProjection, events: readonly Recorded[]): Versions {
  const batch = new PendingBatch();
  const wanted = new Set<string>(projection.events);
  for (const event of events) {
    const key = wanted.has(event.type) ? keyOf(projection, event) : null;
    if (key === null) continue;
    const before = stored(projection, batch.entities.get(key) ?? NO_ENTITY, key);
    const { entity, changes } = fold(projection, before, event, key);
    batch.entities.set(key, entity);
    batch.change(key, changes, event);
    if (projection.forgets?.on === event.type) batch.forgotten.set(key, event.position);
  }
  const versions = new Map<string, RowVersion[]>();
  for (const [table, changes] of batch.tables) {
    const spec = (projection.tables as Readonly<Record<string, TableSpec>>)[table]!; // folding has checked its name
    versions.set(table, [
      ...[...changes.opened.values()].map(({ entity, cells, fromPosition, from }) => ({ entity, row: rowOf(spec, cells), fromPosition, from, toPosition: null, to: null })),
      ...changes.passed.map(({ entity, cells, fromPosition, from, toPosition, to }) => forgetting(projection, table, { entity, row: rowOf(spec, cells), fromPosition, from, toPosition, to }, batch.forgotten)),
    ]);
  }
  return versions;
}

/** The rows of a table that were true at a position; left out: now. */
export const rowsAt = (versions: Versions, table: string, position = Number.MAX_SAFE_INTEGER): Row[] =>
  (versions.get(table) ?? []).filter((version) => version.fromPosition <= position && (version.toPosition ?? Infinity) > position).map(({ row }) => row);
