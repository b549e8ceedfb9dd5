const CODES = new Set(Intl.supportedValuesOf('currency'));

/** Whether it is an ISO 4217 code that the platform knows. */
export const isCurrency = (value: unknown): value is string => typeof value === 'string' && CODES.has(value);

/** By currency, once asked for: a formatter takes some 20 µs to make, and every amount of every event is folded with one. */
const digits = new Map<string, number>();

/** Digits after the point in a currency: 2 for EUR, 0 for JPY, 3 for KWD. @throws RangeError for what is no currency code */
export function minorDigits(currency: string): number {
  const known = digits.get(currency);
  if (known !== undefined) return known;
  const found = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  if (isCurrency(currency)) digits.set(currency, found); // the platform's list bounds how many there can be
  return found;
}
