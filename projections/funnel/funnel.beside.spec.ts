import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '../../libs/kernel/event.js';
import { runReport } from '../../libs/projector/run-report.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../coordinator-efficiency/roster.projection.js';
import { exchangeRates } from '../exchange-rates/exchange-rates.projection.js';
import { targetAttainment } from '../target-attainment/target-attainment.projection.js';
import type { FunnelFigures } from './answer.js';
import { funnel } from './funnel.projection.js';
import { funnelStatus, type FunnelAnswer } from './funnel.report.js';

type Any = Said<{ type: string; data: object }>;
const EUR = (amountMinor: number, currency = 'EUR') => ({ amountMinor, currency });
const on = (at: Instant, type: string, data: object): Any => ({ type, data, occurredAt: at, recordedAt: at });
const opened = (at: Instant, dealId: string, value: object, more: object = {}) => on(at, 'DealOpened', { dealId, name: dealId, ownerId: 'ada', pipelineId: 'sales', stage: 'offer', value, ...more });
const won = (at: Instant, dealId: string, value: object, more: object = {}) => on(at, 'DealClosed', { dealId, outcome: 'won', value, ownerId: 'ada', stage: 'offer', ...more });
const target = (targetId: string, scope: string, from: string, to: string, amount: number, more: object = {}) =>
  on('2024-01-01T08:00:00.000Z', 'TargetSet', { targetId, metric: 'booked_value', scope, period: { from, to }, amount, currency: 'EUR', zone: 'Europe/Zurich', ...more });
const pipeline = (pipelineId: string, ...stages: string[]) =>
  on('2024-01-01T00:00:00.000Z', 'PipelineDefined', { policyId: `pipeline.${pipelineId}`, pipelineId, name: pipelineId, stages: stages.map((stage) => ({ stage, name: stage, probabilityPercent: 50, serviceLevelDays: 1 })) });
const MARCH = { from: '2024-03-01', to: '2024-03-31' };

/** The first half of a leap year whose fiscal year begins in April, in a zone that changes its clocks on the last day of March. */
const log = new InMemoryLog('2024-01-01T00:00:00.000Z');
log.append(
  on('2024-01-01T00:00:00.000Z', 'PolicySet', { policyId: 'settings', settings: { zone: 'Europe/Zurich', fiscalYearStartMonth: 4 } }),
  pipeline('sales', 'offer', 'legal'), pipeline('renewals', 'offer', 'signature'),
  on('2024-01-01T00:00:00.000Z', 'MemberAdded', { memberId: 'ada', name: 'Ada', role: 'executive', zone: 'UTC', teamId: 'north' }),
  target('march', 'company', '2024-03-01', '2024-03-31', 100_000), target('q4', 'company', '2024-01-01', '2024-03-31', 300_000), target('ada', 'member', '2024-03-01', '2024-03-31', 10_000, { scopeId: 'ada' }), target('north', 'team', '2024-03-01', '2024-03-31', 60_000, { scopeId: 'north' }),
  on('2024-01-02T00:00:00.000Z', 'TargetRevised', { targetId: 'north', amount: 50_000, from: 60_000, currency: 'EUR', reason: 'smaller team' }),
  opened('2024-02-29T22:59:59.999Z', 'leap', EUR(1_000)), won('2024-02-29T22:59:59.999Z', 'leap', EUR(1_000)),
  opened('2024-02-29T23:00:00.000Z', 'march', EUR(20_000)), opened('2024-03-02T09:00:00.000Z', 'open', EUR(40_000), { expectedCloseOn: '2024-03-31' }),
  on('2024-03-03T09:00:00.000Z', 'LeadCaptured', { leadId: 'l1', source: 'web', contact: {}, ownerId: 'ada' }),
  opened('2024-03-04T09:00:00.000Z', 'first', EUR(1), { leadId: 'l1' }), on('2024-03-04T10:00:00.000Z', 'DealStageChanged', { dealId: 'first', from: 'offer', to: 'legal' }),
  opened('2024-03-05T09:00:00.000Z', 'second', EUR(1), { leadId: 'l1', pipelineId: 'renewals' }), on('2024-03-05T10:00:00.000Z', 'DealStageChanged', { dealId: 'second', from: 'offer', to: 'signature' }),
  won('2024-03-08T09:00:00.000Z', 'first', EUR(1)),
  won('2024-03-31T00:30:00.000Z', 'march', EUR(20_000)),
  opened('2024-03-31T01:30:00.000Z', 'dollars', EUR(10_000, 'USD'), { rate: { to: 'EUR', perUnitMicro: 900_000 } }),
  on('2024-04-01T09:00:00.000Z', 'RoadblockRaised', { dealId: 'open', roadblockId: 'r', cause: 'legal' }),
  on('2024-04-10T09:00:00.000Z', 'RoadblockRaised', { dealId: 'open', roadblockId: 'again', cause: 'legal' }), on('2024-04-10T09:00:00.000Z', 'RoadblockRaised', { dealId: 'open', roadblockId: 'other', cause: 'budget' }),
  on('2024-04-12T09:00:00.000Z', 'RoadblockCleared', { dealId: 'open', roadblockId: 'again' }), on('2024-04-12T21:00:00.000Z', 'RoadblockCleared', { dealId: 'open', roadblockId: 'other' }),
  won('2024-04-30T21:59:59.999Z', 'dollars', EUR(10_000, 'USD'), { rate: { to: 'EUR', perUnitMicro: 950_000 } }),
);

