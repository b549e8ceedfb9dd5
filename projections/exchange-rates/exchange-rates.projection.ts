import type { DealEvent } from '../../libs/domain/deal/events.js';
import type { Instant } from '../../libs/kernel/event.js';
import { projection } from '../../libs/kernel/projection.js';
import { exchangeRatesTables, type ExchangeRatesTable } from './exchange-rates.tables.js';

/** The last rate of a day. */
interface Quote {
  readonly at: Instant;
  readonly perUnitMicro: number;
}

type QuotingEvent = Extract<DealEvent, { type: 'DealOpened' | 'DealValueRevised' | 'DealClosed' }>;

const DAY_LENGTH = '2026-01-01'.length;

/** The rates that events gave, day by day: what amounts are converted by at one fixed date’s rates. */
export const exchangeRates = projection<Quote, QuotingEvent, ExchangeRatesTable>({
  name: 'exchange_rates',
  version: 1,
  tables: exchangeRatesTables,
  events: ['DealOpened', 'DealValueRevised', 'DealClosed'],
  key: ({ data: { rate, value }, occurredAt }) => (rate ? `${value.currency}/${rate.to}/${occurredAt.slice(0, DAY_LENGTH)}` : null),
  evolve(quote, { data: { rate }, occurredAt: at }) {
    if (!rate || (quote && quote.at > at)) return quote;
    return { at, perUnitMicro: rate.perUnitMicro };
  },
  rows({ at, perUnitMicro }, key) {
    const [currency, to, day] = key.split('/') as [string, string, string]; // the key is made of these three
    return { quote: [{ currency, to_currency: to, quoted_on: day, quoted_at: at, per_unit_micro: perUnitMicro }] };
  },
});
