import type { AnyProjection, ColumnSpec, TableSpec } from '../kernel/projection.js';
import type { AnyReport } from '../kernel/report.js';
import { ENDED_COLUMNS, KNOWN_COLUMNS, SQL_TYPE, tablesOf, viewName } from './names.js';

/** Text inside a cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const columnLines = (columns: Readonly<Record<string, ColumnSpec>>): string[] =>
  ['| Column | Type | |', '| --- | --- | --- |', ...Object.entries(columns).map(([name, { type, nullable, comment }]) => `| \`${name}\` | ${SQL_TYPE[type]}${nullable ? ', may be empty' : ''} | ${cell(comment)} |`)];

const tableLines = (projection: AnyProjection, table: string, spec: TableSpec): string[] =>
  ['', `### \`${viewName(projection.name, table)}\``, '', `${spec.comment} One row for each ${spec.key.map((column) => `\`${column}\``).join(', ')}.`, '', ...columnLines(spec.columns)];

function projectionLines(projection: AnyProjection, reports: readonly AnyReport[]): string[] {
  const readers = reports.filter(({ projections }) => projections.includes(projection.name)).map(({ name }) => `\`/v1/reports/${name}\``);
  return ['', `## ${projection.name}`, '', `Version ${projection.version}. ${readers.length > 0 ? `Read by ${readers.join(', ')}.` : 'Read by no report; the engine itself works by it.'}`, ...tablesOf(projection).flatMap(([table, spec]) => tableLines(projection, table, spec))];
}

const INTRODUCTION = `# Tables

<!-- Written by \`node --import ./test/support/ts-loader.mjs apps/projector/src/write-tables-page.ts\` from the definitions under projections/. -->

For people who point a BI tool at PostgreSQL (\`DATABASE_URL\`). Query the views below: each stands for the tables that serve at
present, whichever version and build that is, and stays where it is when a rebuild takes over. The same sentences are in the
database as comments (\`\\d+ funnel_deal\` in psql). Rows are only ever written by the engine: give the tool a role that may read.

- \`funnel_deal\` holds what is known now. \`funnel_deal_history\` holds every version of each row, with the span in which it was
  known: what was known at a position is \`known_from_position <= p AND (known_to_position IS NULL OR known_to_position > p)\`.
- \`GET /v1/reports/<name>/rows?table=funnel_deal\` gives the same rows over HTTP, as JSON or CSV, now or as of any moment.
- Money is in minor units (cents) of the currency beside it; moments are UTC.
`;

/** The page that documents every table of every projection, in the order of their names. */
export function tablesPage(projections: readonly AnyProjection[], reports: readonly AnyReport[]): string {
  const sorted = [...projections].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    INTRODUCTION, 'Every view also has:', '', ...columnLines(KNOWN_COLUMNS), '', 'and every history view:', '', ...columnLines(ENDED_COLUMNS),
    ...sorted.flatMap((projection) => projectionLines(projection, reports)), '',
  ].join('\n');
}
