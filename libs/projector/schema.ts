import type { AnyProjection, TableSpec } from '../kernel/projection.js';
import type { Sql } from '../readstore/sql.js';
import { FORK_SQL } from './as-of-source.js';
import { namesOf, quoted, SQL_TYPE, tablesOf, viewName, type BuildNames } from './names.js';

/** Serialises the making of tables by several programs that start at once. */
const SCHEMA_LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('pipeledger schema', 0))`;

const ENGINE_TABLES = `
CREATE TABLE IF NOT EXISTS projection_build (
  -- json, not jsonb: the order of the declared columns is the order in which rows are written.
  projection text NOT NULL, build integer NOT NULL, version integer NOT NULL, suffix text NOT NULL, tables json NOT NULL, partitions integer NOT NULL,
  state text NOT NULL CHECK (state IN ('filling', 'serving', 'former', 'set_aside')), indexed boolean NOT NULL, comparison jsonb, created_at timestamptz NOT NULL DEFAULT now(), swapped_at timestamptz,
  PRIMARY KEY (projection, build));
CREATE UNIQUE INDEX IF NOT EXISTS projection_build_serving ON projection_build (projection) WHERE state = 'serving';
COMMENT ON TABLE projection_build IS 'The tables of each version of a projection: one build serves, one may be filling, one former build waits for a rollback.';
CREATE TABLE IF NOT EXISTS projection_checkpoint (
  projection text NOT NULL, build integer NOT NULL, partition integer NOT NULL, position bigint NOT NULL DEFAULT -1, position_at timestamptz, epoch bigint NOT NULL DEFAULT 0,
  owner text, state text NOT NULL DEFAULT 'idle', head bigint NOT NULL DEFAULT -1, caught_up_at timestamptz, heartbeat_at timestamptz, events_per_second double precision NOT NULL DEFAULT 0,
  last_error text, last_error_at timestamptz,
  PRIMARY KEY (projection, build, partition)) WITH (fillfactor = 50);
COMMENT ON TABLE projection_checkpoint IS 'How far each projection has read the log. position and epoch fence every write: exactly once.';
CREATE TABLE IF NOT EXISTS projection_parked (
  projection text NOT NULL, build integer NOT NULL, position bigint NOT NULL, partition integer NOT NULL, key text, stream text NOT NULL, type text NOT NULL, recorded_at timestamptz NOT NULL,
  reason text NOT NULL CHECK (reason IN ('poison', 'held')), error text, attempts integer NOT NULL DEFAULT 1, parked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, build, position));
COMMENT ON TABLE projection_parked IS 'Events that a projection could not fold (poison), and later events of the same key, held back so that order is kept.';
CREATE TABLE IF NOT EXISTS projection_discarded (
  projection text NOT NULL, position bigint NOT NULL, stream text NOT NULL, type text NOT NULL, error text, discarded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, position));
COMMENT ON TABLE projection_discarded IS 'Events that someone decided a projection shall pass over, in every version and every rebuild.';`;

/** Makes the engine's own tables where they are missing. */
export async function makeEngineTables(sql: Sql): Promise<void> {
  await sql.query(SCHEMA_LOCK);
  await sql.script(ENGINE_TABLES);
}

export const lockSchema = async (sql: Sql): Promise<void> => void (await sql.query(SCHEMA_LOCK));

const comments = (table: string, spec: TableSpec, rowsAre: string): string => [
  `COMMENT ON TABLE ${table} IS ${quoted(`${spec.comment} ${rowsAre}`)};`,
  ...Object.entries(spec.columns).map(([name, column]) => `COMMENT ON COLUMN ${table}.${name} IS ${quoted(column.comment)};`),
  `COMMENT ON COLUMN ${table}.entity IS 'Key of the entity that the row belongs to.';`,
  `COMMENT ON COLUMN ${table}.known_from_position IS 'Log position of the event that made the row true.';`,
  `COMMENT ON COLUMN ${table}.known_from IS 'When the log recorded that event.';`,
].join('\n');

function tableDefinition(names: BuildNames, table: string, spec: TableSpec): string {
  const current = names.current(table);
  const history = names.history(table);
  const columns = Object.entries(spec.columns).map(([name, column]) => `${name} ${SQL_TYPE[column.type]}${column.nullable ? '' : ' NOT NULL'}`).join(', ');
  return `
