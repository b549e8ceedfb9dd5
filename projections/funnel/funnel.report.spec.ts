import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DealEvent } from '../../libs/domain/deal/events.js';
import type { Instant } from '../../libs/kernel/event.js';
import { runReport } from '../../libs/projector/run-report.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { STORE_KINDS, type StoreKind } from '../../libs/testing/stores.js';
import type { FunnelFigures } from './answer.js';
import { roster } from '../coordinator-efficiency/roster.projection.js';
import { exchangeRates } from '../exchange-rates/exchange-rates.projection.js';
import { targetAttainment } from '../target-attainment/target-attainment.projection.js';
import { funnel } from './funnel.projection.js';
import { funnelStatus, type FunnelAnswer } from './funnel.report.js';

const at = (day: string, hour = 9): Instant => `2026-${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;
const money = (amountMinor: number, currency = 'EUR') => ({ amountMinor, currency });

/** Everything here is recorded when it happens. */
const on = <E extends { type: string; data: object }>(day: string, event: E): Said<E> => ({ ...event, occurredAt: at(day), recordedAt: at(day) });
type DealOpened = Extract<DealEvent, { type: 'DealOpened' }>;
const deal = (day: string, dealId: string, ownerId: string, amountMinor: number, more: Partial<DealOpened['data']> = {}) =>
  on(day, { type: 'DealOpened', data: { dealId, name: dealId, ownerId, pipelineId: 'sales', stage: 'proposal', value: money(amountMinor), ...more } });
const move = (day: string, dealId: string, from: string, to: string) => on(day, { type: 'DealStageChanged', data: { dealId, from, to } });
const close = (day: string, dealId: string, ownerId: string, outcome: 'won' | 'lost', amountMinor: number, stage: string, currency = 'EUR') =>
  on(day, { type: 'DealClosed', data: { dealId, outcome, value: money(amountMinor, currency), ownerId, stage, ...(outcome === 'lost' && { reason: 'price' }) } });
const lead = (day: string, leadId: string, source: string) => on(day, { type: 'LeadCaptured', data: { leadId, source, contact: {}, ownerId: 'ada' } });

/** January and February of a small company: two people, one pipeline, three leads and five deals. */
function companyLog(): InMemoryLog {
  const log = new InMemoryLog(at('01-01', 0));
  log.append<{ type: string; data: object }>(
    on('01-01', { type: 'PipelineDefined', data: { policyId: 'pipeline.sales', pipelineId: 'sales', name: 'Sales', stages: [{ stage: 'proposal', name: 'Proposal', probabilityPercent: 40, serviceLevelDays: 10 }, { stage: 'legal', name: 'Legal', probabilityPercent: 80 }] } }),
    on('01-01', { type: 'PolicySet', data: { policyId: 'settings', settings: { zone: 'Europe/Zurich', currency: 'EUR' } } }),
    on('01-01', { type: 'MemberAdded', data: { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'UTC', teamId: 'north' } }),
    on('01-01', { type: 'MemberAdded', data: { memberId: 'bob', name: 'Bob', role: 'executive', zone: 'UTC', teamId: 'south' } }),
    lead('01-02', 'l1', 'web'), lead('01-03', 'l2', 'web'), lead('01-04', 'l3', 'fair'),
    on('01-05', { type: 'LeadContacted', data: { leadId: 'l1', memberId: 'ada', channel: 'call', direction: 'outbound', automated: false } }),
    on('01-06', { type: 'LeadQualified', data: { leadId: 'l2' } }),
    deal('01-10', 'd1', 'bob', 10_000, { leadId: 'l1' }),
    deal('01-11', 'd2', 'bob', 20_000),
    deal('01-12', 'd3', 'ada', 30_000),
    on('01-12', { type: 'LeadDisqualified', data: { leadId: 'l3', reason: 'spam' } }),
    move('01-15', 'd1', 'proposal', 'legal'),
    close('01-20', 'd1', 'bob', 'won', 10_000, 'legal'),
    close('01-21', 'd2', 'bob', 'lost', 20_000, 'proposal'),
    on('01-22', { type: 'RoadblockRaised', data: { dealId: 'd3', roadblockId: 'r1', cause: 'legal' } }),
    deal('02-01', 'd4', 'ada', 900, { value: money(900, 'CHF'), rate: { to: 'EUR', perUnitMicro: 1_100_000 } }),
    deal('02-02', 'd5', 'bob', 5_000),
    on('02-03', { type: 'DealReassigned', data: { dealId: 'd5', ownerId: 'ada', from: 'bob' } }),
    on('02-10', { type: 'DealReopened', data: { dealId: 'd1', outcome: 'won', value: money(10_000), ownerId: 'bob', stage: 'proposal', reason: 'cancelled' } }),
    close('02-20', 'd5', 'ada', 'won', 5_000, 'proposal'),
  );
  return log;
}

describe.each(STORE_KINDS)('the funnel report on $name', ({ start }) => {
  let kind: StoreKind;
  let store: ReadStore;
  beforeAll(async () => {
    kind = await start();
    store = await kind.empty();
    await catchUp(store, companyLog(), [funnel, targetAttainment, exchangeRates, roster]);
  });
  afterAll(async () => {
    await store.close();
    await kind.stop();
  });

  async function answer(query: Record<string, string>): Promise<FunnelAnswer & { position: number; lagMs: number | null }> {
    const outcome = await runReport(store, funnelStatus, query);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    return outcome.answer as unknown as Awaited<ReturnType<typeof answer>>; // runReport knows every report's answer as an object only
  }
  const figures = async (query: Record<string, string>): Promise<FunnelFigures> => (await answer(query)).groups[0]!;
  const january = { from: '2026-01-01', to: '2026-01-31' };
  const february = { from: '2026-02-01', to: '2026-02-28' };
  const stepOf = <R extends { step: string }>(rows: readonly R[], step: string): R | undefined => rows.find((row) => row.step === step);

  it('counts and values what stands in each stage', async () => {
    const { standing, weightedPipeline } = await figures({ ...february, asOf: '2026-02-21T00:00:00Z' });
    expect(stepOf(standing, 'proposal')).toMatchObject({ count: 3, values: [{ currency: 'CHF', amountMinor: 900, count: 1 }, { currency: 'EUR', amountMinor: 40_000, count: 2 }] });
    expect(weightedPipeline).toEqual([{ currency: 'CHF', amountMinor: 360, count: 1 }, { currency: 'EUR', amountMinor: 16_000, count: 2 }]);
    expect(stepOf(standing, 'captured')).toMatchObject({ count: 0 });
    expect(stepOf(standing, 'contacted')).toMatchObject({ count: 1 });
  });

  it('converts by period from entries, and by cohort from whoever ever got there', async () => {
    const { periodConversion, cohortConversion } = await figures(january);
    expect(periodConversion.find(({ from }) => from.step === 'captured')?.conversion).toEqual({ numerator: 1, denominator: 3, value: 1 / 3 });
    expect(periodConversion.find(({ to }) => to.step === 'legal')?.conversion).toEqual({ numerator: 1, denominator: 3, value: 1 / 3 });
    expect(cohortConversion).toMatchObject({ step: 'captured', size: 5 }); // three leads, and two deals that skipped that step
    expect(stepOf(cohortConversion.reached, 'contacted')?.conversion.numerator).toBe(4);
    expect(stepOf(cohortConversion.reached, 'qualified')?.conversion.numerator).toBe(4);
    expect(stepOf(cohortConversion.reached, 'deal_opened')?.conversion.numerator).toBe(3);
    expect(stepOf(cohortConversion.reached, 'won')?.conversion.numerator).toBe(1);
  });

  it('measures each visit that ended, and counts open ones apart', async () => {
    const { stageDurations } = await figures({ ...january, asOf: '2026-02-01T00:00:00Z' });
    expect(stepOf(stageDurations, 'proposal')).toMatchObject({ count: 2, mean: 7.5, median: 7.5, open: { count: 1 } });
    expect(stepOf(stageDurations, 'legal')).toMatchObject({ count: 1, median: 5, open: { count: 0, medianAge: null } });
  });

  it('books a reversal in the month of the reopening and leaves the month of the closing as it was', async () => {
    expect((await figures(january)).winRate).toEqual({
      won: 1, lost: 1, wonReversed: 0, lostReversed: 0, byCount: { numerator: 1, denominator: 2, value: 0.5 }, byValue: [{ currency: 'EUR', numerator: 10_000, denominator: 30_000, value: 1 / 3 }],
    });
    expect((await figures(february)).winRate).toMatchObject({ won: 1, wonReversed: 1, byCount: { numerator: 0, denominator: 0, value: null }, byValue: [{ numerator: -5_000, denominator: -5_000, value: null }] });
  });

  it('tells created from cohort win rate, with the open deals apart', async () => {
    const then = await figures({ ...january, asOf: '2026-02-01T00:00:00Z' });
    expect(then.createdWinRate).toEqual({ numerator: 1, denominator: 3, value: 1 / 3 });
    expect(then.cohortWinRate).toEqual({ numerator: 1, denominator: 3, value: 1 / 3, open: 1 });
    expect((await figures(january)).createdWinRate.numerator).toBe(0); // reopened since
  });

  it('gives cycle times and velocity of the deals closed in the period', async () => {
    const { cycleTimes, salesVelocity } = await figures({ ...january, asOf: '2026-02-01T00:00:00Z' });
    expect(cycleTimes.won).toEqual({ count: 1, mean: 10, median: 10, p90: 10 });
    expect(cycleTimes.lost).toMatchObject({ count: 1, median: 10 });
    expect(cycleTimes.open).toMatchObject({ count: 1, median: 19 + 15 / 24 });
    expect(salesVelocity).toEqual([{ currency: 'EUR', openDeals: 1, winRate: 0.5, meanWonMinor: 10_000, meanCycleDays: 10, minorPerDay: 500 }]);
  });

  it('lists what is stalled, blocked and leaked', async () => {
    const { stalled, blocked, leakage } = await figures({ ...january, asOf: '2026-02-01T09:00:00Z' });
    expect(stalled).toMatchObject({ count: 1, values: [{ amountMinor: 30_000 }] });
    expect(blocked).toMatchObject({ count: 1, byCause: [{ cause: 'legal', open: 1 }] });
    expect(blocked.byCause[0]!.days).toBeCloseTo(9 + 14 / 24, 5); // until midnight in Zurich
    expect(leakage).toEqual(expect.arrayContaining([
      { step: 'captured', pipeline: null, exit: 'disqualified', reason: 'spam', count: 1, values: [] },
      { step: 'proposal', pipeline: 'sales', exit: 'lost', reason: 'price', count: 1, values: [{ currency: 'EUR', amountMinor: 20_000, count: 1 }] },
    ]));
  });

  it('follows leads from their source to the value won per lead', async () => {
    const { sources } = await figures({ ...january, asOf: '2026-02-01T00:00:00Z' });
    expect(sources).toEqual([
      { source: 'web', campaign: null, leads: 2, contacted: 2, qualified: 2, meetingHeld: 1, dealOpened: 1, won: 1, wonValues: [{ currency: 'EUR', amountMinor: 10_000, count: 1, minorPerLead: 5_000 }] },
      { source: 'fair', campaign: null, leads: 1, contacted: 0, qualified: 0, meetingHeld: 0, dealOpened: 0, won: 0, wonValues: [] },
    ]);
  });

  it('never mixes currencies, and converts at the rate on the event when told to', async () => {
    const only = await figures({ ...february, currency: 'EUR', asOf: '2026-02-21T00:00:00Z' });
    expect(stepOf(only.standing, 'proposal')).toMatchObject({ count: 3, values: [{ currency: 'EUR', amountMinor: 40_000 }] });
    const converted = await figures({ ...february, currency: 'EUR', convert: 'at-event', asOf: '2026-02-21T00:00:00Z' });
    expect(stepOf(converted.standing, 'proposal')).toMatchObject({ values: [{ currency: 'EUR', amountMinor: 40_990, count: 3 }] });
  });

  it.each(['owner', 'team', 'role', 'source', 'campaign', 'pipeline', 'product', 'region', 'segment', 'week', 'month', 'quarter', 'year'])('answers for each %s, now, as of the past and for present owners', async (groupBy) => {
    const queries: Record<string, string>[] = [{}, { asOf: '2026-02-01T00:00:00Z' }, { credit: 'current' }, { credit: 'current', asOf: '2026-02-01T00:00:00Z', currency: 'EUR', convert: 'at-event' }];
    for (const query of queries) {
      const { groups } = await answer({ from: '2026-01-01', to: '2026-02-28', groupBy, ...query });
      expect(groups.reduce((sum, group) => sum + group.createdWinRate.denominator, 0)).toBe('asOf' in query ? 3 : 5);
    }
  });

  it('credits the owner of the day, or the present one', async () => {
    const won = async (credit: string) => (await answer({ ...february, groupBy: 'owner', credit })).groups.map(({ group, createdWinRate }) => [group, createdWinRate.denominator]);
    expect(await won('at-event')).toEqual(expect.arrayContaining([['ada', 1], ['bob', 1]]));
    expect(await won('current')).toEqual(expect.arrayContaining([['ada', 2]]));
  });

  it('filters by team and role on the date of the event', async () => {
    expect((await figures({ ...january, team: 'north' })).createdWinRate.denominator).toBe(1);
    expect((await figures({ ...january, role: 'executive,manager' })).createdWinRate.denominator).toBe(2);
    expect((await figures({ ...january, source: 'fair' })).sources).toHaveLength(1);
  });

  it('starts the cohort at any step', async () => {
    expect((await figures({ ...january, cohortStep: 'legal' })).cohortConversion).toMatchObject({ step: 'legal', size: 1 });
  });

  it('names every parameter that does not fit', async () => {
    const outcome = await runReport(store, funnelStatus, { from: '1st of May', groupBy: 'colour', nonsense: '1', asOf: 'yesterday' });
    expect(outcome).toMatchObject({ ok: false, errors: expect.arrayContaining(['asOf', 'from', 'groupBy', 'nonsense'].map((field) => expect.objectContaining({ field }))) });
  });
});
