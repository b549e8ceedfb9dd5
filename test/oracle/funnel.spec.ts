import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../../projections/coordinator-efficiency/roster.projection.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import { GROUPS } from '../../projections/funnel/funnel.params.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { funnelStatus } from '../../projections/funnel/funnel.report.js';
import { targetAttainment } from '../../projections/target-attainment/target-attainment.projection.js';
import type { At } from './differences.js';
import { compareFunnel } from './funnel.compare.js';
import { funnelHistory } from './funnel.histories.js';
import type { Question } from './funnel.js';
import { momentAt, withLive } from './live.js';
import { steps } from './target-attainment.histories.js';
import { oracleRuns } from './runs.js';

const HISTORIES = 2;
const STEPS = 2_000;
const QUESTIONS = 16;

const day = (offset: number): string => new Date(Date.UTC(2024, 0, 10 + offset)).toISOString().slice(0, 10);
const filters = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 4, arbitrary: fc.constantFrom<Partial<Question>>({ owner: 'ada' }, { team: 'north' }, { role: 'executive' }, { source: 'web' }, { pipeline: 'q' }, { product: 'pro' }, { region: 'EU' }, { segment: 'small' }, { campaign: 'k0' }) });
const question = fc.record({
  first: fc.nat(150), days: fc.nat(90), tz: fc.constantFrom('Europe/Zurich', 'America/Havana', 'Asia/Kolkata', 'UTC'), groupBy: fc.constantFrom(...GROUPS), credit: fc.constantFrom('at-event', 'current'),
  cohortStep: fc.constantFrom('captured', 'contacted', 'qualified', 'meeting_held', 'deal_opened', 'new', 'legal', 'demo', 'won'), currency: fc.constantFrom(undefined, 'EUR', 'USD'), convert: fc.constantFrom('none', 'at-event', 'constant'),
  ratesOn: fc.option(fc.nat(160), { nil: undefined }), filters, known: fc.option(fc.double({ min: 0.2, max: 1, noNaN: true })),
});

describe('the funnel report against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  it('agrees on every figure of any history, period, zone, group, filter, currency and moment of knowledge', async () => {
    let compared = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      await withLive(kind, [funnel, targetAttainment, exchangeRates, roster], funnelStatus, funnelHistory(taken), async ({ log, ask }) => {
        const asked = questions.map(({ first, days, known, currency, ratesOn, filters: only, ...rest }): At<Question> => ({
          asked: { from: day(first), to: day(first + days), ...rest, ...only, ...(currency === undefined ? { convert: 'none' } : { currency }), ...(ratesOn !== undefined && { ratesOn: day(ratesOn) }) },
          asOf: momentAt(log, known ?? 1),
        }));
        const found = await compareFunnel({ log, ask }, asked);
        expect(found.differences).toEqual([]);
        compared += found.compared;
      });
    }), oracleRuns(HISTORIES));
    expect(compared).toBeGreaterThan(HISTORIES * QUESTIONS);
  });
});