CREATE TABLE ${current} (${columns}, entity text NOT NULL, known_from_position bigint NOT NULL, known_from timestamptz NOT NULL, PRIMARY KEY (${spec.key.join(', ')}, entity));
CREATE TABLE ${history} (${columns}, entity text NOT NULL, known_from_position bigint NOT NULL, known_from timestamptz NOT NULL, known_to_position bigint NOT NULL, known_to timestamptz NOT NULL,
  fork bigint NOT NULL GENERATED ALWAYS AS (${FORK_SQL}) STORED);
${comments(current, spec, 'Rows known now.')}
${comments(history, spec, 'Rows no longer known.')}
COMMENT ON COLUMN ${history}.known_to_position IS 'Log position of the event that ended it.';
COMMENT ON COLUMN ${history}.known_to IS 'When the log recorded that event.';
COMMENT ON COLUMN ${history}.fork IS 'Files the interval of positions for the as-of look-up.';`;
}

/** Makes the empty tables of a build, without the indexes that filling does not need. */
export async function makeBuildTables(sql: Sql, projection: AnyProjection, suffix: string): Promise<void> {
  const names = namesOf(projection.name, suffix);
  await sql.script(`
CREATE TABLE ${names.state} (key text PRIMARY KEY, state jsonb NOT NULL);
COMMENT ON TABLE ${names.state} IS 'What the projection remembers of each key between events.';
CREATE TABLE ${names.time} (known_at timestamptz NOT NULL, position bigint NOT NULL, partition integer NOT NULL, PRIMARY KEY (known_at, position, partition));
COMMENT ON TABLE ${names.time} IS 'Up to which log position was known when: turns a time into a position.';
${tablesOf(projection).map(([table, spec]) => tableDefinition(names, table, spec)).join('\n')}`);
}

/** Adds the indexes that reports use, on current and closed rows alike. */
export async function makeBuildIndexes(sql: Sql, projection: AnyProjection, suffix: string): Promise<void> {
  const names = namesOf(projection.name, suffix);
  const statements = tablesOf(projection).flatMap(([table, spec]) => {
    const history = names.history(table);
    const declared = (spec.indexes ?? []).flatMap(({ columns, where }) =>
      [names.current(table), history].map((on) => `CREATE INDEX ON ${on} (${columns.join(', ')})${where ? ` WHERE ${where}` : ''};`));
    return [...declared, `CREATE INDEX ON ${history} (fork, known_to_position, known_from_position);`, `CREATE INDEX ON ${history} (${spec.key.join(', ')});`];
  });
  await sql.script([...statements, ...tablesOf(projection).flatMap(([table]) => [`ANALYZE ${names.current(table)};`, `ANALYZE ${names.history(table)};`])].join('\n'));
}

/** Points the stable views that analysts use at a build. */
export async function pointViews(sql: Sql, projection: string, suffix: string, tables: Readonly<Record<string, TableSpec>>): Promise<void> {
  const names = namesOf(projection, suffix);
  const statements = Object.entries(tables).map(([table, spec]) => {
    const view = viewName(projection, table);
    const columns = [...Object.keys(spec.columns), 'known_from_position', 'known_from'].join(', ');
    return `
DROP VIEW IF EXISTS ${view}; DROP VIEW IF EXISTS ${view}_history;
CREATE VIEW ${view} AS SELECT ${columns} FROM ${names.current(table)};
CREATE VIEW ${view}_history AS SELECT ${columns}, NULL::bigint AS known_to_position, NULL::timestamptz AS known_to FROM ${names.current(table)}
  UNION ALL SELECT ${columns}, known_to_position, known_to FROM ${names.history(table)};
${[view, `${view}_history`].map((each) => [`COMMENT ON VIEW ${each} IS ${quoted(spec.comment)};`, ...Object.entries(spec.columns).map(([name, column]) => `COMMENT ON COLUMN ${each}.${name} IS ${quoted(column.comment)};`)].join('\n')).join('\n')}`;
  });
  await sql.script(statements.join('\n'));
}

/** Drops everything of a build but its entry. */
export async function dropBuildTables(sql: Sql, projection: string, suffix: string, tables: readonly string[]): Promise<void> {
  const names = namesOf(projection, suffix);
  const all = [names.state, names.time, ...tables.flatMap((table) => [names.current(table), names.history(table)])];
  await sql.script(all.map((table) => `DROP TABLE IF EXISTS ${table} CASCADE;`).join('\n'));
}
