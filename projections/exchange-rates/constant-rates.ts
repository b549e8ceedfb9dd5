import type { LocalDate } from '../../libs/kernel/event.js';
import type { ReportView } from '../../libs/kernel/report.js';
import { minorFactor, type Factor } from './convert.js';

/** How amounts in other currencies are said in the one asked for: not at all, at the rate on the event, or all at one date’s rates. */
export const CONVERSIONS = ['none', 'at-event', 'constant'] as const;
export type Conversion = (typeof CONVERSIONS)[number];

/** The rates of one date into currencies: of each pair the last that an event had given by then. */
export interface ConstantRates {
  readonly on: LocalDate;
  /** Minor units of a currency (the second key) that one minor unit of another (the first) was worth. */
  readonly factors: ReadonlyMap<string, ReadonlyMap<string, Factor>>;
}

/** The rates known of a date. Its table holds one row for each pair and day. */
export async function ratesOn(view: ReportView, on: LocalDate): Promise<ConstantRates> {
  const found = await view.query<{ currency: string; to_currency: string; per_unit_micro: number }>(
    `SELECT DISTINCT ON (q.currency, q.to_currency) q.currency, q.to_currency, q.per_unit_micro FROM ${view.table('exchange_rates_quote')} q WHERE q.quoted_on <= $1::date ORDER BY q.currency, q.to_currency, q.quoted_on DESC`, [on]);
  const factors = new Map<string, Map<string, Factor>>();
  for (const { currency, to_currency: to, per_unit_micro: perUnitMicro } of found) {
    factors.set(currency, (factors.get(currency) ?? new Map<string, Factor>()).set(to, minorFactor(currency, { to, perUnitMicro })));
  }
  return { on, factors };
}

/**
 * What one minor unit of each currency is worth in another, itself included: a SQL parameter of JSON. A rate has 13 digits at most, so that
 * the double nearest to it is written as exactly its decimal.
 */
export const factorsInto = ({ factors }: ConstantRates, to: string): Readonly<Record<string, number>> =>
  ({ ...Object.fromEntries([...factors].flatMap(([currency, into]) => { const factor = into.get(to); return factor === undefined ? [] : [[currency, factor.times / factor.by] as const]; })), [to]: 1 });

/** SQL for an amount in the currency that `factors` leads into, rounded; null where there is no rate. */
export const convertedSql = (minor: string, currency: string, factors: string): string => `round(${minor} * (${factors}::jsonb ->> ${currency})::numeric)::bigint`;
