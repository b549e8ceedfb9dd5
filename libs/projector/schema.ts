import type { AnyProjection, ColumnSpec, TableSpec } from '../kernel/projection.js';
import type { Sql } from '../readstore/sql.js';
import { FORK_SQL } from './as-of-source.js';
import { ENGINE_TABLES } from './engine-tables.js';
import { ENDED_COLUMNS, KNOWN_COLUMNS, namesOf, quoted, SQL_TYPE, tablesOf, viewName, type BuildNames } from './names.js';

/** Serialises the making of tables by several programs that start at once. */
const SCHEMA_LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('pipeledger schema', 0))`;

/** States were jsonb in stores made by earlier versions, and rows are copied in as the very type that their column has. */
const STATES_AS_JSON = `
DO $do$ DECLARE states regclass; BEGIN
  FOR states IN SELECT a.attrelid FROM projection_build b JOIN pg_attribute a ON a.attrelid = to_regclass(b.projection || '_' || b.suffix || '_state') WHERE a.attname = 'state' AND a.atttypid = 'jsonb'::regtype
  LOOP EXECUTE format('ALTER TABLE %s ALTER COLUMN state TYPE json', states); END LOOP;
END $do$`;

/** Makes the engine's own tables where they are missing, and what it keeps as it is kept today. */
export async function makeEngineTables(sql: Sql): Promise<void> {
  await sql.query(SCHEMA_LOCK);
  await sql.script(ENGINE_TABLES);
  await sql.script(STATES_AS_JSON);
}

export const lockSchema = async (sql: Sql): Promise<void> => void (await sql.query(SCHEMA_LOCK));

const columnComments = (table: string, columns: Readonly<Record<string, Pick<ColumnSpec, 'comment'>>>): string =>
  Object.entries(columns).map(([name, { comment }]) => `COMMENT ON COLUMN ${table}.${name} IS ${quoted(comment)};`).join('\n');

const ENTITY = { entity: { comment: 'Key of the entity that the row belongs to.' } };

const comments = (table: string, spec: TableSpec, rowsAre: string): string =>
  `COMMENT ON TABLE ${table} IS ${quoted(`${spec.comment} ${rowsAre}`)};\n${columnComments(table, { ...spec.columns, ...ENTITY, ...KNOWN_COLUMNS })}`;

/** Text is ordered by its code points, on every machine alike: the database's own collation changes with its operating system. */
const BYTEWISE = ' COLLATE "C"';

function tableDefinition(names: BuildNames, table: string, spec: TableSpec): string {
  const current = names.current(table);
  const history = names.history(table);
  const columns = Object.entries(spec.columns).map(([name, column]) => `${name} ${SQL_TYPE[column.type]}${column.type === 'text' ? BYTEWISE : ''}${column.nullable ? '' : ' NOT NULL'}`).join(', ');
  return `
CREATE TABLE ${current} (${columns}, entity text NOT NULL, known_from_position bigint NOT NULL, known_from timestamptz NOT NULL, PRIMARY KEY (${spec.key.join(', ')}, entity));
CREATE TABLE ${history} (${columns}, entity text NOT NULL, known_from_position bigint NOT NULL, known_from timestamptz NOT NULL, known_to_position bigint NOT NULL, known_to timestamptz NOT NULL,
  fork bigint NOT NULL GENERATED ALWAYS AS (${FORK_SQL}) STORED);
${comments(current, spec, 'Rows known now.')}
${comments(history, spec, 'Rows no longer known.')}
${columnComments(history, { ...ENDED_COLUMNS, fork: { comment: 'Files the interval of positions for the as-of look-up.' } })}`;
}

/** Makes the empty tables of a build, without the indexes that filling does not need. */
export async function makeBuildTables(sql: Sql, projection: AnyProjection, suffix: string): Promise<void> {
  const names = namesOf(projection.name, suffix);
  await sql.script(`
