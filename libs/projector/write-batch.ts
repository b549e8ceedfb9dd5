import type { AnyProjection, TableSpec } from '../kernel/projection.js';
import { inTurn } from '../kernel/together.js';
import { SqlList, type CopyColumns, type CopyValue, type Sql } from '../readstore/sql.js';
import type { Build } from './builds.js';
import { namesOf, SQL_TYPE } from './names.js';
import type { ClosedVersion, OpenedVersion, ParkedEvent, PendingBatch, TableChanges } from './pending-batch.js';

/** Rows and states in the store are not those the worker believed in: nothing may be written on top. */
export class StoreDiverged extends Error {}

async function closeRows(sql: Sql, current: string, history: string, spec: TableSpec, { closed }: TableChanges): Promise<void> {
  if (closed.length === 0) return;
  const names = Object.keys(spec.columns);
  const all = [...names, 'entity', 'known_from_position', 'known_from'];
  const keys = spec.key.map((column, index) => `$${index + 4}::${SQL_TYPE[spec.columns[column]!.type]}[]`);
  const keyValues = spec.key.map((column) => {
    const at = names.indexOf(column);
    return new SqlList(spec.columns[column]!.type, closed.map(({ cells }) => cells[at] ?? null));
  });
  const [moved] = await sql.query<{ count: number }>(`
WITH ended AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], ${keys.join(', ')}) AS each (entity, known_to_position, known_to, ${spec.key.join(', ')})),
gone AS (DELETE FROM ${current} c USING ended e WHERE c.entity = e.entity AND ${spec.key.map((column) => `c.${column} = e.${column}`).join(' AND ')} RETURNING ${all.map((column) => `c.${column}`).join(', ')}, e.known_to_position, e.known_to),
kept AS (INSERT INTO ${history} (${all.join(', ')}, known_to_position, known_to) SELECT * FROM gone RETURNING 1)
SELECT count(*) AS count FROM kept`, [new SqlList('text', closed.map(({ entity }) => entity)), new SqlList('bigint', closed.map(({ toPosition }) => toPosition)), new SqlList('timestamptz', closed.map(({ to }) => to)), ...keyValues]);
  if (moved?.count !== closed.length) throw new StoreDiverged(`${current}: ${closed.length} rows were to end, ${moved?.count ?? 0} were there`);
}

/** Versions as rows, each in the same list: a list for each of millions costs as much as writing it. */
function* asRows(versions: Iterable<OpenedVersion & Partial<ClosedVersion>>): Iterable<readonly CopyValue[]> {
  const row: CopyValue[] = [];
  for (const { cells, entity, fromPosition, from, toPosition, to } of versions) {
    const { length } = cells;
    for (let index = 0; index < length; index += 1) row[index] = cells[index]!;
    row[length] = entity;
    row[length + 1] = fromPosition;
    row[length + 2] = from;
    row[length + 3] = toPosition ?? null;
    row[length + 4] = to ?? null;
    yield row;
  }
}

function writeTable(sql: Sql, current: string, history: string, spec: TableSpec, changes: TableChanges): Promise<void>[] {
  const types = Object.fromEntries(Object.entries(spec.columns).map(([name, { type }]) => [name, type]));
  const columns: CopyColumns = { ...types, entity: 'text', known_from_position: 'bigint', known_from: 'timestamptz' };
  return [
    closeRows(sql, current, history, spec, changes),
    sql.copyIn(history, { ...columns, known_to_position: 'bigint', known_to: 'timestamptz' }, asRows(changes.passed)),
    sql.copyIn(current, columns, asRows(changes.opened.values())),
  ];
}

/** Empties columns in the former versions of rows: what is true now is without them already. */
async function forgetIn(sql: Sql, history: string, columns: readonly string[], until: ReadonlyMap<string, number>): Promise<void> {
  await sql.query(`UPDATE ${history} h SET ${columns.map((column) => `${column} = NULL`).join(', ')} FROM unnest($1::text[], $2::bigint[]) AS each (entity, position) WHERE h.entity = each.entity AND h.known_to_position <= each.position`,
    [[...until.keys()], [...until.values()]]);
}

function writeStates(sql: Sql, table: string, batch: PendingBatch, stored: (key: string) => boolean): Promise<unknown>[] {
  const known = [...batch.entities.keys()].filter(stored);
  const rows: CopyValue[][] = [];
  for (const [key, { state }] of batch.entities) if (state !== undefined) rows.push([key, state]);
  return [...(known.length > 0 ? [sql.query(`DELETE FROM ${table} WHERE key = ANY ($1::text[])`, [new SqlList('text', known)])] : []), sql.copyIn(table, { key: 'text', state: 'json' }, rows)];
}

export async function writeParked(sql: Sql, build: Build, partition: number, parked: readonly ParkedEvent[]): Promise<void> {
  await sql.copyIn('projection_parked', { projection: 'text', build: 'integer', position: 'bigint', partition: 'integer', key: 'text', stream: 'text', type: 'text', recorded_at: 'timestamptz', reason: 'text', error: 'text' },
    parked.map((each) => [build.projection, build.build, each.position, partition, each.key, each.stream, each.type, each.recordedAt, each.reason, each.error]));
}

/**
 * Writes all that a batch changes: cells come in the definition's own order of columns. `stored` tells which keys had a state in the store before.
 * All statements are asked without waiting for the ones before, which is one way to the store and back instead of thirty.
 * @throws StoreDiverged, ReadStoreError, of the first statement that failed
 */
export async function writeBatch(sql: Sql, build: Build, { tables, keyPerEvent, forgets }: AnyProjection, partition: number, batch: PendingBatch, stored: (key: string) => boolean): Promise<void> {
  const names = namesOf(build.projection, build.suffix);
  const specs: Readonly<Record<string, TableSpec>> = tables;
  const forgotten = forgets && batch.forgotten.size > 0 ? Object.entries(forgets.columns as Readonly<Record<string, readonly string[]>>) : []; // its tables, whatever their names
  await inTurn([
    ...[...batch.tables].flatMap(([table, changes]) => writeTable(sql, names.current(table), names.history(table), specs[table]!, changes)),
    ...forgotten.map(([table, columns]) => forgetIn(sql, names.history(table), columns, batch.forgotten)),
    ...(keyPerEvent ? [] : writeStates(sql, names.state, batch, stored)),
    sql.copyIn(names.time, { known_at: 'timestamptz', position: 'bigint', partition: 'integer' }, [...batch.times].map(([at, position]) => [at, position, partition])),
    writeParked(sql, build, partition, batch.parked),
  ]);
}
