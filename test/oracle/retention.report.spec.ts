import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../libs/kernel/event.js';
import type { Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../../projections/coordinator-efficiency/coordinator-efficiency.projection.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { retention } from '../../projections/retention/retention.projection.js';
import { retentionReportDefinition, type RetentionAnswer } from '../../projections/retention/retention.report.js';
import { withLive } from './live.js';

type Asked = (query: object) => Promise<RetentionAnswer>;

const event = (stream: string, type: string, occurredAt: string, data: object, recordedAt = occurredAt): Said<DomainEvent> => ({ stream, type, data, occurredAt, recordedAt });
const client = (id: string, type: string, at: string, from: number, to: number, more: object = {}): Said<DomainEvent> => {
  const money = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
  return event(`client-${id}`, type, at, { clientId: id, ownerId: 'ada', from: money(from), to: money(to), monthlyRevenue: money(to), ...more });
};
const onboarded = (id: string, at: string, monthly: number, more: object = {}): Said<DomainEvent> => client(id, 'ClientOnboarded', at, 0, monthly, { name: 'n', contact: {}, ...more });
const MARCH = { from: '2024-03-01', to: '2024-03-31' };

describe('the retention report', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  const over = (history: readonly Said<DomainEvent>[], work: (ask: Asked) => Promise<void>): Promise<void> =>
    withLive(kind, [retention, roster, funnel, exchangeRates], retentionReportDefinition, [...history], ({ ask }) => work((query) => ask<RetentionAnswer>(query)));
  const rates = ({ groups }: RetentionAnswer) => groups[0]!.rates; // without groupBy there is one
  const revenue = (answer: RetentionAnswer) => rates(answer).revenue.map(({ currency, startMinor, churnMinor, contractionMinor, expansionMinor, grr, nrr }) => [currency, startMinor, churnMinor, contractionMinor, expansionMinor, grr.value, nrr.value]);

  it('has null for every rate of nothing', () => over([onboarded('new', '2024-03-05T00:00:00.000Z', 100)], async (ask) => {
    const answer = await ask(MARCH);
    expect(rates(answer)).toMatchObject({ logoRetention: { denominator: 0, value: null }, churn: { value: null }, revenue: [] });
    expect(answer.groups[0]).toMatchObject({ purchases: { repeatPurchaseRate: { value: null } }, satisfaction: { csat: { value: null }, nps: { value: null }, responseRate: { value: null } }, cases: { reopened: { value: null }, promisesKept: { value: null } } });
  }));

  it('caps each client at its starting revenue, and leaves new ones out of NRR', () => over([
    onboarded('grows', '2024-01-01T00:00:00.000Z', 1000), onboarded('shrinks', '2024-01-01T00:00:00.000Z', 1000), onboarded('leaves', '2024-01-01T00:00:00.000Z', 1000), onboarded('new', '2024-03-05T00:00:00.000Z', 9000),
    client('grows', 'ClientExpanded', '2024-03-10T00:00:00.000Z', 1000, 5000), client('grows', 'ClientDownsized', '2024-03-11T00:00:00.000Z', 5000, 3000),
    client('shrinks', 'ClientDownsized', '2024-03-10T00:00:00.000Z', 1000, 400), client('leaves', 'ClientChurned', '2024-03-10T00:00:00.000Z', 1000, 0, { reason: 'price' }),
  ], async (ask) => {
    const answer = await ask(MARCH);
    expect(revenue(answer)).toEqual([['EUR', 3000, 1000, 600, 2000, 1400 / 3000, 3400 / 3000]]);
    expect(rates(answer).logoRetention).toMatchObject({ numerator: 2, denominator: 3 });
    expect(answer.groups[0]!.movements.map(({ kind: what, count, amountMinor }) => [what, count, amountMinor])).toEqual([['churn', 1, -1000], ['contraction', 2, -2600], ['expansion', 1, 4000], ['new', 1, 9000]]);
  }));

  it('holds a client that left and came back within the period as kept', () => over([
    onboarded('a', '2024-01-01T00:00:00.000Z', 1000), client('a', 'ClientChurned', '2024-03-10T00:00:00.000Z', 1000, 0, { reason: 'price' }), client('a', 'ClientWonBack', '2024-03-20T00:00:00.000Z', 0, 700),
  ], async (ask) => {
    expect(revenue(await ask(MARCH))).toEqual([['EUR', 1000, 0, 300, 0, 0.7, 0.7]]);
    expect(rates(await ask({ from: '2024-03-01', to: '2024-03-15' })).logoRetention.value).toBe(0);
  }));

  it('books a movement at midnight in the period that it begins', () => over([
    onboarded('a', '2024-02-01T00:00:00.000Z', 1000), onboarded('b', '2024-03-01T00:00:00.000Z', 500), client('a', 'ClientChurned', '2024-03-01T00:00:00.000Z', 1000, 0, { reason: 'price' }),
  ], async (ask) => {
    expect(rates(await ask(MARCH)).churn).toMatchObject({ numerator: 1, denominator: 1 });
    expect(rates(await ask({ from: '2024-02-29', to: '2024-02-29' })).churn).toMatchObject({ numerator: 0, denominator: 1 });
  }));

  it('lets nothing take effect before what was told before it', () => over([
    onboarded('a', '2024-01-01T00:00:00.000Z', 1000), client('a', 'ClientExpanded', '2024-03-10T00:00:00.000Z', 1000, 1500), client('a', 'ClientChurned', '2024-02-20T00:00:00.000Z', 1500, 0, { reason: 'price' }),
  ].map((each, index) => ({ ...each, recordedAt: `2024-04-0${index + 1}T00:00:00.000Z` })), async (ask) => {
    expect(revenue(await ask(MARCH))).toEqual([['EUR', 1000, 1000, 0, 0, 0, 0]]);
  }));

  it('never adds up currencies', () => over([
    onboarded('a', '2024-01-01T00:00:00.000Z', 1000), onboarded('b', '2024-01-01T00:00:00.000Z', 0, { monthlyRevenue: { amountMinor: 300, currency: 'CHF' } }),
  ], async (ask) => {
    expect(revenue(await ask(MARCH)).map(([currency, start]) => [currency, start])).toEqual([['CHF', 300], ['EUR', 1000]]);
    expect(revenue(await ask({ ...MARCH, currency: 'CHF' })).map(([currency, start]) => [currency, start])).toEqual([['CHF', 300]]);
  }));

  it('counts a client that left at a month’s end as not active in the next, and marks the month that goes on', () => over([
    onboarded('a', '2024-01-31T23:59:59.999Z', 1000), onboarded('b', '2024-01-01T00:00:00.000Z', 1000), client('a', 'ClientChurned', '2024-03-01T00:00:00.000Z', 1000, 0, { reason: 'price' }), onboarded('c', '2024-02-29T12:00:00.000Z', 1000),
  ].sort((x, y) => (x.recordedAt! < y.recordedAt! ? -1 : 1)), async (ask) => {
    const { cohorts } = await ask({ to: '2024-02-29', cohorts: 2, asOf: '2024-03-15T00:00:00.000Z' });
    expect(cohorts.map(({ cohort, size, cells }) => [cohort, size, cells.map(({ numerator, immature }) => `${numerator}${immature ? '?' : ''}`)])).toEqual([['2024-01', 2, ['2', '2', '1?']], ['2024-02', 1, ['1', '1?']]]);
  }));

  it('measures days between purchases over a leap day, whoever sold them', () => over([
    onboarded('a', '2024-01-01T00:00:00.000Z', 0), ...['2024-02-28', '2024-03-01', '2024-03-04'].map((day, index) => event('client-a', 'PurchaseRecorded', `${day}T00:00:00.000Z`, { clientId: 'a', purchaseId: `p${index}`, amount: { amountMinor: 5, currency: 'EUR' }, ownerId: 'ada' })),
  ], async (ask) => {
    expect((await ask(MARCH)).groups[0]!.purchases).toMatchObject({ repeatPurchaseRate: { numerator: 1, denominator: 1 }, daysBetween: { count: 2, median: 2.5 } });
  }));

  it('tells the clients apart by where they came from: the deal that won them, else the lead', () => over([
    event('lead-l', 'LeadCaptured', '2023-12-01T00:00:00.000Z', { leadId: 'l', source: 'web', campaignId: 'spring', contact: {} }),
    event('deal-d', 'DealOpened', '2023-12-02T00:00:00.000Z', { dealId: 'd', name: 'd', ownerId: 'ada', pipelineId: 'sales', stage: 's', value: { amountMinor: 1, currency: 'EUR' }, leadId: 'l', source: 'fair', product: 'pro' }),
    onboarded('won', '2024-01-01T00:00:00.000Z', 1000, { dealId: 'd' }), onboarded('found', '2024-01-01T00:00:00.000Z', 500, { leadId: 'l' }), onboarded('walked-in', '2024-01-01T00:00:00.000Z', 300, { product: 'base' }),
    client('found', 'ClientChurned', '2024-03-10T00:00:00.000Z', 500, 0, { reason: 'price' }),
  ], async (ask) => {
    const starts = async (groupBy: string) => (await ask({ ...MARCH, groupBy })).groups.map(({ group, rates: { logoRetention, revenue: [eur] } }) => [group, logoRetention.numerator, logoRetention.denominator, eur?.startMinor]);
    expect(await starts('source')).toEqual([['fair', 1, 1, 1000], ['none', 1, 1, 300], ['web', 0, 1, 500]]);
    expect(await starts('campaign')).toEqual([['none', 1, 1, 300], ['spring', 1, 2, 1500]]);
    expect(await starts('pipeline')).toEqual([['none', 1, 2, 800], ['sales', 1, 1, 1000]]);
    expect(await starts('product')).toEqual([['base', 1, 1, 300], ['none', 0, 1, 500], ['pro', 1, 1, 1000]]);
    expect((await ask({ ...MARCH, source: 'fair', cohort: 'active', cohorts: 3 })).cohorts[0]).toMatchObject({ cohort: '2024-01', size: 1 });
  }));

  it('adds up currencies at the rates of one date, when told to', () => over([
    event('deal-d', 'DealOpened', '2024-01-01T00:00:00.000Z', { dealId: 'd', name: 'd', ownerId: 'ada', pipelineId: 'p', stage: 's', value: { amountMinor: 1, currency: 'CHF' }, rate: { to: 'EUR', perUnitMicro: 1_050_000 } }),
    onboarded('a', '2024-01-01T00:00:00.000Z', 1000), onboarded('b', '2024-01-01T00:00:00.000Z', 0, { monthlyRevenue: { amountMinor: 300, currency: 'CHF' } }), onboarded('c', '2024-01-01T00:00:00.000Z', 0, { monthlyRevenue: { amountMinor: 7, currency: 'USD' } }),
  ], async (ask) => {
    const start = async (query: object) => revenue(await ask({ ...MARCH, currency: 'EUR', ...query })).map(([currency, minor]) => [currency, minor]);
    expect([await start({}), await start({ convert: 'constant' }), await start({ convert: 'constant', ratesOn: '2023-12-31' })]).toEqual([[['EUR', 1000]], [['EUR', 1315]], [['EUR', 1000]]]);
    expect((await ask({ ...MARCH, currency: 'EUR', convert: 'constant', ratesOn: '2024-03-31' })).ratesOn).toBe('2024-03-31');
  }));

  it('has a starting point of its own for each day, week and fiscal quarter', () => over([
    event('policy-settings', 'PolicySet', '2024-01-01T00:00:00.000Z', { policyId: 'settings', settings: { zone: 'Europe/Zurich', fiscalYearStartMonth: 3 } }),
    onboarded('a', '2024-02-28T23:00:00.000Z', 1000), onboarded('b', '2024-02-29T23:00:00.000Z', 1000), client('a', 'ClientChurned', '2024-02-29T12:00:00.000Z', 1000, 0, { reason: 'price' }),
  ].sort((x, y) => (x.recordedAt! < y.recordedAt! ? -1 : 1)), async (ask) => {
    const kept = async (query: object) => (await ask(query)).groups.map(({ group, rates: { logoRetention: { numerator, denominator } } }) => [group, numerator, denominator]).filter(([, , of]) => Number(of) > 0);
    expect(await kept({ from: '2024-02-28', to: '2024-03-02', groupBy: 'day' })).toEqual([['2024-03-02', 1, 1]]);
    expect(await kept({ from: '2024-02-26', to: '2024-03-10', groupBy: 'week' })).toEqual([['2024-W10', 1, 1]]);
    expect(await kept({ from: '2024-01-01', to: '2024-08-31', groupBy: 'quarter' })).toEqual([['FY2024-Q2', 1, 1]]);
  }));
});
