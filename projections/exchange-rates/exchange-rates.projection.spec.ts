import { describe, expect, it } from '@jest/globals';
import { projectionSpec } from '../../libs/testing/projection-spec.js';
import { converted, minorFactor } from './convert.js';
import { exchangeRates } from './exchange-rates.projection.js';

const { given } = projectionSpec(exchangeRates);
const opened = (at: string, currency: string, perUnitMicro?: number) =>
  ({ type: 'DealOpened', data: { dealId: 'd', name: 'd', ownerId: 'ada', pipelineId: 'p', stage: 's', value: { amountMinor: 1, currency }, ...(perUnitMicro !== undefined && { rate: { to: 'EUR', perUnitMicro } }) }, occurredAt: `2024-02-${at}.000Z` }) as const;

describe('the exchange rates', () => {
  it('are those that events gave, the last of each day', () =>
    given(opened('28T08:00:00', 'USD', 900_000), opened('28T18:00:00', 'USD', 910_000), opened('29T00:00:00', 'USD', 920_000), opened('28T09:00:00', 'CHF', 1_050_000), opened('28T10:00:00', 'USD')).thenRows('quote',
      { currency: 'USD', to_currency: 'EUR', quoted_on: '2024-02-28', per_unit_micro: 910_000 }, { currency: 'USD', to_currency: 'EUR', quoted_on: '2024-02-29', per_unit_micro: 920_000 }, { currency: 'CHF', to_currency: 'EUR', quoted_on: '2024-02-28', per_unit_micro: 1_050_000 }));
  it('are not set back by one told late', () =>
    given(opened('28T18:00:00', 'USD', 910_000), opened('28T08:00:00', 'USD', 900_000)).thenRows('quote', { quoted_at: '2024-02-28T18:00:00.000Z', per_unit_micro: 910_000 }));
  it('are per whole unit, whatever the minor units of either currency', () => {
    expect(minorFactor('JPY', { to: 'EUR', perUnitMicro: 6_314 })).toEqual({ times: 6_314, by: 10_000 });
    expect(minorFactor('EUR', { to: 'JPY', perUnitMicro: 160_000_001 })).toEqual({ times: 160_000_001, by: 100_000_000 });
    expect(converted({ amountMinor: 12_345, currency: 'EUR' }, { to: 'JPY', perUnitMicro: 160_000_000 })).toEqual({ amountMinor: 19_752, currency: 'JPY' });
  });
});
