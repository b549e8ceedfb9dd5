import { describe, expect, it } from '@jest/globals';
import { readCursor, writeCursor } from './cursor.js';

const SHAPE = ['instant', 'text', 'whole'] as const;
const KEYS = ['2026-03-29T01:30:00.000Z', 'übung/1', 4_711] as const;
const encoded = (keys: unknown): string => Buffer.from(JSON.stringify(keys)).toString('base64url');

describe('a cursor', () => {
  it('gives back the keys that went in', () => expect(readCursor(SHAPE, writeCursor(SHAPE, KEYS))).toEqual(KEYS));
  it('fits into an address as it is', () => expect(writeCursor(SHAPE, KEYS)).toMatch(/^[\w-]+$/));
  it.each([
    ['no text', 7], ['no JSON', 'abc'], ['no list', encoded({})], ['too few keys', encoded(KEYS.slice(1))], ['a moment without its offset', encoded(['2026-03-29', 'x', 1])], ['a year as a moment', encoded(['1', 'x', 1])],
    ['a broken number', encoded([KEYS[0], 'x', 1.5])], ['a zero byte', encoded([KEYS[0], 'a\0b', 1])], ['a text as long as it likes', encoded([KEYS[0], 'x'.repeat(3_000), 1])],
  ])('is not %s', (_, text) => expect(readCursor(SHAPE, text)).toBeUndefined());
});
