import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '../../libs/kernel/event.js';
import { runReport } from '../../libs/projector/run-report.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { bonusAccrual, type Accrual, type BonusAccrualAnswer } from './bonus-accrual.js';
import { periodOfKind } from './bonus-plans.js';
import { exchangeRates } from '../exchange-rates/exchange-rates.projection.js';
import { targetAttainment } from './target-attainment.projection.js';

type Any = Said<{ type: string; data: object }>;
const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const at = (day: string): Instant => `2024-${day}T09:00:00.000Z`;
const on = (day: string, type: string, data: object): Any => ({ type, data, occurredAt: at(day), recordedAt: at(day) });
const target = (targetId: string, scopeId: string, from: string, to: string, more: object = {}) =>
  on('01-02', 'TargetSet', { targetId, metric: 'booked_value', scope: 'member', scopeId, period: { from, to }, amount: 100_000, currency: 'EUR', zone: 'Europe/Zurich', ...more });
const won = (day: string, dealId: string, amount: number, ownerId = 'ada') => on(day, 'DealClosed', { dealId, outcome: 'won', value: EUR(amount), ownerId, stage: 's' });
const deal = (dealId: string, ownerId = 'ada') => on('01-02', 'DealOpened', { dealId, name: dealId, ownerId, pipelineId: 'p', stage: 's', value: EUR(1) });
const reopened = (day: string, dealId: string, amount: number, ownerId = 'ada') => on(day, 'DealReopened', { dealId, outcome: 'won', value: EUR(amount), ownerId, stage: 's', reason: 'cancelled' });
const tiers = [{ attainmentPercentFrom: 0, rateBasisPoints: 500 }, { attainmentPercentFrom: 100, rateBasisPoints: 1_000 }];
const plan = { planId: 'sales', name: 'Sales', metric: 'booked_value', periodKind: 'quarter', currency: 'EUR', memberIds: ['ada', 'bob'], tiers, clawback: true, effectiveFrom: '2024-01-01' };

const log = new InMemoryLog('2024-01-01T00:00:00.000Z');
log.append<{ type: string; data: object }>(
  on('01-01', 'PolicySet', { policyId: 'settings', settings: { zone: 'Europe/Zurich' } }),
  on('01-01', 'BonusPlanDefined', plan),
  on('01-01', 'BonusPlanDefined', { ...plan, planId: 'meetings', name: 'Meetings', metric: 'meetings_held', periodKind: 'month', memberIds: ['ada'], tiers: [{ attainmentPercentFrom: 100, amountMinor: 2_000 }] }),
  on('01-01', 'BonusPlanDefined', { ...plan, planId: 'kept', name: 'Kept', memberIds: ['ada'], clawback: false }),
  target('ada-q1', 'ada', '2024-01-01', '2024-03-31'), target('ada-q2', 'ada', '2024-04-01', '2024-06-30', { amount: 50_000 }), target('ada-jan', 'ada', '2024-01-01', '2024-01-31', { metric: 'meetings_held', amount: 1, currency: undefined }),
  deal('d1'), deal('d2'), deal('d3'),
  on('01-03', 'MeetingScheduled', { meetingId: 'm1', subject: { kind: 'deal', id: 'd1' }, title: 'Demo', ownerId: 'ada', attendeeIds: [], startsAt: at('01-04'), endsAt: at('01-04'), zone: 'UTC' }), on('01-04', 'MeetingHeld', { meetingId: 'm1', outcome: 'progressed' }),
  won('01-10', 'd1', 80_000), won('02-10', 'd2', 40_000),
  on('04-02', 'BonusApproved', { planId: 'sales', memberId: 'ada', period: { from: '2024-01-01', to: '2024-03-31' }, amount: EUR(7_000), lines: [], approvedBy: 'mia' }),
  reopened('04-20', 'd2', 40_000), won('05-10', 'd3', 20_000), won('05-20', 'd2', 45_000),
  on('06-01', 'BonusPlanRevised', { ...plan, effectiveFrom: '2024-07-01', tiers: [{ attainmentPercentFrom: 0, rateBasisPoints: 100 }], capMinor: 10, reason: 'new year' }),
);