describe('the funnel report beside its targets, its past and its calendar', () => {
  let kind: StoreKind;
  let store: ReadStore;
  beforeAll(async () => {
    kind = await configuredKind();
    store = await kind.empty();
    await catchUp(store, log, [funnel, targetAttainment, exchangeRates, roster]);
  });
  afterAll(() => kind.stop());

  const ask = async (query: Readonly<Record<string, string>>): Promise<FunnelAnswer> => {
    const outcome = await runReport(store, funnelStatus, { asOf: '2024-05-01T00:00:00Z', ...query });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    return outcome.answer as unknown as FunnelAnswer; // the answer of the report that was asked
  };
  const figures = async (query: Readonly<Record<string, string>>): Promise<FunnelFigures> => (await ask(query)).groups[0]!;
  const targets = ({ groups }: FunnelAnswer) => groups.map(({ group, targets: own }) => [group, own.map(({ targetId, amount, booked, open, coverage }) => [targetId, amount, booked, open, coverage?.value])]);

  it('shows the company’s target for exactly its period, and how far the open deals cover what is missing', async () => {
    expect((await figures({ ...MARCH, asOf: '2024-03-31T23:00:00Z' })).targets).toMatchObject([{ targetId: 'march', amount: 100_000, booked: 20_001, attainment: { value: 0.20001 }, open: 40_000, coverage: { numerator: 40_000, denominator: 79_999 } }]);
    expect((await figures({ from: '2024-03-02', to: '2024-03-31' })).targets).toEqual([]);
  });
  it('covers nothing of a target that is met', async () => {
    expect(targets(await ask({ ...MARCH, groupBy: 'owner' }))).toEqual([['ada', [['ada', 10_000, 20_001, 40_000, null]]]]);
  });
  it('shows the targets of teams, as revised, and of the parts of the period', async () => {
    expect(targets(await ask({ ...MARCH, groupBy: 'team' }))).toEqual([['north', [['north', 50_000, 20_001, 40_000, 40_000 / 29_999]]]]);
    expect(targets(await ask({ from: '2024-01-01', to: '2024-06-30', groupBy: 'quarter' }))).toEqual([['FY2023-Q4', [['q4', 300_000, 21_001, 40_000, 40_000 / 278_999]]], ['FY2024-Q1', []]]);
  });
  it('shows no target for figures that are cut by what none is set for', async () => {
    expect(targets(await ask({ ...MARCH, role: 'executive' }))).toEqual([['all', []]]);
    expect((await ask({ ...MARCH, groupBy: 'source' })).groups.flatMap((group) => group.targets)).toEqual([]);
  });
  it('sets the month before beside, leap day and all', async () => {
    const { period, groups: [now], previous } = await ask({ ...MARCH, compare: 'previous' });
    expect([period.since, previous?.period]).toEqual(['2024-02-29T23:00:00.000Z', { from: '2024-02-01', to: '2024-02-29', tz: 'Europe/Zurich', since: '2024-01-31T23:00:00.000Z', until: '2024-02-29T23:00:00.000Z' }]);
    expect([now!.winRate.won, previous!.groups[0]!.winRate.won]).toEqual([2, 1]);
  });
  it('cuts days where the clocks say, a day of 23 hours among them', async () => {
    const days = (await ask({ from: '2024-03-31', to: '2024-04-01', groupBy: 'day' })).groups.map(({ group, createdWinRate, winRate }) => [group, createdWinRate.denominator, winRate.won]);
    expect(days.filter(([, created, wins]) => Number(created) + Number(wins) > 0)).toEqual([['2024-03-31', 1, 1]]);
    expect((await ask({ from: '2024-03-31', to: '2024-03-31' })).period).toMatchObject({ since: '2024-03-30T23:00:00.000Z', until: '2024-03-31T22:00:00.000Z' });
  });
  it('has years and quarters of the fiscal calendar', async () => {
    const won = async (groupBy: string) => (await ask({ from: '2024-01-01', to: '2024-06-30', groupBy })).groups.filter(({ winRate }) => winRate.won > 0).map(({ group, winRate }) => [group, winRate.won]);
    expect([await won('year'), await won('quarter')]).toEqual([[['FY2023', 3], ['FY2024', 1]], [['FY2023-Q4', 3], ['FY2024-Q1', 1]]]);
  });
  it('converts all amounts at the rates of one date, or each at its own', async () => {
    const april = { from: '2024-04-01', to: '2024-04-30', currency: 'EUR' };
    const value = async (query: Readonly<Record<string, string>>) => (await figures({ ...april, ...query })).winRate.byValue.map(({ numerator }) => numerator);
    expect([await value({}), await value({ convert: 'at-event' }), await value({ convert: 'constant', ratesOn: '2024-03-31' }), await value({ convert: 'constant' }), await value({ convert: 'constant', ratesOn: '2024-03-30' })]).toEqual([[], [9_500], [9_000], [9_500], []]);
    expect((await figures(april)).winRate.byCount).toMatchObject({ numerator: 1, denominator: 1 });
    expect((await ask({ ...april, convert: 'constant' })).ratesOn).toBe('2024-05-01');
  });
  it('lets a journey through two pipelines reach the stages of both', async () => {
    const { reached } = (await figures(MARCH)).cohortConversion;
    expect(reached.filter(({ pipeline: own, step }) => own !== null && ['legal', 'signature', 'won'].includes(step)).map(({ pipeline: own, step, conversion }) => [own, step, conversion.numerator])).toEqual([['renewals', 'signature', 1], ['renewals', 'won', 0], ['sales', 'legal', 3], ['sales', 'won', 3]]);
  });
  it('counts what blocks now, also when it was raised after the period', async () => {
    expect((await figures(MARCH)).blocked).toMatchObject({ count: 1, byCause: [{ cause: 'legal', open: 1, days: 0 }] });
  });
  it('counts a day once on which one cause blocks a deal twice', async () => {
    const { byCause } = (await figures({ from: '2024-04-01', to: '2024-04-30' })).blocked;
    expect(byCause).toEqual([{ cause: 'budget', open: 0, days: 2.5 }, { cause: 'legal', open: 1, days: expect.closeTo(29 + 13 / 24, 9) }]);
  });
  it('measures a service level in days of 24 hours, whatever the clocks do', async () => {
    const stalled = async (asOf: string) => (await figures({ ...MARCH, asOf })).stalled.values;
    expect([await stalled('2024-04-01T01:30:00Z'), await stalled('2024-04-01T01:30:01Z')].map((values) => values.filter(({ currency }) => currency === 'USD'))).toMatchObject([[], [{ amountMinor: 10_000 }]]);
  });
  it('takes the mean won value of all deals won, so that a reversal cannot make it negative', async () => {
    const reversal = new InMemoryLog('2024-01-01T00:00:00.000Z');
    reversal.append(
      pipeline('sales', 'offer'), opened('2024-01-02T00:00:00.000Z', 'big', EUR(1_000)), won('2024-01-03T00:00:00.000Z', 'big', EUR(1_000)),
      ...['a', 'b'].map((id) => opened('2024-02-01T00:00:00.000Z', id, EUR(100))), ...['a', 'b'].map((id) => won('2024-02-11T00:00:00.000Z', id, EUR(100))),
      on('2024-02-12T00:00:00.000Z', 'DealReopened', { dealId: 'big', outcome: 'won', value: EUR(1_000), ownerId: 'ada', stage: 'offer', reason: 'cancelled' }),
    );
    store = await kind.empty();
    await catchUp(store, reversal, [funnel, targetAttainment, exchangeRates, roster]);
    expect((await figures({ from: '2024-02-01', to: '2024-02-29', asOf: '2024-03-01T00:00:00Z' })).salesVelocity).toEqual([{ currency: 'EUR', openDeals: 1, winRate: 1, meanWonMinor: 100, meanCycleDays: 10, minorPerDay: 10 }]);
  });
});
