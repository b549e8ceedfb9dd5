import type { CsvOptions, FileNeeds } from '../map/model.js';
import type { RowView } from '../row/evaluate.js';
import { CsvReader, type CsvRecord } from './csv-reader.js';

/** A file that cannot be read as what the map takes it for; its message is a sentence about the file. */
export class UnreadableFile extends Error {
  constructor(message: string, readonly code: 'import_file_unreadable' | 'import_column_missing' = 'import_file_unreadable', readonly columns: readonly { readonly column: string; readonly askedBy: string }[] = []) {
    super(message);
  }
}

export interface TableRow extends RowView {
  readonly line: number;
}

export type TableRecord = { readonly kind: 'row'; readonly row: TableRow } | { readonly kind: 'broken'; readonly line: number; readonly reason: string; readonly code: string };

/** A character that stands for bytes that were no text. */
const NOT_TEXT = /[\u0000\ufffd]/;
const COLUMNS_MAX = 1_000;
const NAMES_SHOWN_MAX = 40;

class Row implements TableRow {
  constructor(readonly line: number, readonly cells: readonly string[], readonly columns: ReadonlyMap<string, number>, readonly empty: ReadonlySet<string>) {}

  cell(column: string): string | undefined {
    const index = this.columns.get(column);
    const text = index === undefined ? undefined : this.cells[index]?.trim();
    return text === undefined || text === '' || this.empty.has(text) ? undefined : text;
  }
}

/** A file with its header read: the columns are known to be there before the first row is looked at. */
export class CsvTable {
  private constructor(readonly columns: ReadonlyMap<string, number>, readonly width: number, readonly csv: CsvOptions, readonly reader: CsvReader, readonly records: AsyncGenerator<CsvRecord>) {}

  /** @throws UnreadableFile when the file has no usable header, or lacks a column that the map needs */
  static async open(name: string, source: AsyncIterable<Uint8Array>, csv: CsvOptions, needs: FileNeeds): Promise<CsvTable> {
    const reader = new CsvReader(csv);
    const records = reader.records(source);
    const names = csv.columns ?? (await header(name, records, csv));
    const columns = new Map<string, number>();
    for (const [index, column] of names.entries()) {
      if (columns.has(column)) throw new UnreadableFile(`${name} has two columns called ${column}; give each a name of its own`);
      if (column !== '') columns.set(column, index);
    }
    const missing = [...needs.columns].filter(([column]) => !columns.has(column)).map(([column, askedBy]) => ({ column, askedBy }));
    if (missing.length > 0) {
      const has = [...columns.keys()].slice(0, NAMES_SHOWN_MAX).join(', ');
      throw new UnreadableFile(`${name} has no column ${missing.map(({ column }) => column).join(', ')}; it has ${has}`, 'import_column_missing', missing);
    }
    return new CsvTable(columns, names.length, csv, reader, records);
  }

  async *rows(): AsyncGenerator<TableRecord> {
    for await (const record of this.records) yield record.kind === 'broken' ? record : this.#row(record.line, record.cells);
  }

  #row(line: number, cells: readonly string[]): TableRecord {
    const refused = (reason: string, code: string): TableRecord => ({ kind: 'broken', line, reason, code });
    if (cells.length < this.width || cells.slice(this.width).some((cell) => cell.trim() !== '')) return refused(`has ${cells.length} fields where the header has ${this.width}`, 'csv_field_count');
    if (cells.some((cell) => NOT_TEXT.test(cell))) return refused(`holds bytes that are no ${this.csv.encoding} text; csv.encoding in the map names another encoding`, 'csv_not_text');
    return { kind: 'row', row: new Row(line, cells, this.columns, this.csv.empty) };
  }
}

async function header(name: string, records: AsyncGenerator<CsvRecord>, csv: CsvOptions): Promise<readonly string[]> {
  const first = await records.next();
  if (first.done) throw new UnreadableFile(`${name} is empty: it has no header line`);
  if (first.value.kind === 'broken') throw new UnreadableFile(`the header of ${name} ${first.value.reason}`);
  const names = first.value.cells.map((cell) => cell.trim());
  if (names.some((column) => NOT_TEXT.test(column))) throw new UnreadableFile(`${name} is not ${csv.encoding} text; csv.encoding in the map names another encoding`);
  if (names.length > COLUMNS_MAX) throw new UnreadableFile(`${name} has ${names.length} columns; at most ${COLUMNS_MAX} are taken`);
  return names;
}
