import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asProblem } from '../../libs/http/projection-side.js';
import { type ProblemError } from '../../libs/http/problem.js';
import type { DomainEvent } from '../../libs/kernel/event.js';
import { FigureTooLarge } from '../../libs/kernel/money.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import type { InMemoryLog, Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../../projections/coordinator-efficiency/roster.projection.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { funnelStatus } from '../../projections/funnel/funnel.report.js';
import { targetAttainment } from '../../projections/target-attainment/target-attainment.projection.js';
import { targetAttainmentStatus } from '../../projections/target-attainment/target-attainment.report.js';
import { holding, liveOn } from '../oracle/live.js';

const MAX = Number.MAX_SAFE_INTEGER;
/** So many of the largest amounts are more than a bigint holds. */
const BEYOND_BIGINT = 1_030;

function won(dealId: string, product: string, amountMinor: number, currency = 'EUR', perUnitMicro?: number): Said<DomainEvent>[] {
  const value = { amountMinor, currency };
  const rate = perUnitMicro === undefined ? {} : { rate: { to: 'EUR', perUnitMicro } };
  return [
    { type: 'DealOpened', stream: `deal-${dealId}`, occurredAt: '2026-01-02T00:00:00.000Z', data: { dealId, name: 'd', ownerId: 'ada', pipelineId: 'p', stage: 's', value, product, ...rate } },
    { type: 'DealClosed', stream: `deal-${dealId}`, occurredAt: '2026-01-05T00:00:00.000Z', data: { dealId, outcome: 'won', value, ownerId: 'ada', stage: 's', ...rate } },
  ];
}

const HISTORY: readonly Said<DomainEvent>[] = [
  { type: 'TargetSet', stream: 'target-t', occurredAt: '2026-01-01T00:00:00.000Z', data: { targetId: 't', metric: 'booked_value', scope: 'company', period: { from: '2026-01-01', to: '2026-01-31' }, zone: 'UTC', currency: 'EUR', amount: MAX } },
  ...won('one', 'one', MAX), ...won('usd', 'usd', 9_007_199_254_740_931, 'USD', 925_137), ...won('huf', 'huf', 125_050, 'HUF', 2_500),
  ...won('odd', 'odd', MAX - 1), ...won('odd2', 'odd', 1), ...won('two', 'two', MAX), ...won('two2', 'two', 1),
  ...Array.from({ length: BEYOND_BIGINT }, (_, index) => won(`m${index}`, 'many', MAX)).flat(),
];

describe('amounts up to 2^53 − 1 minor units', () => {
  let [kind, store, log] = [undefined, undefined, undefined] as unknown as [StoreKind, ReadStore, InMemoryLog]; // made before the first test
  beforeAll(async () => {
    kind = await configuredKind();
    ({ store, log } = await holding(kind, [funnel, targetAttainment, exchangeRates, roster], HISTORY));
  }, 120_000);
  afterAll(async () => { await store.close(); await kind.stop(); });

  const funnelOf = (product: string, more: object = {}) => liveOn(store, log, funnelStatus)
    .ask<{ groups: readonly { winRate: { byValue: readonly object[] } }[] }>({ from: '2026-01-01', to: '2026-01-31', product, ...more })
    .then(({ groups }) => groups[0]!.winRate.byValue);
  const targetOf = (product: string, convert: string) =>
    liveOn(store, log, targetAttainmentStatus).ask<{ targets: readonly { booked: number }[] }>({ target: 't', product, convert }).then(({ targets }) => targets[0]!.booked);

  it('are summed to the last digit', async () => {
    expect(await funnelOf('one')).toEqual([{ currency: 'EUR', numerator: MAX, denominator: MAX, value: 1 }]);
    expect(await funnelOf('odd')).toMatchObject([{ numerator: MAX }]);
    expect(await targetOf('odd', 'none')).toBe(MAX);
  });

  it.each(['at-event', 'constant'])('are converted to the last digit, %s, by the minor units of ISO 4217', async (convert) => {
    expect(await funnelOf('usd', { currency: 'EUR', convert })).toMatchObject([{ currency: 'EUR', numerator: 8_332_893_296_933_261 }]);
    expect(await funnelOf('huf', { currency: 'EUR', convert })).toMatchObject([{ currency: 'EUR', numerator: 313 }]);
    expect(await targetOf('usd', convert)).toBe(8_332_893_296_933_261);
    expect(await targetOf('huf', convert)).toBe(313);
  });

  it.each(['two', 'many'])('whose sum is beyond are refused, not rounded: %s', async (product) => {
    await expect(funnelOf(product)).rejects.toBeInstanceOf(FigureTooLarge);
    await expect(targetOf(product, 'none')).rejects.toBeInstanceOf(FigureTooLarge);
  });

  it('are refused as a problem that says what to do', () => {
    const { problem } = asProblem(new FigureTooLarge('9007199254740992')) as ProblemError;
    expect(problem).toMatchObject({ status: 422, code: 'figure_too_large', detail: expect.stringContaining('narrow the report by period, currency or filter') });
  });
});

describe('text in tables', () => {
  it('is ordered by its code points, on every machine alike', async () => {
    const kind = await configuredKind();
    const { store } = await holding(kind, [roster], [{ type: 'MemberAdded', stream: 'member-ada', data: { memberId: 'ada', name: 'Ada', role: 'executive', zone: 'UTC' } }]);
    const columns = await store.query<{ name: string; collation: string }>(
      `SELECT a.attname AS name, c.collname AS collation FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation
       WHERE a.attrelid = 'roster_stay'::regclass AND a.attname <> 'entity'`);
    expect(new Set(columns.map(({ collation }) => collation))).toEqual(new Set(['C']));
    await store.close();
    await kind.stop();
  }, 120_000);
});
