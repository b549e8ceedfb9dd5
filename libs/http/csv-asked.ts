import type { FastifyReply } from 'fastify';
import type { FieldError } from '../kernel/parse-command.js';
import type { CsvOptions } from './csv-text.js';

const CSV_TYPE = 'text/csv';
const QUALITY = /;\s*q\s*=\s*([\d.]+)/i;

/** How much a client wants a media type; 0 where it does not take it. */
function wish(accept: string, types: readonly string[]): number {
  const asked = accept.split(',').map((part) => ({ type: part.split(';')[0]!.trim().toLowerCase(), quality: Number(QUALITY.exec(part)?.[1] ?? 1) }));
  return Math.max(0, ...asked.filter(({ type }) => types.includes(type)).map(({ quality }) => quality));
}

export interface CsvAsked extends CsvOptions {
  readonly csv: boolean;
}

/** Whether CSV is asked for: by `format`, else by Accept where it prefers CSV to JSON. What is wrong is added to `errors`. */
export function csvAsked(accept: string | undefined, format: string | undefined, spreadsheet: string | undefined, errors: FieldError[]): CsvAsked {
  if (format !== undefined && format !== 'csv' && format !== 'json') errors.push({ field: 'format', message: 'format must be csv or json' });
  if (spreadsheet !== undefined && spreadsheet !== 'true' && spreadsheet !== 'false') errors.push({ field: 'spreadsheet', message: 'spreadsheet must be true or false' });
  const preferred = wish(accept ?? '', [CSV_TYPE]) > wish(accept ?? '', ['application/json', 'application/*', '*/*']);
  return { csv: format === undefined ? preferred : format === 'csv', spreadsheet: spreadsheet === 'true' };
}

/** Answers with a file of CSV. */
export function sendCsv(reply: FastifyReply, name: string, text: string): string {
  void reply.header('content-type', `${CSV_TYPE}; charset=utf-8; header=present`).header('content-disposition', `attachment; filename="${name}.csv"`);
  return text;
}

export const FORMAT_DESCRIPTION = 'csv or json; left out: as Accept prefers';
export const SPREADSHEET_DESCRIPTION = "With CSV: true begins each text that a spreadsheet would run as a formula, or that begins with ', with one ' more, and the file with a byte order mark. Left out, every text is exactly what it is";
