import { BinaryWriter } from './binary-writer.js';
import type { CopyColumns, CopyValue } from './sql.js';

/** What PostgreSQL's binary COPY begins with (its documentation, "COPY", "Binary Format"): signature, no flags, no extension. */
const BEGINNING = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const END = -1;

/** Rows for `COPY … (FORMAT binary)`, each in the order of `columns`; undefined where there are none. @throws ReadStoreError `rejected` for a value that its column cannot hold */
export function copyBinary(columns: CopyColumns, rows: Iterable<readonly CopyValue[]>): readonly Buffer[] | undefined {
  const types = Object.values(columns);
  let writer: BinaryWriter | undefined;
  for (const row of rows) {
    if (!writer) (writer = new BinaryWriter()).bytes(BEGINNING);
    writer.int2(types.length);
    for (let index = 0; index < types.length; index += 1) writer.value(types[index]!, row[index] ?? null);
  }
  writer?.int2(END);
  return writer?.end();
}

/** The statement that takes them in. */
export const copyStatement = (table: string, columns: CopyColumns, source: string): string => `COPY ${table} (${Object.keys(columns).join(', ')}) FROM ${source} (FORMAT binary)`;
