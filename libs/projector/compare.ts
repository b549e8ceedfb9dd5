import type { AnyProjection } from '../kernel/projection.js';
import type { ReadStore, Sql } from '../readstore/sql.js';
import { knownAt } from './as-of-source.js';
import type { Build } from './builds.js';
import { namesOf } from './names.js';

/** Rows shown of each difference. */
const EXAMPLES_MAX = 5;

export interface TableComparison {
  readonly table: string;
  /** Rows of the serving build at the position of the comparison. */
  readonly rows: number;
  /** Rows that only the one or only the other has; a changed row counts on both sides. */
  readonly onlyServing: number;
  readonly onlyRebuilt: number;
  readonly examples: readonly { readonly side: 'serving' | 'rebuilt'; readonly row: object }[];
  /** The new version means to change this table. */
  readonly revised: boolean;
}

export interface Comparison {
  readonly position: number;
  readonly tables: readonly TableComparison[];
  /** No difference but those that the new version declares. */
  readonly equal: boolean;
}

const reached = async (sql: Sql, { projection, build }: Build): Promise<number> => {
  const [row] = await sql.query<{ position: number }>('SELECT min(position) AS position FROM projection_checkpoint WHERE projection = $1 AND build = $2', [projection, build]);
  return row?.position ?? -1;
};

/** Keys whose later events wait in the serving build: their rows are known to be behind. */
const parkedKeys = (build: Build): string => `(SELECT key FROM projection_parked WHERE projection = '${build.projection}' AND build = ${build.build} AND key IS NOT NULL)`;

async function compareTable(sql: Sql, table: string, serving: Build, rebuilt: Build, position: number, ends: readonly [number, number], revised: boolean): Promise<TableComparison> {
  const columns = Object.keys(serving.tables[table]!.columns).filter((column) => rebuilt.tables[table]!.columns[column]);
  const source = (build: Build, end: number): string =>
    `SELECT ${columns.join(', ')}, entity, known_from_position, known_from FROM ${knownAt(namesOf(build.projection, build.suffix), table, { columns, neverClosed: build.tables[table]?.neverClosed }, position, end)} AS known WHERE entity NOT IN ${parkedKeys(serving)}`;
  const [one, other] = [source(serving, ends[0]), source(rebuilt, ends[1])];
  const difference = async (minus: string, from: string): Promise<{ count: number; examples: object[] }> => {
    const [row] = await sql.query<{ count: number; examples: object[] }>(
      `WITH surplus AS MATERIALIZED ((${from}) EXCEPT ALL (${minus})) SELECT (SELECT count(*) FROM surplus) AS count, coalesce((SELECT jsonb_agg(to_jsonb(example)) FROM (SELECT * FROM surplus LIMIT ${EXAMPLES_MAX}) example), '[]') AS examples`);
    return row!; // a SELECT without FROM gives one row
  };
  const onlyServing = await difference(other, one);
  const onlyRebuilt = await difference(one, other);
  const [counted] = await sql.query<{ count: number }>(`SELECT count(*) AS count FROM (${one}) each_row`);
  return {
    table, rows: counted?.count ?? 0, onlyServing: onlyServing.count, onlyRebuilt: onlyRebuilt.count, revised,
    examples: [...onlyServing.examples.map((row) => ({ side: 'serving' as const, row })), ...onlyRebuilt.examples.map((row) => ({ side: 'rebuilt' as const, row }))],
  };
}

/**
 * Compares what two builds know at the last position that both have reached: every row with the event that made it true,
 * in the columns that both have. Tables that only one has are not compared. Reads one moment; blocks nobody.
 */
export async function compareBuilds(store: ReadStore, projection: AnyProjection, serving: Build, rebuilt: Build): Promise<Comparison> {
  return store.transaction(async (sql) => {
    const ends = [await reached(sql, serving), await reached(sql, rebuilt)] as const;
    const position = Math.min(...ends);
    const revises: readonly string[] = serving.version === rebuilt.version ? [] : (projection.revises ?? []);
    const tables: TableComparison[] = [];
    for (const table of Object.keys(serving.tables)) {
      if (rebuilt.tables[table]) tables.push(await compareTable(sql, table, serving, rebuilt, position, ends, revises.includes(table)));
    }
    return { position, tables, equal: tables.every((each) => each.revised || each.onlyServing + each.onlyRebuilt === 0) };
  }, { snapshot: true, statementTimeoutMs: 0 });
}
