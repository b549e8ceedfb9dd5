import type { AnyProjection, TableSpec } from '../kernel/projection.js';
import type { ReadStore, Sql } from '../readstore/sql.js';
import { canonical } from './fold.js';
import { checkNames, suffixOf, tablesOf } from './names.js';
import { lockSchema, makeBuildIndexes, makeBuildTables, makeEngineTables, pointViews } from './schema.js';

/** `filling` beside the one that serves; `former` waits for a rollback; `set_aside` was rolled back and takes over only when told. */
export type BuildState = 'filling' | 'serving' | 'former' | 'set_aside';

/** A table as it was declared when it was made. */
export interface BuiltTable extends TableSpec {
  /** Its rows are of events that are entities of their own: none ever ends. Left out by earlier versions of the engine. */
  readonly neverClosed?: true;
}

/** One set of tables of one version of a projection. */
export interface Build {
  readonly projection: string;
  readonly build: number;
  readonly version: number;
  readonly suffix: string;
  readonly partitions: number;
  readonly state: BuildState;
  /** The indexes that reports need are there. */
  readonly indexed: boolean;
  readonly tables: Readonly<Record<string, BuiltTable>>;
}

export const PARTITIONS_MAX = 64;

const COLUMNS = 'projection, build, version, suffix, partitions, state, indexed, tables';

/** The declared tables are not those that this version was built with. */
export class DefinitionChanged extends Error {}

/** The builds that serve, of those of these projections that have any; in no order. */
export async function servingBuilds(sql: Sql, projections: readonly string[]): Promise<Build[]> {
  return sql.query<Build>(`SELECT ${COLUMNS} FROM projection_build WHERE projection = ANY ($1::text[]) AND state = 'serving'`, [projections]);
}

export const servingBuild = async (sql: Sql, projection: string): Promise<Build | undefined> => (await servingBuilds(sql, [projection]))[0];

export async function buildsOf(sql: Sql, projection: string): Promise<Build[]> {
  return sql.query<Build>(`SELECT ${COLUMNS} FROM projection_build WHERE projection = $1 ORDER BY build`, [projection]);
}

function builtTables(projection: AnyProjection): Readonly<Record<string, BuiltTable>> {
  return Object.fromEntries(tablesOf(projection).map(([table, spec]) => [table, projection.keyPerEvent ? { ...spec, neverClosed: true } : spec]));
}

/** Makes an empty build. Call inside a transaction that holds the schema lock. */
export async function addBuild(sql: Sql, projection: AnyProjection, partitions: number, state: 'filling' | 'serving'): Promise<Build> {
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > PARTITIONS_MAX) throw new RangeError(`partitions must be from 1 to ${PARTITIONS_MAX}`);
  const former = await sql.query<{ build: number; version: number }>('SELECT build, version FROM projection_build WHERE projection = $1', [projection.name]);
  const build = Math.max(0, ...former.map((each) => each.build)) + 1;
  const suffix = suffixOf(projection.version, build, !former.some((each) => each.version === projection.version));
  await makeBuildTables(sql, projection, suffix);
  const tables = builtTables(projection);
  const indexed = state === 'serving';
  if (indexed) await makeBuildIndexes(sql, projection, suffix);
  await sql.query('INSERT INTO projection_build (projection, build, version, suffix, tables, partitions, state, indexed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [projection.name, build, projection.version, suffix, JSON.stringify(tables), partitions, state, indexed]);
  await sql.query('INSERT INTO projection_checkpoint (projection, build, partition) SELECT $1, $2::integer, generate_series(0, $3::integer - 1)', [projection.name, build, partitions]);
  if (state === 'serving') await pointViews(sql, projection.name, suffix, projection.tables);
  return { projection: projection.name, build, version: projection.version, suffix, partitions, state, indexed, tables };
}

/** @throws DefinitionChanged when tables were changed without a new version */
export function checkDefinition(projection: AnyProjection, build: Build): void {
  const shape = (tables: Readonly<Record<string, TableSpec>>): string =>
    canonical(Object.fromEntries(Object.entries(tables).map(([table, { key, columns }]) => [table, { key, columns: Object.fromEntries(Object.entries(columns).map(([name, { type, nullable }]) => [name, { type, nullable }])) }])));
  if (build.version === projection.version && shape(build.tables) !== shape(projection.tables)) {
    throw new DefinitionChanged(`the tables of ${projection.name} are not those its version ${projection.version} was built with: raise the version`);
  }
}

/** The build that serves; made, empty, where the projection is new. @throws DefinitionChanged */
export async function openBuild(store: ReadStore, projection: AnyProjection, partitions: number): Promise<Build> {
  checkNames(projection);
  const known = await servingBuild(store, projection.name).catch(() => undefined);
  const build = known ?? await store.transaction(async (sql) => {
    await lockSchema(sql);
    return await servingBuild(sql, projection.name) ?? await addBuild(sql, projection, partitions, 'serving');
  });
  checkDefinition(projection, build);
  return build;
}

/** Makes the engine's tables; to be called once before anything else here. A large store of an earlier version takes its time. */
export const prepareStore = (store: ReadStore): Promise<void> => store.transaction(makeEngineTables, { statementTimeoutMs: 0 });
