import type { TableSpec } from '../../libs/kernel/projection.js';

const quote: TableSpec = {
  comment: 'The last exchange rate between two currencies that an event of a day gave.',
  key: ['currency', 'to_currency', 'quoted_on'],
  columns: {
    currency: { type: 'text', comment: 'One whole unit of this currency …' },
    to_currency: { type: 'text', comment: '… is worth this much of this one.' },
    quoted_on: { type: 'date', comment: 'The day, in UTC.' },
    quoted_at: { type: 'timestamptz', comment: 'When the event happened that gave the rate.' },
    per_unit_micro: { type: 'bigint', comment: 'Millionths of to_currency for one unit of currency.' },
  },
};

/** `exchange_rates_quote` in SQL. */
export const exchangeRatesTables = { quote };
export type ExchangeRatesTable = keyof typeof exchangeRatesTables;
