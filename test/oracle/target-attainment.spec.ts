import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { targetAttainment } from '../../projections/target-attainment/target-attainment.projection.js';
import { TARGET_GROUPS } from '../../projections/target-attainment/target-attainment.params.js';
import { targetAttainmentStatus } from '../../projections/target-attainment/target-attainment.report.js';
import type { At } from './differences.js';
import { liveOn, momentAt } from './live.js';
import { compareAttainment, type TargetsAsked } from './target-attainment.compare.js';
import { salesHistory, steps } from './target-attainment.histories.js';
import { oracleRuns } from './runs.js';

const HISTORIES = 3;
const STEPS = 1_000;
const QUESTIONS = 6;
/** What these histories have of each origin. */
const ORIGINS_ASKED = [{ source: 'web' }, { source: 'fair', product: 'pro' }, { campaign: 'k' }, { pipeline: 'p', region: 'EU' }, { product: 'base' }, { region: 'EU' }, { region: 'US' }, { segment: 'large' }] as const;
describe('the target attainment report against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  it('agrees on every figure of any history, zone, credit and moment of knowledge', async () => {
    const question = fc.record({
      tz: fc.constantFrom(undefined, 'Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'), credit: fc.constantFrom('at-event', 'current'), convert: fc.constantFrom('none', 'at-event', 'constant'), groupBy: fc.constantFrom(...TARGET_GROUPS.filter((group) => group !== 'none')), rates: fc.nat(120), origin: fc.option(fc.constantFrom(...ORIGINS_ASKED), { freq: 2 }), known: fc.option(fc.double({ min: 0.1, max: 1, noNaN: true })),
    });
    let compared = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      const store = await kind.empty();
      const log = new InMemoryLog('2024-01-01T00:00:00.000Z');
      log.append(...salesHistory(taken));
      await catchUp(store, log, [targetAttainment, funnel, exchangeRates]);
      const asked = questions.map(({ tz, credit, convert, groupBy, rates, origin, known }): At<TargetsAsked> => ({
        asked: { from: '2024-01-01', to: '2024-12-31', credit, convert, groupBy, ratesOn: new Date(Date.parse('2024-01-15') + rates * 86_400_000).toISOString().slice(0, 10), ...(tz !== undefined && { tz }), ...origin },
        asOf: known === null ? '2024-05-19T23:30:00.000Z' : momentAt(log, known),
      }));
      const found = await compareAttainment(liveOn(store, log, targetAttainmentStatus), asked);
      expect(found.differences).toEqual([]);
      compared += found.compared;
    }), oracleRuns(HISTORIES));
    expect(compared).toBeGreaterThan(HISTORIES * QUESTIONS);
  });
});
