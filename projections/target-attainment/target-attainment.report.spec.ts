import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '../../libs/kernel/event.js';
import { runReport } from '../../libs/projector/run-report.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { STORE_KINDS, type StoreKind } from '../../libs/testing/stores.js';
import { exchangeRates } from '../exchange-rates/exchange-rates.projection.js';
import { funnel } from '../funnel/funnel.projection.js';
import { targetAttainment } from './target-attainment.projection.js';
import { targetAttainmentStatus, type TargetAnswer, type TargetAttainmentAnswer } from './target-attainment.report.js';

type Any = Said<{ type: string; data: object }>;
const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const Q1 = { from: '2024-01-01', to: '2024-03-31' };

/** Everything here is recorded when it happens. */
const on = (at: Instant, type: string, data: object): Any => ({ type, data, occurredAt: at, recordedAt: at });
const morning = (day: string): Instant => `2024-${day}T09:00:00.000Z`;
const member = (memberId: string, teamId: string, role = 'executive') => on(morning('01-01'), 'MemberAdded', { memberId, name: memberId, role, zone: 'Europe/Zurich', teamId });
const target = (targetId: string, data: object) => on(morning('01-02'), 'TargetSet', { targetId, metric: 'booked_value', period: Q1, currency: 'EUR', zone: 'Europe/Zurich', ...data });
const open = (day: string, dealId: string, ownerId: string, value: object, more: object = {}) => on(morning(day), 'DealOpened', { dealId, name: dealId, ownerId, pipelineId: 'sales', stage: 'legal', value, ...more });
const win = (at: Instant, dealId: string, ownerId: string, value: object, more: object = {}) => on(at, 'DealClosed', { dealId, outcome: 'won', value, ownerId, stage: 'legal', ...more });