CREATE TABLE ${names.state} (key text PRIMARY KEY, state json NOT NULL);
-- Only ever looked up by the key: how states are spread tells nothing, and need not be found out again and again.
ALTER TABLE ${names.state} ALTER COLUMN state SET STATISTICS 0, ALTER COLUMN key SET STATISTICS 1;
COMMENT ON TABLE ${names.state} IS 'What the projection remembers of each key between events.';
${columnComments(names.state, { key: { comment: 'The key.' }, state: { comment: 'The state that its rows stand for.' } })}
CREATE TABLE ${names.time} (known_at timestamptz NOT NULL, position bigint NOT NULL, partition integer NOT NULL, PRIMARY KEY (known_at, position, partition));
CREATE INDEX ON ${names.time} (position);
COMMENT ON TABLE ${names.time} IS 'Up to which log position was known when: turns a time into a position, and a position into a time.';
${columnComments(names.time, { known_at: { comment: 'When the log recorded the event.' }, position: { comment: 'Position of the last event recorded then that changed rows.' }, partition: { comment: 'The partition it belongs to.' } })}
${tablesOf(projection).map(([table, spec]) => tableDefinition(names, table, spec)).join('\n')}`);
}

/** Adds the indexes that reports use, on current and closed rows alike. */
export async function makeBuildIndexes(sql: Sql, projection: AnyProjection, suffix: string): Promise<void> {
  const names = namesOf(projection.name, suffix);
  const statements = tablesOf(projection).flatMap(([table, spec]) => {
    const history = names.history(table);
    const declared = (spec.indexes ?? []).flatMap(({ columns, where, closed = true }) =>
      [names.current(table), ...(closed ? [history] : [])].map((on) => `CREATE INDEX ON ${on} (${columns.join(', ')})${where ? ` WHERE ${where}` : ''};`));
    return [
      ...declared, `CREATE INDEX ON ${history} (fork, known_to_position, known_from_position);`,
      ...(spec.closedByKey === false ? [] : [`CREATE INDEX ON ${history} (${spec.key.join(', ')});`]),
      ...(table in (projection.forgets?.columns ?? {}) ? [`CREATE INDEX ON ${history} (entity);`] : []),
    ];
  });
  await sql.script([...statements, ...tablesOf(projection).flatMap(([table]) => [`ANALYZE ${names.current(table)};`, `ANALYZE ${names.history(table)};`])].join('\n'));
}

const HISTORY = 'Every version of each row, with the span in which it was known.';

/** Points the stable views that analysts use at a build. */
export async function pointViews(sql: Sql, projection: string, suffix: string, tables: Readonly<Record<string, TableSpec>>): Promise<void> {
  const names = namesOf(projection, suffix);
  const statements = Object.entries(tables).map(([table, spec]) => {
    const view = viewName(projection, table);
    const columns = Object.keys({ ...spec.columns, ...KNOWN_COLUMNS }).join(', ');
    return `
DROP VIEW IF EXISTS ${view}; DROP VIEW IF EXISTS ${view}_history;
CREATE VIEW ${view} AS SELECT ${columns} FROM ${names.current(table)};
CREATE VIEW ${view}_history AS SELECT ${columns}, NULL::bigint AS known_to_position, NULL::timestamptz AS known_to FROM ${names.current(table)}
  UNION ALL SELECT ${columns}, known_to_position, known_to FROM ${names.history(table)};
COMMENT ON VIEW ${view} IS ${quoted(spec.comment)};
${columnComments(view, { ...spec.columns, ...KNOWN_COLUMNS })}
COMMENT ON VIEW ${view}_history IS ${quoted(`${spec.comment} ${HISTORY}`)};
${columnComments(`${view}_history`, { ...spec.columns, ...KNOWN_COLUMNS, ...ENDED_COLUMNS })}`;
  });
  await sql.script(statements.join('\n'));
}

/** Drops everything of a build but its entry. */
export async function dropBuildTables(sql: Sql, projection: string, suffix: string, tables: readonly string[]): Promise<void> {
  const names = namesOf(projection, suffix);
  const all = [names.state, names.time, ...tables.flatMap((table) => [names.current(table), names.history(table)])];
  await sql.script(all.map((table) => `DROP TABLE IF EXISTS ${table} CASCADE;`).join('\n'));
}
