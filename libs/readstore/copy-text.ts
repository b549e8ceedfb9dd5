import type { CopyValue } from './sql.js';

const SPECIAL = /[\\\t\n\r]/;
const escape = (text: string): string =>
  SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => (character === '\\' ? '\\\\' : character === '\t' ? '\\t' : character === '\n' ? '\\n' : '\\r')) : text;

const cell = (value: CopyValue | undefined): string => {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string') return escape(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return escape(JSON.stringify(value));
};

/** Rows in PostgreSQL's COPY text format: tabs between cells, `\N` for null, one line a row. */
export function copyText(rows: readonly (readonly CopyValue[])[]): string {
  let text = '';
  for (const row of rows) {
    for (let index = 0; index < row.length; index += 1) text += index === 0 ? cell(row[index]) : `\t${cell(row[index])}`;
    text += '\n';
  }
  return text;
}
