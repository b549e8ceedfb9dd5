import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerHead } from '../../libs/kernel/report.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import type { Distribution, FunnelFigures, Ratio, Step, Sum } from '../../projections/funnel/answer.js';
import { GROUPS } from '../../projections/funnel/funnel.params.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { funnelStatus, type FunnelAnswer } from '../../projections/funnel/funnel.report.js';
import { targetAttainment } from '../../projections/target-attainment/target-attainment.projection.js';
import { withLive } from './coordinator-efficiency.live.js';
import { funnelHistory } from './funnel.histories.js';
import { funnelOracle, type Question } from './funnel.js';
import { steps } from './target-attainment.histories.js';
import { oracleRuns } from './runs.js';

const HISTORIES = 2;
const STEPS = 2_000;
const QUESTIONS = 16;

const near = (value: unknown): unknown => {
  if (typeof value === 'number') return Math.round(value * 1e6) / 1e6;
  if (Array.isArray(value)) return value.map(near);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, near(each)])) : value;
};
const key = ({ pipeline, step }: Pick<Step, 'pipeline' | 'step'>): string => `${pipeline ?? ''}/${step}`;
const plain = ({ numerator, denominator, value }: Ratio) => [numerator, denominator, value];
const spread = ({ count, mean, median, p90 }: Distribution) => [count, mean, median, p90];
const sums = (values: readonly Sum[]) => values.map(({ currency, amountMinor, count }) => [currency, amountMinor, count]);

/** The report's answer in the oracle's shape. */
function said(figures: FunnelFigures): Record<string, unknown> {
  const { standing, weightedPipeline, entries, periodConversion, cohortConversion, stageDurations, winRate, createdWinRate, cohortWinRate, cycleTimes, salesVelocity, stalled, blocked, leakage, sources } = figures;
  return {
    standing: standing.filter(({ count }) => count > 0).map((each) => [key(each), each.count, sums(each.values)]).sort(),
    weighted: weightedPipeline.map(({ currency, amountMinor }) => [currency, amountMinor]),
    entries: entries.filter(({ count }) => count > 0).filter(({ step, pipeline }) => step !== 'deal_opened' || pipeline !== null).map((each) => [key(each), each.count]).sort(),
    pairs: periodConversion.map(({ from, to, conversion }) => [to.pipeline ?? '', from.step, to.step, plain(conversion)]),
    cohort: [cohortConversion.size, cohortConversion.reached.map(({ pipeline, step, conversion }) => [pipeline ?? '', step, conversion.numerator])],
    durations: stageDurations.filter(({ count, open }) => count + open.count > 0).map((each) => [key(each), spread(each), each.open.count, each.open.medianAge]).sort(),
    winRate: [winRate.won, winRate.lost, winRate.wonReversed, winRate.lostReversed, plain(winRate.byCount), winRate.byValue.map((each) => [each.currency, plain(each)])],
    created: [plain(createdWinRate), cohortWinRate.open], cycles: [spread(cycleTimes.won), spread(cycleTimes.lost), spread(cycleTimes.open)],
    velocity: salesVelocity.map((each) => [each.currency, each.openDeals, each.winRate, each.meanWonMinor, each.meanCycleDays, each.minorPerDay]),
    stalled: [stalled.count, sums(stalled.values), stalled.byStage.map((each) => [key(each), each.count]).sort()],
    blocked: [blocked.count, sums(blocked.values), blocked.byCause.map(({ cause, open, days }) => [cause, open, days]).sort()],
    leaks: leakage.map((each) => [`${key(each)}/${each.exit}/${each.reason}`, each.count, sums(each.values)]).sort(),
    sources: sources.map((each) => [`${each.source}/${each.campaign ?? ''}`, each.leads, each.contacted, each.qualified, each.meetingHeld, each.dealOpened, each.won, each.wonValues.map(({ currency, amountMinor, count, minorPerLead }) => [currency, amountMinor, count, minorPerLead])]).sort(),
  };
}

const day = (offset: number): string => new Date(Date.UTC(2024, 0, 10 + offset)).toISOString().slice(0, 10);
const filters = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 4, arbitrary: fc.constantFrom<Partial<Question>>({ owner: 'ada' }, { team: 'north' }, { role: 'executive' }, { source: 'web' }, { pipeline: 'q' }, { product: 'pro' }, { region: 'EU' }, { segment: 'small' }, { campaign: 'k0' }) });
const question = fc.record({
  first: fc.nat(150), days: fc.nat(90), tz: fc.constantFrom('Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'UTC'), groupBy: fc.constantFrom(...GROUPS), credit: fc.constantFrom('at-event', 'current'),
  cohortStep: fc.constantFrom('captured', 'contacted', 'qualified', 'meeting_held', 'deal_opened', 'new', 'legal', 'demo', 'won'), currency: fc.constantFrom(undefined, 'EUR', 'USD'), convert: fc.constantFrom('none', 'at-event', 'constant'),
  ratesOn: fc.option(fc.nat(160), { nil: undefined }), filters, known: fc.option(fc.double({ min: 0.2, max: 1, noNaN: true })),
});

describe('the funnel report against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); }, 120_000);
  afterAll(() => kind.stop());

  it('agrees on every figure of any history, period, zone, group, filter, currency and moment of knowledge', async () => {
    let compared = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      await withLive(kind, [funnel, targetAttainment, exchangeRates], funnelStatus, funnelHistory(taken), async ({ log, ask }) => {
        for (const { first, days, known, currency, ratesOn, filters: only, ...rest } of questions) {
          const asked: Question = { from: day(first), to: day(first + days), ...rest, ...only, ...(currency === undefined ? { convert: 'none' } : { currency }), ...(ratesOn !== undefined && { ratesOn: day(ratesOn) }) };
          const moment = { asOf: log.events[Math.floor((known ?? 1) * (log.events.length - 1))]!.recordedAt };
          const answer = await ask<FunnelAnswer & AnswerHead>({ ...asked, ...moment });
          const oracle = funnelOracle(log.events.filter(({ position }) => position <= answer.position), answer.asOf, asked);
          for (const [name, expected] of oracle) {
            const figures = answer.groups.find(({ group }) => group === name);
            const context = JSON.stringify({ asked, name, asOf: answer.asOf });
            expect([context, figures && near(said(figures))]).toEqual([context, near(expected)]);
            compared += 1;
          }
          expect(answer.groups.map(({ group }) => group).filter((name) => !oracle.has(name) && name !== 'all')).toEqual([]);
        }
      });
    }), oracleRuns(HISTORIES));
    expect(compared).toBeGreaterThan(HISTORIES * QUESTIONS);
  }, 120_000);
});
