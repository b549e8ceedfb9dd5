import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../../projections/coordinator-efficiency/coordinator-efficiency.projection.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { retention } from '../../projections/retention/retention.projection.js';
import { RETENTION_GROUPS } from '../../projections/retention/retention.params.js';
import { retentionReportDefinition } from '../../projections/retention/retention.report.js';
import { steps } from './coordinator-efficiency.histories.js';
import type { At } from './differences.js';
import { momentAt, withLive } from './live.js';
import { compareRetention } from './retention.compare.js';
import { clientHistory } from './retention.histories.js';
import type { Question } from './retention.js';
import { oracleRuns } from './runs.js';

const HISTORIES = 3;
const STEPS = 1_000;
const QUESTIONS = 12;
const ZONES = ['Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'UTC'];

const day = (offset: number): string => new Date(Date.UTC(2023, 8, 28 + offset)).toISOString().slice(0, 10);
describe('the retention report against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  it('agrees on every figure of any history, period, zone, group, currency and moment of knowledge', async () => {
    const question = fc.record({
      first: fc.nat(300), days: fc.nat(120), tz: fc.constantFrom(...ZONES), groupBy: fc.constantFrom(...RETENTION_GROUPS), credit: fc.constantFrom('at-event', 'current'), currency: fc.constantFrom(undefined, 'EUR', 'CHF'), convert: fc.constantFrom('none', 'constant'), ratesOn: fc.option(fc.nat(400), { nil: undefined }),
      only: fc.oneof(fc.constant({}), fc.constantFrom<Partial<Question>>({ owner: 'ada' }, { team: 'south' }, { role: 'coordinator' }, { source: 'web' }, { campaign: 'k1' }, { pipeline: 'p' }, { product: 'pro' }, { region: 'EU' }, { segment: 'small' })),
      cohort: fc.constantFrom('active', 'buying'), cohorts: fc.integer({ min: 1, max: 14 }), known: fc.option(fc.double({ min: 0.2, max: 1, noNaN: true })),
    });
    let compared = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      await withLive(kind, [retention, roster, funnel, exchangeRates], retentionReportDefinition, clientHistory(taken), async ({ log, ask }) => {
        const asked = questions.map(({ first, days, known, currency, ratesOn, only, ...rest }): At<Question> => ({
          asked: { from: day(first), to: day(first + days), ...rest, ...only, ...(currency === undefined ? { convert: 'none' } : { currency }), ...(ratesOn !== undefined && { ratesOn: day(ratesOn) }) },
          ...(known !== null && { asOf: momentAt(log, known) }),
        }));
        const found = await compareRetention({ log, ask }, asked);
        expect(found.differences).toEqual([]);
        compared += found.compared;
      });
    }), oracleRuns(HISTORIES));
    expect(compared).toBeGreaterThan(HISTORIES * QUESTIONS);
  });
});
