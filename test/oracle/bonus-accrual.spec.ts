import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import { bonusAccrual } from '../../projections/target-attainment/bonus-accrual.js';
import { targetAttainment } from '../../projections/target-attainment/target-attainment.projection.js';
import type { Question } from './bonus-accrual.js';
import { compareBonuses } from './bonus-accrual.compare.js';
import type { At } from './differences.js';
import { momentAt, withLive } from './live.js';
import { salesHistory, steps } from './target-attainment.histories.js';
import { oracleRuns } from './runs.js';

const HISTORIES = 3;
const STEPS = 800;
const QUESTIONS = 12;
const MEMBERS = ['ada', 'bob', 'cleo', 'dan'];
const BEFORE = '2024-01-01T00:00:00.000Z';
const rates = [{ attainmentPercentFrom: 0, rateBasisPoints: 300 }, { attainmentPercentFrom: 40, rateBasisPoints: 700 }, { attainmentPercentFrom: 100, rateBasisPoints: 1_250 }];

const plan = (planId: string, periodKind: string, more: object = {}): Said<{ type: string; data: object }> => ({
  type: 'BonusPlanDefined', occurredAt: BEFORE, recordedAt: BEFORE,
  data: { planId, name: planId, metric: 'booked_value', periodKind, currency: 'EUR', memberIds: MEMBERS, tiers: rates, clawback: true, effectiveFrom: '2023-01-01', ...more },
});
const plans = [
  plan('quarter', 'quarter'), plan('month', 'month'), plan('capped', 'quarter', { capMinor: 4_000, tiers: [...rates, { attainmentPercentFrom: 130, amountMinor: 900 }] }), plan('kept', 'quarter', { clawback: false }),
  plan('meetings', 'month', { metric: 'meetings_held', memberIds: ['ada', 'bob'], tiers: [{ attainmentPercentFrom: 50, amountMinor: 500 }, { attainmentPercentFrom: 100, amountMinor: 700 }] }),
  { type: 'BonusPlanRevised', occurredAt: BEFORE, recordedAt: BEFORE, data: { planId: 'quarter', memberIds: ['ada', 'cleo'], tiers: rates.slice(1), clawback: true, effectiveFrom: '2024-03-15', reason: 'x' } },
];
/** Targets of exactly the plans' periods: random ones seldom are. */
const targets = MEMBERS.flatMap((scopeId, index) => [['2024-01-01', '2024-03-31'], ['2024-04-01', '2024-06-30'], ['2024-02-01', '2024-02-29'], ['2024-03-01', '2024-03-31'], ['2024-04-01', '2024-04-30']].map(([from, to], nth) => ({
  type: 'TargetSet', occurredAt: BEFORE, recordedAt: BEFORE, data: { targetId: `own-${scopeId}-${nth}`, metric: 'booked_value', scope: 'member', scopeId, period: { from, to }, amount: 150_000 + 40_000 * ((index + nth) % 4), currency: 'EUR', zone: nth % 2 ? 'America/New_York' : 'Europe/Zurich' },
})));

describe('the bonus report against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  it('agrees on every bonus of any history, period, zone, conversion and moment of knowledge', async () => {
    const question = fc.record({
      day: fc.nat(160), tz: fc.constantFrom(undefined, 'Europe/Zurich', 'Asia/Kolkata'), convert: fc.constantFrom('none', 'at-event', 'constant'), rates: fc.nat(120), known: fc.option(fc.double({ min: 0.3, max: 1, noNaN: true })),
    });
    const seen = { earned: 0, clawedBack: 0 };
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      await withLive(kind, [targetAttainment, exchangeRates], bonusAccrual, [...plans, ...targets, ...salesHistory(taken)], async ({ log, ask }) => {
        const dayAfter = (start: string, days: number): string => new Date(Date.parse(start) + days * 86_400_000).toISOString().slice(0, 10);
        const asked = questions.map(({ day, tz, convert, rates: ratesDay, known }): At<Question> => ({
          asked: { on: dayAfter('2024-01-15', day), convert, ratesOn: dayAfter('2024-01-15', ratesDay), ...(tz !== undefined && { tz }) }, asOf: momentAt(log, known ?? 1),
        }));
        const { found, earned, clawedBack } = await compareBonuses({ log, ask }, asked);
        expect(found.differences).toEqual([]);
        seen.earned += earned;
        seen.clawedBack += clawedBack;
      });
    }), oracleRuns(HISTORIES));
    expect(Math.min(seen.earned, seen.clawedBack)).toBeGreaterThan(HISTORIES);
  });
});