/** The first quarter of a leap year, in a zone that changes its clocks on its last day. */
function quarterLog(): InMemoryLog {
  const shares = [{ memberId: 'ada', percent: 60 }, { memberId: 'bob', percent: 40 }];
  const log = new InMemoryLog('2024-01-01T00:00:00.000Z');
  log.append(...[
    on(morning('01-01'), 'PolicySet', { policyId: 'settings', settings: { zone: 'Europe/Zurich', currency: 'EUR', holidays: ['2024-03-29'] } }),
    on(morning('01-01'), 'PipelineDefined', { policyId: 'pipeline.sales', pipelineId: 'sales', name: 'Sales', stages: [{ stage: 'legal', name: 'Legal', probabilityPercent: 80 }] }),
    member('ada', 'north', 'coordinator'), member('bob', 'north'), member('cleo', 'south'),
    target('ada-q1', { scope: 'member', scopeId: 'ada', amount: 100_000 }), target('bob-q1', { scope: 'member', scopeId: 'bob', amount: 90_000 }),
    target('north-q1', { scope: 'team', scopeId: 'north', amount: 250_000 }), target('south-q1', { scope: 'team', scopeId: 'south', amount: 50_000 }), target('all-q1', { scope: 'company', amount: 600_000, weights: [1, 1, 2] }),
    target('cleo-meetings', { metric: 'meetings_held', scope: 'member', scopeId: 'cleo', amount: 4, currency: undefined }),
    target('cleo-leads', { metric: 'qualified_leads', scope: 'member', scopeId: 'cleo', amount: 3, currency: undefined }), target('north-deals', { metric: 'won_deals', scope: 'team', scopeId: 'north', amount: 3, currency: undefined }),
    open('01-03', 'd1', 'ada', EUR(30_000)), open('01-03', 'd2', 'ada', EUR(10_001)), open('01-03', 'd3', 'bob', EUR(20_000)), open('01-03', 'd4', 'bob', EUR(5_000)),
    open('01-03', 'd5', 'ada', EUR(50_000), { expectedCloseOn: '2024-03-31' }), open('01-03', 'd6', 'ada', EUR(7_000), { expectedCloseOn: '2024-04-01' }), open('01-03', 'd7', 'ada', { amountMinor: 1_000, currency: 'USD' }),
    // Half past midnight of the first of February in Zurich.
    win('2024-01-31T23:30:00.000Z', 'd1', 'ada', EUR(30_000)),
    on(morning('02-01'), 'MeetingScheduled', { meetingId: 'm1', subject: { kind: 'deal', id: 'd3' }, title: 'Demo', ownerId: 'cleo', attendeeIds: [], startsAt: morning('02-05'), endsAt: morning('02-05'), zone: 'UTC' }),
    on(morning('02-05'), 'MeetingHeld', { meetingId: 'm1', outcome: 'progressed' }),
    on(morning('02-06'), 'LeadCaptured', { leadId: 'l1', source: 'web', contact: {}, ownerId: 'cleo' }), on(morning('02-06'), 'LeadQualified', { leadId: 'l1', ownerId: 'cleo' }),
    on(morning('02-07'), 'LeadAssigned', { leadId: 'l1', ownerId: 'ada', from: 'cleo' }),
    on(morning('02-10'), 'TargetRevised', { targetId: 'ada-q1', amount: 120_000, from: 100_000, currency: 'EUR', reason: 'new territory' }),
    win(morning('02-10'), 'd3', 'bob', EUR(20_000)),
    on(morning('02-15'), 'MemberMovedToTeam', { memberId: 'bob', teamId: 'south' }),
    on(morning('02-20'), 'DealCreditSplit', { dealId: 'd2', shares }), win(morning('02-20'), 'd2', 'ada', EUR(10_001), { shares }),
    win(morning('03-01'), 'd4', 'bob', EUR(5_000)),
    on(morning('03-05'), 'DealReopened', { dealId: 'd1', outcome: 'won', value: EUR(30_000), ownerId: 'ada', stage: 'legal', reason: 'signed the wrong paper' }),
    win(morning('03-06'), 'd7', 'ada', { amountMinor: 1_000, currency: 'USD' }, { rate: { to: 'EUR', perUnitMicro: 900_000 } }),
    on(morning('03-20'), 'DealReopened', { dealId: 'd3', outcome: 'won', value: EUR(20_000), ownerId: 'bob', stage: 'legal', reason: 'cancelled' }),
    on(morning('03-21'), 'TargetWithdrawn', { targetId: 'bob-q1', reason: 'changed role' }),
    // Told late: it happened in the quarter.
    { ...win(morning('03-28'), 'd6', 'ada', EUR(7_000)), recordedAt: morning('04-10') },
  ]);
  return log;
}

