import type { CellValue } from '../kernel/projection.js';

/** Where a page of rows ended, and of which question: the next page is of the same table, conditions, order and moment. */
export interface RowCursor {
  readonly table: string;
  readonly version: number;
  /** Pages of one question are of one moment of the log, whatever is written meanwhile. */
  readonly position: number;
  readonly sort: string;
  readonly where: readonly string[];
  readonly asOf: string;
  /** The sort column's value, if there is one, and the key's, of the last row given. */
  readonly after: readonly CellValue[];
}

/** Larger texts are no cursor of ours. */
const CURSOR_CHARACTERS_MAX = 8_192;

export const writeCursor = ({ table, version, position, sort, where, asOf, after }: RowCursor): string => Buffer.from(JSON.stringify([table, version, position, sort, where, asOf, after])).toString('base64url');

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= -1;
const isCell = (value: unknown): value is CellValue => value === null || typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

/** Undefined where the text is no cursor. */
export function readCursor(text: string): RowCursor | undefined {
  if (text.length > CURSOR_CHARACTERS_MAX) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 7) return undefined;
  const [table, version, position, sort, where, asOf, after] = parts as unknown[];
  if (typeof table !== 'string' || !isWhole(version) || !isWhole(position) || typeof sort !== 'string' || typeof asOf !== 'string') return undefined;
  if (!Array.isArray(where) || !where.every((each) => typeof each === 'string') || !Array.isArray(after) || !after.every(isCell)) return undefined;
  return { table, version, position, sort, where, asOf, after };
}
