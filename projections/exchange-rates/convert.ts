import type { ExchangeRate } from '../../libs/domain/deal/events.js';
import type { Money } from '../../libs/kernel/event.js';
import { FigureTooLarge, minorDigits, scaled } from '../../libs/kernel/money.js';

const MICRO_DIGITS = 6;

/** A fraction of whole numbers, both safe integers. */
export interface Factor {
  readonly times: number;
  readonly by: number;
}

/** What one minor unit of a currency is in minor units of another: the rate is per whole unit, and currencies have other minor units. */
export function minorFactor(currency: string, { to, perUnitMicro }: ExchangeRate): Factor {
  return { times: perUnitMicro, by: 10 ** (MICRO_DIGITS - minorDigits(to) + minorDigits(currency)) };
}

/** The amount in the currency of the rate, rounded to its minor unit, halves up; undefined without a rate, and beyond 2^53 − 1. */
export function converted({ amountMinor, currency }: Money, rate: ExchangeRate | undefined): Money | undefined {
  if (!rate) return undefined;
  const { times, by } = minorFactor(currency, rate);
  try {
    return { amountMinor: scaled(amountMinor, times, by), currency: rate.to };
  } catch (error) {
    if (error instanceof FigureTooLarge) return undefined;
    throw error;
  }
}