describe.each(STORE_KINDS)('the target attainment report on $name', ({ start }) => {
  let kind: StoreKind;
  let store: ReadStore;
  beforeAll(async () => {
    kind = await start();
    store = await kind.empty();
    await catchUp(store, quarterLog(), [targetAttainment, funnel, exchangeRates]);
  });
  afterAll(async () => {
    await store.close();
    await kind.stop();
  });

  const ask = async (query: Readonly<Record<string, unknown>>): Promise<TargetAttainmentAnswer> => {
    const outcome = await runReport(store, targetAttainmentStatus, query);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    return outcome.answer as unknown as TargetAttainmentAnswer; // the answer of the report that was asked
  };
  const one = async (targetId: string, query: Readonly<Record<string, unknown>> = {}): Promise<TargetAnswer> => (await ask({ asOf: '2024-03-08T12:00:00Z', target: targetId, ...query })).targets[0]!;

  it('says where a member stands within the quarter, against the target as revised', async () => {
    const answer = await one('ada-q1');
    expect(answer).toMatchObject({
      status: 'running', tz: 'Europe/Zurich', booked: 6_001, won: 36_001, reversed: -30_000, otherCurrencies: [{ currency: 'USD', booked: 1_000 }], sampleSize: 3,
      elapsedDays: 49, remainingDays: 15, totalDays: 64,
      attainment: { numerator: 6_001, denominator: 120_000 }, expectedToDate: 91_875, pace: { numerator: 6_001, denominator: 91_875 }, runRateForecast: 7_838, requiredPerDay: { numerator: 113_999, denominator: 15, value: 7_600 },
      asSet: { amount: 100_000, attainment: { numerator: 6_001, denominator: 100_000 }, expectedToDate: 76_563 }, asRevised: { amount: 120_000, at: morning('02-10') },
      revisions: [{ at: morning('02-10'), from: 100_000, to: 120_000, reason: 'new territory' }],
    });
    expect(answer.attainment!.value).toBeCloseTo(0.050_008_33, 8);
  });
  it('adds the weighted pipeline that is expected to close in the period, up to its last day', async () => {
    // d5 (50,000) and the reopened d1, which has no expected day; d6 is expected a day too late.
    expect(await one('ada-q1')).toMatchObject({ pipeline: { weighted: 40_000, deals: 1, withoutChance: 0 }, pipelineForecast: 46_001 });
  });
  it('cuts months in the target’s zone', async () => {
    expect((await one('ada-q1')).linearity!.map(({ day, over, numerator, denominator }) => [day, over, numerator, denominator])).toEqual([['2024-01-31', true, 0, 43_125], ['2024-02-29', true, 36_001, 82_500], ['2024-03-31', false, 6_001, 120_000]]);
    expect((await one('ada-q1', { tz: 'UTC' })).linearity!.map(({ numerator }) => numerator)).toEqual([30_000, 36_001, 6_001]);
  });
  it('knows only what was known then', async () => {
    expect(await one('ada-q1', { asOf: '2024-02-05T12:00:00Z' })).toMatchObject({ booked: 30_000, asRevised: { amount: 100_000, at: null }, revisions: [] });
    expect(await one('ada-q1', { asOf: '2024-04-01T12:00:00Z' })).toMatchObject({ status: 'over', booked: 6_001, remainingDays: 0, requiredPerDay: { denominator: 0, value: null }, expectedToDate: 120_000 });
    expect(await one('ada-q1', { asOf: '2024-04-11T12:00:00Z' })).toMatchObject({ booked: 13_001 });
  });
  it('credits a team with who was in it when it happened, and takes back from the team that had the deal', async () => {
    expect(await one('north-q1')).toMatchObject({ booked: 26_001, membersTargets: [{ of: 'member', targets: 1, amount: 120_000, difference: 130_000 }] });
    expect(await one('south-q1')).toMatchObject({ booked: 9_000 });
    expect(await one('north-q1', { asOf: '2024-03-25T12:00:00Z' })).toMatchObject({ booked: 6_001 });
    expect(await one('north-q1', { credit: 'current' })).toMatchObject({ booked: 6_001 });
    expect(await one('south-q1', { credit: 'current' })).toMatchObject({ booked: 29_000 });
  });
  it('sums a company by member and by role, each apart', async () => {
    const { booked, contributions, membersTargets } = await one('all-q1', { groupBy: 'member' });
    expect([booked, contributions!.map(({ group, booked: own }) => [group, own])]).toEqual([35_001, [['ada', 6_001], ['bob', 29_000]]]);
    expect([...membersTargets].sort((a, b) => (a.of < b.of ? -1 : 1))).toMatchObject([{ of: 'member', amount: 210_000 }, { of: 'team', amount: 300_000 }]);
    expect((await one('all-q1', { groupBy: 'role' })).contributions).toMatchObject([{ group: 'coordinator', booked: 6_001 }, { group: 'executive', booked: 29_000 }]);
  });
  it('follows a seasonal curve', async () => {
    // January and February weigh as much as March, of which 5 of 20 working days are over.
    expect(await one('all-q1')).toMatchObject({ expectedToDate: 375_000, linearity: [{ denominator: 150_000 }, { denominator: 300_000 }, { denominator: 600_000 }] });
  });
  it('counts meetings, leads and shares of deals', async () => {
    expect(await one('cleo-meetings')).toMatchObject({ booked: 1, attainment: { numerator: 1, denominator: 4, value: 0.25 }, expectedToDate: 3.06, pipelineForecast: null });
    expect(await one('cleo-leads')).toMatchObject({ booked: 1 });
    expect(await one('cleo-leads', { credit: 'current' })).toMatchObject({ booked: 0, attainment: { value: 0 } });
    expect(await one('north-deals')).toMatchObject({ booked: 2.6, won: 3.6, reversed: -1 });
  });
  it('converts at the rate on the event when asked to', async () => {
    expect(await one('ada-q1', { convert: 'at-event' })).toMatchObject({ booked: 6_901, otherCurrencies: [] });
  });
  it('measures nothing against a withdrawn target', async () => {
    const at = { asOf: '2024-03-25T12:00:00Z', from: '2024-03-25' };
    expect((await ask({ ...at, scope: 'member', metric: 'booked_value' })).targets.map(({ targetId }) => targetId)).toEqual(['ada-q1']);
    expect(await one('bob-q1', { ...at, includeWithdrawn: 'true' })).toMatchObject({ status: 'withdrawn', withdrawnAt: morning('03-21'), attainment: null, pace: null, asSet: { amount: 90_000, attainment: null } });
  });
  it('answers for the targets that run today, company first, and no more than asked for', async () => {
    const { total, targets } = await ask({ asOf: '2024-03-08T12:00:00Z', limit: '2' });
    expect([total, targets.map(({ targetId }) => targetId)]).toEqual([8, ['all-q1', 'north-q1']]);
    expect((await ask({ asOf: '2024-04-02T12:00:00Z' })).targets).toEqual([]);
    expect((await ask({ asOf: '2024-04-02T12:00:00Z', from: '2024-03-31' })).total).toBe(7);
  });
  it('compares with the quarter before', async () => {
    expect((await one('ada-q1', { compare: 'previous' })).previous).toEqual({ period: { from: '2023-10-01', to: '2023-12-31' }, booked: 0 });
  });
  it('covers what is missing with the open value expected to close in the period', async () => {
    expect(await one('ada-q1')).toMatchObject({ pipeline: { open: 50_000 }, coverage: { numerator: 50_000, denominator: 113_999, value: 50_000 / 113_999 } });
    expect(await one('cleo-meetings')).toMatchObject({ coverage: null });
    expect((await one('south-q1', { credit: 'current', asOf: '2024-03-08T12:00:00Z' })).coverage).toMatchObject({ denominator: 21_000, value: 0 });
  });
  it('tells what was booked apart by team, pipeline and month', async () => {
    const parts = async (groupBy: string, query: object = {}) => (await one('all-q1', { groupBy, ...query })).contributions!.map(({ group, booked }) => [group, booked]);
    expect(await parts('team')).toEqual([['north', 26_001], ['south', 9_000]]);
    expect(await parts('pipeline')).toEqual([['sales', 35_001]]);
    expect(await parts('month')).toEqual([['2024-02', 60_001], ['2024-03', -25_000]]);
    expect(await parts('month', { tz: 'UTC' })).toEqual([['2024-01', 30_000], ['2024-02', 30_001], ['2024-03', -25_000]]);
  });
  it('converts at the rates of one date when asked to', async () => {
    expect(await one('ada-q1', { convert: 'constant' })).toMatchObject({ booked: 6_901, otherCurrencies: [] });
    expect(await one('ada-q1', { convert: 'constant', ratesOn: '2024-03-05' })).toMatchObject({ booked: 6_001, otherCurrencies: [{ currency: 'USD', booked: 1_000 }] });
  });
});
