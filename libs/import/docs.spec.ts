import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { contexts } from '../domain/contexts.js';
import { CommandRegistry } from '../dispatch/registry.js';
import { CsvTable, type TableRecord } from './csv/csv-table.js';
import { LookupFiles } from './csv/lookup-files.js';
import type { FileNeeds } from './map/model.js';
import { MapNode, type MapError } from './map/map-node.js';
import { DEFAULT_CSV } from './map/parse-csv-options.js';
import { parseImportMap } from './map/parse-map.js';
import { parseValue } from './map/parse-value.js';
import { evaluate, type Scope } from './row/evaluate.js';
import { rowCommands } from './row/row-commands.js';

/** The reference is run: each expression with the table below it, and the whole map with its files. */
let page: string;
beforeAll(async () => { page = await readFile(new URL('../../docs/import.md', import.meta.url), 'utf8'); });

const block = (info: string): string => new RegExp(`^\`\`\`${info}\\n([^]*?)^\`\`\``, 'm').exec(page)?.[1] ?? '';

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

interface Example {
  readonly expression: string;
  readonly cells: Readonly<Record<string, string>>;
  readonly becomes: string;
}

const cellsOf = (line: string): string[] => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.replaceAll('\\|', '|').replaceAll(/^ | $/g, ''));
const bare = (cell: string): string => cell.replaceAll(/^`|`$/g, '');

function examples(): Example[] {
  return [...page.matchAll(/^```yaml value\n([^]*?)^```\n\n((?:\|.*\n)+)/gm)].flatMap(([, expression, table]) => {
    const [header, , ...rows] = table!.trim().split('\n');
    const columns = cellsOf(header!);
    return rows.map((row) => {
      const cells = cellsOf(row).map(bare);
      return { expression: expression!.trim(), becomes: cells.at(-1)!, cells: Object.fromEntries(columns.slice(0, -1).map((column, index) => [column, cells[index]!])) };
    });
  });
}

describe('docs/import.md', () => {
  it('says of every expression what it becomes', async () => {
    const errors: MapError[] = [];
    const needs: FileNeeds = { columns: new Map(), matches: new Set(['item']) };
    const lookups = new LookupFiles();
    await lookups.add('prices', bytes(block('csv prices')), { path: 'prices.csv', csv: DEFAULT_CSV }, needs);
    const told = examples().map(({ expression, cells }) => {
      const value = parseValue(new MapNode(parse(expression), ['value'], errors), { needs, fileNeeds: new Map([['prices', needs]]), zone: 'UTC' })!;
      const scope: Scope = { row: { cell: (column) => cells[column]?.trim() || undefined }, lookups, problems: [] };
      const made = evaluate(value, scope, 'value');
      return { expression, cells, becomes: scope.problems.length > 0 ? `refused: ${scope.problems[0]!.reason}` : made === undefined ? 'absent' : JSON.stringify(made) };
    });
    expect(errors).toEqual([]);
    expect(told.length).toBeGreaterThan(25);
    expect(told).toEqual(examples());
  });

  it('says of a whole map which commands its files become', async () => {
    const parsed = parseImportMap(block('yaml map'), new CommandRegistry(contexts));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    const { map } = parsed;
    const lookups = new LookupFiles();
    await lookups.add('people', bytes(block('csv people')), map.files.get('people')!, map.fileNeeds.get('people')!);
    const main: TableRecord[] = [];
    for await (const record of (await CsvTable.open('data', bytes(block('csv data')), map.csv, map.mainNeeds)).rows()) main.push(record);
    const lines = map.steps.flatMap((step) => (step.file === undefined ? main : lookups.rows(step.file)).flatMap((record) => {
      if (record.kind === 'broken') return [`${step.name} ${record.line}: refused: ${record.reason}`];
      const made = rowCommands(step, record.row, lookups, { source: map.source, actor: { id: 'local', role: 'admin' } });
      if (!made.ok) return made.problems.map(({ field, reason }) => `${step.name} ${record.row.line}: refused: ${field} ${reason}`);
      return made.groups.flatMap(({ intents }) => intents.map(({ command, occurredAt }) => `${step.name} ${record.row.line}: ${command.type} ${JSON.stringify(command)} at ${occurredAt}`));
    }));
    expect(lines.join('\n')).toBe(block('json commands').trim());
  });
});
