import { TextDecoder } from 'node:util';
import type { CsvOptions } from '../map/model.js';

/** A row this long is a file that is none, or a quote that was never closed. */
export const ROW_CHARACTERS_MAX = 1024 * 1024;

export type CsvRecord =
  | { readonly kind: 'row'; readonly line: number; readonly cells: readonly string[] }
  /** Cannot be taken apart; reading goes on with the line after its first. */
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string; readonly code: 'csv_quote_broken' | 'csv_row_too_long' };

type Taken =
  | { readonly kind: 'row'; readonly cells: readonly string[]; readonly next: number }
  | { readonly kind: 'broken'; readonly reason: string; readonly code: 'csv_quote_broken' | 'csv_row_too_long' }
  | 'unfinished';

const TOO_LONG = { kind: 'broken', reason: `is longer than ${ROW_CHARACTERS_MAX} characters`, code: 'csv_row_too_long' } as const;
const broken = (reason: string): Taken => ({ kind: 'broken', reason, code: 'csv_quote_broken' });

/**
 * Reads CSV (RFC 4180) from bytes that arrive piece by piece, with bounded memory. Line ends are LF, CRLF or CR.
 * A row whose quotes are broken costs that row alone: reading goes on with the next line. That is why this is not a
 * package: those at hand lose every row after the first broken quote or oversized field.
 */
export class CsvReader {
  readonly #decoder: TextDecoder;
  #pending = '';
  /** Up to here the pending text is handed over. */
  #at = 0;
  /** Where the next quote is, once looked for: files without quotes are searched once, not once a row. */
  #quoteAt = -1;
  #line = 1;
  #skipping = false;
  #carriageReturn = false;
  #bytesSeen = 0;

  constructor(readonly options: Pick<CsvOptions, 'delimiter' | 'quote' | 'encoding'>) {
    // Bytes that are no text of this encoding become U+FFFD, by which their row is then refused.
    this.#decoder = new TextDecoder(options.encoding);
  }

  /** Bytes of the rows handed over so far, to within what characters of several bytes make of it. */
  get bytesRead(): number {
    return Math.max(0, this.#bytesSeen - (this.#pending.length - this.#at));
  }

  async *records(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
    for await (const bytes of source) {
      this.#bytesSeen += bytes.byteLength;
      this.#append(this.#decoder.decode(bytes, { stream: true }));
      yield* this.#take(false);
    }
    this.#append(this.#decoder.decode());
    yield* this.#take(true);
  }

  /** One spelling of line ends; a CR at the end of a piece may be half of a CRLF. */
  #append(text: string): void {
    const whole = this.#carriageReturn && !text.startsWith('\n') && text !== '' ? `\n${text}` : text;
    if (text !== '') this.#carriageReturn = false;
    if (!whole.includes('\r')) {
      this.#pending += whole;
      return;
    }
    this.#carriageReturn = whole.endsWith('\r');
    this.#pending += (this.#carriageReturn ? whole.slice(0, -1) : whole).replaceAll(/\r\n?/g, '\n');
  }

  *#take(end: boolean): Generator<CsvRecord> {
    while (this.#at < this.#pending.length) {
      if (this.#skipping) {
        this.#skipLine();
        continue;
      }
      const taken = this.#record(this.#at, end);
      if (taken === 'unfinished') break;
      const line = this.#line;
      if (taken.kind === 'broken') {
        this.#skipping = true;
        yield { ...taken, line };
        continue;
      }
      this.#line += this.#lineEndsUntil(taken.next);
      this.#at = taken.next;
      if (taken.cells.some((cell) => cell.trim() !== '')) yield { kind: 'row', line, cells: taken.cells };
    }
    this.#pending = this.#pending.slice(this.#at);
    this.#at = 0;
    this.#quoteAt = -1;
  }

  /** Leaves out the rest of a line, which may go on in the next piece. */
  #skipLine(): void {
    const lineEnd = this.#pending.indexOf('\n', this.#at);
    this.#at = lineEnd < 0 ? this.#pending.length : lineEnd + 1;
    if (lineEnd < 0) return;
    this.#skipping = false;
    this.#line += 1;
  }

  #lineEndsUntil(next: number): number {
    let lines = 0;
    for (let lineEnd = this.#pending.indexOf('\n', this.#at); lineEnd >= 0 && lineEnd < next; lineEnd = this.#pending.indexOf('\n', lineEnd + 1)) lines += 1;
    return lines;
  }

  #record(at: number, end: boolean): Taken {
    const text = this.#pending;
    const { delimiter } = this.options;
    const lineEnd = text.indexOf('\n', at);
    if (lineEnd < 0 && !end) return text.length - at > ROW_CHARACTERS_MAX ? TOO_LONG : 'unfinished';
    const stop = lineEnd < 0 ? text.length : lineEnd;
    if (this.#quoteFrom(at) >= stop) return stop - at > ROW_CHARACTERS_MAX ? TOO_LONG : { kind: 'row', cells: text.slice(at, stop).split(delimiter), next: stop + 1 };
    return this.#quotedRecord(at, end);
  }

  /** Position of the first quote not before this one; Infinity where there is none. */
  #quoteFrom(at: number): number {
    if (this.#quoteAt < at) {
      const found = this.options.quote === undefined ? -1 : this.#pending.indexOf(this.options.quote, at);
      this.#quoteAt = found < 0 ? Infinity : found;
    }
    return this.#quoteAt;
  }

  /** A record with at least one quote: field by field. */
  #quotedRecord(from: number, end: boolean): Taken {
    const text = this.#pending;
    const quote = this.options.quote!; // a record has quotes only where there is a sign for them
    const cells: string[] = [];
    let at = from;
    for (;;) {
      let start = at;
      while (text[start] === ' ') start += 1;
      const cell = text[start] === quote ? this.#quotedCell(start + 1, from, end) : this.#plainCell(at);
      if (cell === 'unfinished' || 'kind' in cell) return cell;
      cells.push(cell.text);
      at = cell.next + 1;
      if (cell.next - from > ROW_CHARACTERS_MAX) return TOO_LONG;
      if (cell.next >= text.length) return end ? { kind: 'row', cells, next: at } : 'unfinished';
      if (text[cell.next] === '\n') return { kind: 'row', cells, next: at };
    }
  }

  #plainCell(at: number): { readonly text: string; readonly next: number } | Taken {
    const text = this.#pending;
    const { quote, delimiter } = this.options;
    let next = at;
    while (next < text.length && text[next] !== delimiter && text[next] !== '\n') {
      if (text[next] === quote) return broken('has a quote in the middle of a field; a field with quotes is quoted whole, and the quotes in it are doubled');
      next += 1;
    }
    return { text: text.slice(at, next), next };
  }

  #quotedCell(at: number, recordStart: number, end: boolean): { readonly text: string; readonly next: number } | Taken {
    const text = this.#pending;
    const quote = this.options.quote!; // as above
    let close = text.indexOf(quote, at);
    while (close >= 0 && text[close + 1] === quote) close = text.indexOf(quote, close + 2);
    if (close < 0 || (close === text.length - 1 && !end)) {
      if (close < 0 && (end || text.length - recordStart > ROW_CHARACTERS_MAX)) return broken('opens a quote that is never closed');
      return 'unfinished';
    }
    let next = close + 1;
    while (text[next] === ' ') next += 1;
    if (next < text.length && text[next] !== this.options.delimiter && text[next] !== '\n') return broken('goes on after the closing quote of a field');
    return { text: text.slice(at, close).replaceAll(quote + quote, quote), next };
  }
}