describe('the bonus report', () => {
  let kind: StoreKind;
  let store: ReadStore;
  beforeAll(async () => {
    kind = await configuredKind();
    store = await kind.empty();
    await catchUp(store, log, [targetAttainment, exchangeRates]);
  });
  afterAll(() => kind.stop());

  const ask = async (query: Readonly<Record<string, unknown>>): Promise<BonusAccrualAnswer> => {
    const outcome = await runReport(store, bonusAccrual, query);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    return outcome.answer as unknown as BonusAccrualAnswer; // the answer of the report that was asked
  };
  const one = async (planId: string, query: Readonly<Record<string, unknown>>): Promise<Accrual> => (await ask({ plan: planId, owner: 'ada', ...query })).bonuses[0]!;
  const told = ({ lines }: Accrual) => lines.map(({ kind: what, amountMinor, dealIds }) => [what, amountMinor, dealIds]);

  it('accrues by tiers of attainment, each line with its deals', async () => {
    const accrual = await one('sales', { on: '2024-02-29', asOf: '2024-04-10T00:00:00Z' });
    expect(accrual).toMatchObject({ period: { from: '2024-01-01', to: '2024-03-31' }, target: { targetId: 'ada-q1', amount: 100_000 }, attainment: { value: 1.2 }, basis: 120_000, earned: 7_000, clawback: 0, accrued: 7_000, approved: { amountMinor: 7_000, by: 'mia', at: at('04-02') } });
    expect(told(accrual)).toEqual([['rate', 5_000, ['d1', 'd2']], ['rate', 2_000, ['d2']]]);
  });
  it('takes back in the next quarter what a deal of the last one had brought there', async () => {
    // Without d2 the first quarter would have brought 5 % of 80,000.
    const accrual = await one('sales', { on: '2024-06-30', asOf: '2024-07-02T00:00:00Z' });
    expect(accrual).toMatchObject({ attainment: { numerator: 25_000, denominator: 50_000 }, basis: 65_000, earned: 4_000, clawback: -3_000, accrued: 1_000, approved: null });
    expect(told(accrual)).toEqual([['rate', 2_500, ['d3', 'd2']], ['rate', 1_500, ['d2']], ['clawback', -3_000, ['d2']]]);
  });
  it('leaves the past quarter as it was', async () => expect(await one('sales', { on: '2024-03-31' })).toMatchObject({ accrued: 7_000, clawback: 0 }));
  it('counts a deal once under a plan without clawback', async () => {
    expect(await one('kept', { on: '2024-05-01' })).toMatchObject({ basis: 20_000, earned: 1_000, clawback: 0 });
  });
  it('pays an amount for meetings, traced to their events', async () => {
    const accrual = await one('meetings', { on: '2024-01-31' });
    expect(accrual).toMatchObject({ basis: 1, accrued: 2_000 });
    expect(accrual.lines).toMatchObject([{ dealIds: [], eventIds: [expect.any(String)] }]);
  });
  it('accrues nothing without a target', async () => {
    expect((await ask({ plan: 'sales', owner: 'bob', on: '2024-02-01' })).bonuses).toMatchObject([{ target: null, attainment: null, accrued: 0, lines: [] }]);
  });
  it('follows the terms in force on the period’s first day, and none before the plan', async () => {
    expect(await one('sales', { on: '2024-07-01' })).toMatchObject({ period: { from: '2024-07-01', to: '2024-09-30' }, target: null });
    expect((await ask({ on: '2023-12-31' })).total).toBe(0);
  });
});

describe('the period of a plan', () => {
  it('is the quarter or year of the company’s fiscal calendar', () => {
    expect(periodOfKind('quarter', '2024-02-29', 1)).toEqual({ from: '2024-01-01', to: '2024-03-31' });
    expect(periodOfKind('quarter', '2024-01-31', 2)).toEqual({ from: '2023-11-01', to: '2024-01-31' });
    expect(periodOfKind('year', '2024-03-31', 4)).toEqual({ from: '2023-04-01', to: '2024-03-31' });
    expect(periodOfKind('month', '2024-02-10', 4)).toEqual({ from: '2024-02-01', to: '2024-02-29' });
  });
});
