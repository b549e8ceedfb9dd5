import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ISO_4217_DIGITS, ISO_4217_EDITION } from './iso-4217.js';
import { FigureTooLarge, isCurrency, minorDigits, scaled, sumExactly } from './money.js';

const MAX = Number.MAX_SAFE_INTEGER;

describe('the minor units of currencies', () => {
  it('are those of the edition of ISO 4217 on record: another table is another edition, and another version of the projections that convert', async () => {
    const golden: unknown = JSON.parse(await readFile(new URL(`../../test/golden/iso-4217.${ISO_4217_EDITION}.json`, import.meta.url), 'utf8'));
    expect(Object.fromEntries([...ISO_4217_DIGITS].sort(([a], [b]) => (a < b ? -1 : 1)))).toEqual(golden);
  });
  it.each([
    ['HUF', 2], ['COP', 2], ['IDR', 2], ['PKR', 2], ['RSD', 2], ['AFN', 2], ['LBP', 2], ['SOS', 2], ['YER', 2], ['EUR', 2], ['XCG', 2], ['JPY', 0], ['ISK', 0], ['UYI', 0], ['KWD', 3], ['IQD', 3], ['CLF', 4], ['UYW', 4], ['HRK', 2],
  ])('of %s are %i, whatever the platform says', (currency, digits) => expect(minorDigits(currency)).toBe(digits));
  it.each(['XXX', 'XTS', 'XAU', 'eur', 'EURO', '', 'ZZZ', 'DEM', 7, null])('are unknown of %p', (code) => expect(isCurrency(code)).toBe(false));
  it('are not guessed', () => expect(() => minorDigits('ZZZ')).toThrow(new RangeError('ZZZ is no ISO 4217 currency code; use one such as EUR')));
});

describe('an amount times a fraction', () => {
  it.each([
    [5, 1, 2, 3], [-5, 1, 2, -2], [-7, 1, 2, -3], [125_050, 2_500, 1_000_000, 313], [MAX, 1, 1, MAX], [MAX, 925_137, 1_000_000, 8_332_893_296_933_316], [-MAX, 1, 3, -3_002_399_751_580_330], [0, 7, 9, 0],
  ])('%i × %i ÷ %i is %i, halves up', (amount, times, by, expected) => expect(scaled(amount, times, by)).toBe(expected));
  it('is what doubles say where they hold it exactly', () =>
    fc.assert(fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 1e6 }), (amount, times) => {
      expect(scaled(amount, times, 1_024)).toBe(Math.round((amount * times) / 1_024) + 0);
    })));
  it('is refused beyond 2^53 − 1', () => expect(() => scaled(MAX, 2, 1)).toThrow(FigureTooLarge));
});

describe('a sum', () => {
  it('is exact, however large it is on the way', () => expect(sumExactly([MAX, 1, 2, -3, -MAX, 7])).toBe(7));
  it('is refused beyond 2^53 − 1', () => expect(() => sumExactly([MAX, 1])).toThrow('up to which amounts are exact (9007199254740992)'));
});
