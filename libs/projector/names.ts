import type { AnyProjection, ColumnSpec, ColumnType, TableSpec } from '../kernel/projection.js';

const NAME = /^[a-z][a-z0-9_]{0,40}$/;

/** Columns that the engine adds to every table; a definition may not use these names. */
export const ENGINE_COLUMNS = ['entity', 'known_from_position', 'known_from', 'known_to_position', 'known_to', 'fork'] as const;

/** Of these, the two that views and answers show beside a table's own columns. */
export const KNOWN_COLUMNS = {
  known_from_position: { type: 'bigint', comment: 'Log position of the event that made the row true.' },
  known_from: { type: 'timestamptz', comment: 'When the log recorded that event.' },
} as const satisfies Readonly<Record<string, ColumnSpec>>;

/** And the two that tell when a row ceased to be known. */
export const ENDED_COLUMNS = {
  known_to_position: { type: 'bigint', nullable: true, comment: 'Log position of the event that ended the row; empty in what is known now.' },
  known_to: { type: 'timestamptz', nullable: true, comment: 'When the log recorded that event.' },
} as const satisfies Readonly<Record<string, ColumnSpec>>;

export const SQL_TYPE: Readonly<Record<ColumnType, string>> = { text: 'text', integer: 'integer', bigint: 'bigint', boolean: 'boolean', timestamptz: 'timestamptz', date: 'date', double: 'double precision', jsonb: 'jsonb' };

/** The tables of one build of a projection. `suffix` tells builds apart: `v1`, `v2`, `v2_b5`. */
export interface BuildNames {
  readonly state: string;
  readonly time: string;
  current(table: string): string;
  history(table: string): string;
}

export const suffixOf = (version: number, build: number, firstOfVersion: boolean): string => (firstOfVersion ? `v${version}` : `v${version}_b${build}`);

export const namesOf = (projection: string, suffix: string): BuildNames => ({
  state: `${projection}_${suffix}_state`,
  time: `${projection}_${suffix}_time`,
  current: (table) => `${projection}_${table}_${suffix}`,
  history: (table) => `${projection}_${table}_${suffix}_history`,
});

/** What analysts and reports call it, whichever version serves: `funnel_deal`. */
export const viewName = (projection: string, table: string): string => `${projection}_${table}`;

export const tablesOf = (projection: AnyProjection): [string, TableSpec][] => Object.entries(projection.tables as Readonly<Record<string, TableSpec>>); // its tables, whatever their names

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Names go into SQL as they are: only plain ones may. Throws TypeError, at start, for a definition that breaks the rule. */
export function checkNames(projection: AnyProjection): void {
  const check = (what: string, name: string): void => {
    if (!NAME.test(name)) throw new TypeError(`${what} ${name} of projection ${projection.name} must match ${NAME.source}`);
  };
  check('name', projection.name);
  if (!Number.isInteger(projection.version) || projection.version < 1) throw new TypeError(`version of projection ${projection.name} must be a whole number from 1`);
  for (const [table, spec] of tablesOf(projection)) {
    check('table', table);
    for (const column of Object.keys(spec.columns)) {
      check('column', column);
      if (ENGINE_COLUMNS.some((reserved) => reserved === column)) throw new TypeError(`column ${column} of ${projection.name}.${table} is the engine's own`);
    }
    for (const column of spec.key) if (!spec.columns[column] || spec.columns[column].nullable) throw new TypeError(`key column ${column} of ${projection.name}.${table} must be a column that is never null`);
  }
}
