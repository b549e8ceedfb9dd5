/** A cell as it comes: what is neither text, number nor flag is written as JSON. */
export type Cell = string | number | boolean | object | null | undefined;

export interface CsvOptions {
  /**
   * For opening in a spreadsheet: a byte order mark, and a `'` before each text that a spreadsheet would run as a formula.
   * It goes before texts that begin with `'` as well, so that taking one `'` away from every text that has it gives back
   * exactly what was there. Left out, every text is written as it is, and nothing has to be undone.
   */
  readonly spreadsheet?: boolean;
}

const BYTE_ORDER_MARK = '\ufeff';
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;
/** What spreadsheets take for a formula when a text begins with it. */
const FORMULA = /^[=+\-@\t\r']/;

function cellText(cell: Cell, { spreadsheet }: CsvOptions): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  const guarded = spreadsheet && FORMULA.test(text) ? `'${text}` : text;
  // An empty text is not the absence of one: quotes tell them apart.
  return guarded === '' || NEEDS_QUOTES.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Lines as RFC 4180 has them, the header first. */
export function csvText(header: readonly string[], lines: readonly (readonly Cell[])[], options: CsvOptions = {}): string {
  const written = [header, ...lines].map((line) => `${line.map((cell) => cellText(cell, options)).join(',')}\r\n`);
  return `${options.spreadsheet ? BYTE_ORDER_MARK : ''}${written.join('')}`;
}
