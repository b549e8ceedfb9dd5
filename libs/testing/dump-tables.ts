import type { AnyProjection, Row } from '../kernel/projection.js';
import { servingBuild } from '../projector/builds.js';
import { canonical } from '../projector/fold.js';
import type { Versions } from '../projector/fold-log.js';
import { namesOf, tablesOf } from '../projector/names.js';
import type { ReadStore } from '../readstore/sql.js';

/** Every version of every row as text, sorted: two dumps are equal when the tables are, row by row. */
export type Dump = Readonly<Record<string, readonly string[]>>;

const line = (row: Row, entity: string, from: readonly [number, string], to: readonly [number | null, string | null]): string => canonical({ row, entity, from, to });

/** What the serving tables of a projection hold, present and past. */
export async function dumpTables(store: ReadStore, projection: AnyProjection): Promise<Dump> {
  const build = await servingBuild(store, projection.name);
  const names = namesOf(projection.name, build!.suffix); // a test that asks has built it
  const dump: Record<string, string[]> = {};
  for (const [table, spec] of tablesOf(projection)) {
    const columns = Object.keys(spec.columns);
    const list = [...columns, 'entity', 'known_from_position', 'known_from'].join(', ');
    const rows = await store.query<Row>(`SELECT ${list}, NULL::bigint AS known_to_position, NULL::timestamptz AS known_to FROM ${names.current(table)} UNION ALL SELECT ${list}, known_to_position, known_to FROM ${names.history(table)}`);
    dump[table] = rows.map((row) => line(Object.fromEntries(columns.map((column) => [column, row[column] ?? null])), String(row['entity']),
      [Number(row['known_from_position']), String(row['known_from'])], [row['known_to_position'] === null ? null : Number(row['known_to_position']), row['known_to'] === null ? null : String(row['known_to'])])).sort();
  }
  return dump;
}

/** The same of a history folded in memory. */
export function dumpFold(projection: AnyProjection, versions: Versions): Dump {
  return Object.fromEntries(tablesOf(projection).map(([table]) => [table, (versions.get(table) ?? []).map((version) => line(version.row, version.entity, [version.fromPosition, version.from], [version.toPosition, version.to])).sort()]));
}
