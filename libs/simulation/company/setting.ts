import type { LocalDate } from '../../kernel/event.js';

/** Where the company sits: its days and quarters are cut here. */
export const COMPANY_ZONE = 'Europe/Copenhagen';
export const COMPANY_CURRENCY = 'EUR';

/** A part of the world that is sold to. */
export interface Market {
  readonly region: string;
  readonly zone: string;
  readonly currency: string;
  readonly weekdays: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

const WEEKDAYS = [1, 2, 3, 4, 5] as const;

/** In the order in which a growing company takes them on. */
export const MARKETS: readonly Market[] = [
  { region: 'Nordics', zone: 'Europe/Copenhagen', currency: 'EUR', weekdays: WEEKDAYS, fromMinute: 8 * 60 + 30, toMinute: 16 * 60 + 30 },
  { region: 'Americas', zone: 'America/New_York', currency: 'USD', weekdays: WEEKDAYS, fromMinute: 9 * 60, toMinute: 17 * 60 + 30 },
  { region: 'Iberia', zone: 'Europe/Madrid', currency: 'EUR', weekdays: WEEKDAYS, fromMinute: 9 * 60 + 30, toMinute: 18 * 60 },
  { region: 'Asia', zone: 'Asia/Singapore', currency: 'USD', weekdays: WEEKDAYS, fromMinute: 9 * 60, toMinute: 18 * 60 },
];

/** How business goes over the calendar year: spring, a quiet summer, a strong autumn, a short December. January first. */
export const SEASON: readonly number[] = [0.8, 0.95, 1.15, 1.1, 1.05, 0.95, 0.6, 0.7, 1.2, 1.3, 1.2, 0.75];

export const SEGMENTS = { small: { weight: 5, valueMinor: 700_000 }, mid: { weight: 3, valueMinor: 2_600_000 }, enterprise: { weight: 1, valueMinor: 9_500_000 } } as const;
export type Segment = keyof typeof SEGMENTS;

export const PRODUCTS = ['Ledger', 'Insight', 'Connect'] as const;

/** How many of a hundred leads come from where, and how good they are: 1 is a common one. */
export const SOURCES = {
  web: { weight: 38, quality: 0.85 }, referral: { weight: 14, quality: 1.7 }, partner: { weight: 12, quality: 1.35 }, outbound: { weight: 20, quality: 0.7 }, fair: { weight: 8, quality: 1.05 }, social: { weight: 8, quality: 0.55 },
} as const;
export type Source = keyof typeof SOURCES;

/** Days on which nobody of the company works, whatever their zone. */
export function holidaysOf(year: number): LocalDate[] {
  return [`${year}-01-01`, `${year}-05-01`, `${year}-12-24`, `${year}-12-25`, `${year}-12-26`, `${year}-12-31`];
}

/** Millionths of a euro for one US dollar: drifts over the year, the same every year. */
export const euroPerDollarMicro = (month: number): number => 905_000 + Math.round(25_000 * Math.sin((month / 12) * 2 * Math.PI));
