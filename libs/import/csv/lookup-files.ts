import type { FileMap, FileNeeds } from '../map/model.js';
import type { Lookups } from '../row/evaluate.js';
import { CsvTable, UnreadableFile, type TableRecord, type TableRow } from './csv-table.js';

/** Files beside the main one are held in memory. */
export const LOOKUP_BYTES_MAX = 64 * 1024 * 1024;

async function* bounded(name: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    if (bytes > LOOKUP_BYTES_MAX) throw new UnreadableFile(`${name} is larger than the ${LOOKUP_BYTES_MAX / 1024 / 1024} MiB that a file beside the main one may have`);
    yield chunk;
  }
}

/** The files beside the main one: their rows, and where to find a row by the value of a column. */
export class LookupFiles implements Lookups {
  readonly #records = new Map<string, readonly TableRecord[]>();
  readonly #found = new Map<string, ReadonlyMap<string, TableRow>>();

  /** Reads a file whole. @throws UnreadableFile */
  async add(name: string, source: AsyncIterable<Uint8Array>, file: FileMap, needs: FileNeeds): Promise<void> {
    const table = await CsvTable.open(name, bounded(name, source), file.csv, needs);
    const records: TableRecord[] = [];
    for await (const record of table.rows()) records.push(record);
    this.#records.set(name, records);
    for (const match of needs.matches) this.#found.set(`${name}\n${match}`, index(name, match, records));
  }

  has(name: string): boolean {
    return this.#records.has(name);
  }

  rows(name: string): readonly TableRecord[] {
    return this.#records.get(name) ?? [];
  }

  find(file: string, match: string, text: string, take: string): { readonly found: boolean; readonly text?: string } {
    const row = this.#found.get(`${file}\n${match}`)?.get(text);
    const taken = row?.cell(take);
    return { found: row !== undefined, ...(taken !== undefined && { text: taken }) };
  }
}

function index(name: string, match: string, records: readonly TableRecord[]): ReadonlyMap<string, TableRow> {
  const rows = new Map<string, TableRow>();
  for (const record of records) {
    const text = record.kind === 'row' ? record.row.cell(match) : undefined;
    if (record.kind !== 'row' || text === undefined) continue;
    const other = rows.get(text);
    if (other) throw new UnreadableFile(`${name} has "${text}" as ${match} twice, in lines ${other.line} and ${record.row.line}: which one to look up is not said`);
    rows.set(text, record.row);
  }
  return rows;
}
