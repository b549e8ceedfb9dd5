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

/** A string grown much longer than this costs several times as much to flatten and to encode as the same text in pieces. */
const PIECE_CHARACTERS = 16_384;

/** Rows in PostgreSQL's COPY text format, in pieces: tabs between cells, `\N` for null, one line a row. */
export function copyText(rows: readonly (readonly CopyValue[])[]): string[] {
  const pieces: string[] = [];
  let text = '';
  for (const row of rows) {
    let line = cell(row[0]);
    for (let index = 1; index < row.length; index += 1) line += `\t${cell(row[index])}`;
    text += `${line}\n`;
    if (text.length < PIECE_CHARACTERS) continue;
    pieces.push(text);
    text = '';
  }
  pieces.push(text);
  return pieces;
}
