import type { ExchangeRate } from '../../libs/domain/deal/events.js';
import type { Money } from '../../libs/kernel/event.js';
import { minorDigits } from '../../libs/kernel/money.js';

const MICRO = 1_000_000;

/** What one minor unit of a currency is in minor units of another: the rate is per whole unit, and currencies have other minor units. One division, so that it is the double nearest to the truth. */
export function minorFactor(currency: string, { to, perUnitMicro }: ExchangeRate): number {
  const digits = minorDigits(to) - minorDigits(currency);
  return digits >= 0 ? (perUnitMicro * 10 ** digits) / MICRO : perUnitMicro / (MICRO * 10 ** -digits);
}

/** The amount in the currency of the rate, rounded to its minor unit; undefined without a rate. */
export function converted({ amountMinor, currency }: Money, rate: ExchangeRate | undefined): Money | undefined {
  if (!rate) return undefined;
  return { amountMinor: Math.round((amountMinor * rate.perUnitMicro * 10 ** (minorDigits(rate.to) - minorDigits(currency))) / MICRO), currency: rate.to };
}
