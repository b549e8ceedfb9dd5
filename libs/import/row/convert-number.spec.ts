import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toMoney, toNumber } from './convert-number.js';

const POINT = { decimal: '.' };
const minor = (text: string, currency = 'USD', signs: { decimal: string; group?: string } = POINT, scale: 'major' | 'minor' = 'major') => {
  const made = toMoney(text, currency, scale, signs);
  return made.ok ? made.value.amountMinor : made.reason;
};

describe('an amount of money', () => {
  it('is exact to the last cent, which a binary fraction is not', () => {
    expect(minor('1054')).toBe(105_400);
    expect(minor('0.29')).toBe(29);
    expect(minor('1.15')).toBe(115);
    expect(minor('8.2')).toBe(820);
    expect(minor('-4.35')).toBe(-435);
    expect(minor('.5')).toBe(50);
    expect(minor('1250.500')).toBe(125_050);
    expect(minor('-0.00')).toBe(0);
  });

  it('reads back whatever cents were written, for any number of them', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 9_000_000_000 }), (cents) => minor(`${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`) === cents));
  });

  it('has the decimal places of its currency', () => {
    expect(minor('1500', 'JPY')).toBe(1_500);
    expect(minor('1.234', 'KWD')).toBe(1_234);
    expect(minor('1.5', 'JPY')).toMatch(/more than the 0 decimal places/);
    expect(minor('1.005')).toBe('"1.005" has more than the 2 decimal places that USD has');
  });

  it('can come in minor units', () => {
    expect(minor('1054', 'USD', POINT, 'minor')).toBe(1_054);
    expect(minor('10.5', 'USD', POINT, 'minor')).toMatch(/0 decimal places that minor units have/);
  });

  it('is read in the signs that the map names, and in no others', () => {
    expect(minor('1.234,50', 'EUR', { decimal: ',', group: '.' })).toBe(123_450);
    expect(minor("1'234'567.05", 'CHF', { decimal: '.', group: "'" })).toBe(123_456_705);
    expect(minor('1,234.50')).toMatch(/is no amount such as/);
    expect(minor('12,34.50', 'USD', { decimal: '.', group: ',' })).toMatch(/is no amount/);
  });

  it('is refused where it is none', () => {
    for (const text of ['', '.', '-', 'USD 5', '5 USD', '1e3', '0x10', '1.2.3', '--5', 'NaN', '∞']) expect(minor(text)).toMatch(/is no amount/);
    expect(minor('99999999999999999999')).toMatch(/too large to be counted exactly/);
    expect(minor('5', 'XYZ')).toMatch(/is no ISO 4217 currency code/);
  });
});

describe('a number', () => {
  it('is a plain decimal, whole or not', () => {
    expect(toNumber('42', POINT)).toEqual({ ok: true, value: 42 });
    expect(toNumber('-0,5', { decimal: ',' })).toEqual({ ok: true, value: -0.5 });
    expect(toNumber('4 2', POINT).ok).toBe(false);
    expect(toNumber('9007199254740993', POINT).ok).toBe(false);
  });
});
