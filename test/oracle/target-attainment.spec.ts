import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerHead } from '../../libs/kernel/report.js';
import { runReport } from '../../libs/projector/run-report.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { targetAttainment } from '../../projections/target-attainment/target-attainment.projection.js';
import { TARGET_GROUPS } from '../../projections/target-attainment/target-attainment.params.js';
import { targetAttainmentStatus, type TargetAnswer, type TargetAttainmentAnswer } from '../../projections/target-attainment/target-attainment.report.js';
import { salesHistory, steps } from './target-attainment.histories.js';
import { attainmentOracle, type Question } from './target-attainment.js';
import { oracleRuns } from './runs.js';

const HISTORIES = 3;
const STEPS = 1_000;
const QUESTIONS = 6;
const near = (value: number | null): number | null => (value === null ? null : Math.round(value * 1e6) / 1e6);

/** The report's answer in the oracle's shape. */
function said(answer: TargetAnswer): unknown {
  const { status, booked, won, reversed, sampleSize, asSet, asRevised, revisions, membersTargets, otherCurrencies, contributions, attainment } = answer;
  return {
    id: answer.targetId, status, booked, won, reversed, sampleSize, set: [asSet.amount, asSet.at], amount: asRevised.amount, revisions: revisions.map(({ at, to }) => [at, to]),
    measured: attainment === null ? null : {
      attainment: near(attainment.value), elapsedDays: answer.elapsedDays, remainingDays: answer.remainingDays, totalDays: answer.totalDays, expectedToDate: answer.expectedToDate, pace: near(answer.pace!.value),
      runRateForecast: answer.runRateForecast, requiredPerDay: answer.requiredPerDay!.value, linearity: answer.linearity!.map(({ day, over, numerator, denominator }) => [day, over, numerator, denominator]),
      pipelineForecast: answer.pipelineForecast, coverage: answer.coverage && [answer.coverage.numerator, answer.coverage.denominator, answer.coverage.value], attainmentAsSet: near(asSet.attainment!.value),
    },
    aims: new Map(membersTargets.map(({ of, amount }) => [of, amount])), foreign: new Map(otherCurrencies.map(({ currency, booked: own }) => [currency, own])),
    members: new Map(contributions!.map(({ group, booked: own }) => [group ?? 'nobody', own])),
  };
}

describe('the target attainment report against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); }, 120_000);
  afterAll(() => kind.stop());

  it('agrees on every figure of any history, zone, credit and moment of knowledge', async () => {
    const question = fc.record({
      tz: fc.constantFrom(undefined, 'Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'), credit: fc.constantFrom('at-event', 'current'), convert: fc.constantFrom('none', 'at-event', 'constant'), groupBy: fc.constantFrom(...TARGET_GROUPS.filter((group) => group !== 'none')), rates: fc.nat(120), known: fc.option(fc.double({ min: 0.1, max: 1, noNaN: true })),
    });
    let compared = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      const store = await kind.empty();
      const log = new InMemoryLog('2024-01-01T00:00:00.000Z');
      log.append(...salesHistory(taken));
      await catchUp(store, log, [targetAttainment, funnel, exchangeRates]);
      for (const { tz, credit, convert, groupBy, rates, known } of questions) {
        const ratesOn = new Date(Date.parse('2024-01-15') + rates * 86_400_000).toISOString().slice(0, 10);
        const asOf = known === null ? '2024-05-19T23:30:00.000Z' : log.events[Math.floor(known * (log.events.length - 1))]!.recordedAt;
        const outcome = await runReport(store, targetAttainmentStatus, { from: '2024-01-01', to: '2024-12-31', includeWithdrawn: 'true', groupBy, ratesOn, limit: 200, credit, convert, asOf, ...(tz !== undefined && { tz }) });
        if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
        const answer = outcome.answer as unknown as TargetAttainmentAnswer & AnswerHead; // the answer of the report that was asked
        const asked: Question = { credit, convert, groupBy, ratesOn, ...(tz !== undefined && { tz }) };
        const oracle = attainmentOracle(log.events.filter(({ position }) => position <= answer.position), answer.asOf, asked);
        expect(answer.targets.map(({ targetId }) => targetId).sort()).toEqual([...oracle.keys()].sort());
        for (const target of answer.targets) {
          const expected = oracle.get(target.targetId)!;
          const measured = expected.measured && { ...expected.measured, attainment: near(expected.measured.attainment), pace: near(expected.measured.pace), attainmentAsSet: near(expected.measured.attainmentAsSet) };
          const context = JSON.stringify({ asked, asOf: answer.asOf, target: target.targetId });
          expect([context, said(target)]).toEqual([context, { ...expected, measured }]);
          compared += 1;
        }
      }
    }), oracleRuns(HISTORIES));
    expect(compared).toBeGreaterThan(HISTORIES * QUESTIONS);
  }, 120_000);
});
