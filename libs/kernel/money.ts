const CODES = new Set(Intl.supportedValuesOf('currency'));

/** Whether it is an ISO 4217 code that the platform knows. */
export const isCurrency = (value: unknown): value is string => typeof value === 'string' && CODES.has(value);

/** Digits after the point in a currency: 2 for EUR, 0 for JPY, 3 for KWD. */
export const minorDigits = (currency: string): number => new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
