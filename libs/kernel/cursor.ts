import { IsShape, type FieldOptions } from './fields.js';
import type { Instant } from './event.js';
import { parseInstant } from './time.js';

/** What a list is sorted by, one word a sort key. */
export type CursorShape = readonly ('instant' | 'text' | 'whole')[];

/** The sort keys of the last row of a page, in the order of their shape. */
export type Cursor<S extends CursorShape> = { readonly [K in keyof S]: S[K] extends 'instant' ? Instant : S[K] extends 'text' ? string : number };

const CURSOR_LENGTH_MAX = 2_000;

/** The keys as one text that says nothing to its reader and fits into an address. */
export const writeCursor = <S extends CursorShape>(_: S, keys: Cursor<S>): string => Buffer.from(JSON.stringify(keys)).toString('base64url');

const fits: Readonly<Record<CursorShape[number], (value: unknown) => boolean>> = {
  instant: (value) => parseInstant(value) !== undefined,
  // PostgreSQL has no text with a zero in it: asked for one, it would fail.
  text: (value) => typeof value === 'string' && !value.includes('\0'),
  whole: Number.isSafeInteger,
};

/** What an earlier answer gave out; undefined for anything else, whoever made it up. */
export function readCursor<S extends CursorShape>(shape: S, text: unknown): Cursor<S> | undefined {
  if (typeof text !== 'string' || text.length > CURSOR_LENGTH_MAX) return undefined;
  try {
    const keys: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    const valid = Array.isArray(keys) && keys.length === shape.length && shape.every((sort, index) => fits[sort](keys[index]));
    return valid ? (keys as unknown as Cursor<S>) : undefined; // every key was looked at
  } catch {
    return undefined; // no JSON
  }
}

/** `nextCursor` of the answer before, as a parameter. */
export const IsCursor = (shape: CursorShape, options: FieldOptions = {}): PropertyDecorator =>
  IsShape((value) => readCursor(shape, value) !== undefined, 'must be the nextCursor of an earlier answer', { type: String }, options);
