import { ISO_4217_DIGITS } from './iso-4217.js';

/** Whether it is a currency code of ISO 4217 that the engine's table has. */
export const isCurrency = (value: unknown): value is string => typeof value === 'string' && ISO_4217_DIGITS.has(value);

/** Digits after the point in a currency: 2 for EUR, 0 for JPY, 3 for KWD. @throws RangeError for what is no currency code */
export function minorDigits(currency: string): number {
  const digits = ISO_4217_DIGITS.get(currency);
  if (digits === undefined) throw new RangeError(`${currency} is no ISO 4217 currency code; use one such as EUR`);
  return digits;
}

const EXACT_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * A whole number times `times` divided by `by` (both whole, `by` above zero), rounded to the nearest whole number, halves up.
 * Exact at any size: products of amounts and rates are beyond what doubles hold. @throws FigureTooLarge beyond 2^53 − 1
 */
export function scaled(amount: number | bigint, times: number | bigint, by: number | bigint): number {
  const [product, divisor] = [2n * BigInt(amount) * BigInt(times) + BigInt(by), 2n * BigInt(by)];
  const floor = product / divisor - (product < 0n && product % divisor !== 0n ? 1n : 0n);
  return exactly(floor);
}

/** The same number as a double. @throws FigureTooLarge where digits would be lost */
export function exactly(whole: bigint): number {
  if (whole > EXACT_MAX || whole < -EXACT_MAX) throw new FigureTooLarge(whole.toString());
  return Number(whole);
}

/** The sum of whole numbers, each exact, however large it is on the way. @throws FigureTooLarge where digits would be lost */
export function sumExactly(numbers: readonly number[]): number {
  let sum = 0;
  for (const each of numbers) {
    sum += each;
    if (Math.abs(sum) > Number.MAX_SAFE_INTEGER) return exactly(numbers.reduce((all, one) => all + BigInt(one), 0n));
  }
  return sum;
}

/** A figure that JSON numbers cannot say to the last digit: a wrong figure is worse than none. */
export class FigureTooLarge extends Error {
  constructor(figure: string) {
    super(`a figure is beyond 2^53 − 1, up to which amounts are exact (${figure}); narrow the report by period, currency or filter`);
  }
}
