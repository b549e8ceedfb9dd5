import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnswerHead } from '../../libs/kernel/report.js';
import { runReport } from '../../libs/projector/run-report.js';
import type { SimulationOptions } from '../../libs/simulation/options.js';
import { simulate } from '../../libs/simulation/simulate.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { targetAttainment } from '../../projections/target-attainment/target-attainment.projection.js';
import { targetAttainmentStatus, type TargetAttainmentAnswer } from '../../projections/target-attainment/target-attainment.report.js';
import { attainmentOracle } from './target-attainment.js';

const COMPANY: SimulationOptions = { seed: 21, months: 5, team: 8, end: '2026-11-01', events: 5_000 };
const ZONE = 'Europe/Copenhagen';

/** The company's log: each stream's events in their order, each at the virtual time of its command. */
async function lived(options: SimulationOptions): Promise<Said[]> {
  const told: Said[] = [];
  for await (const { groups } of simulate(options)) {
    const day = groups.flatMap(({ stream, intents, events }) => events.map((event) => {
      const { occurredAt, actor } = intents[0]!; // a group has one; all of it is of one day
      return { ...event, stream, occurredAt, recordedAt: occurredAt, actor };
    }));
    told.push(...day.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0)));
  }
  return told;
}

describe('the simulated company against plain loops over its events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); }, 120_000);
  afterAll(() => kind.stop());

  it('has the same booked amounts, counts and revisions in every target', async () => {
    const store = await kind.empty();
    const log = new InMemoryLog('2026-06-01T00:00:00.000Z');
    log.append(...(await lived(COMPANY)));
    expect(log.events.length).toBeGreaterThan(3_000);
    await catchUp(store, log, [targetAttainment, funnel, exchangeRates]);
    const outcome = await runReport(store, targetAttainmentStatus, { from: '2026-01-01', to: '2026-12-31', includeWithdrawn: 'true', limit: 200, tz: ZONE, asOf: '2026-11-01T00:00:00.000Z' });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    const answer = outcome.answer as unknown as TargetAttainmentAnswer & AnswerHead; // the answer of the report that was asked
    const oracle = attainmentOracle(log.events, answer.asOf, { credit: 'at-event', convert: 'none', groupBy: 'none', tz: ZONE });
    expect(answer.targets.length).toBeGreaterThan(20);
    const figures = answer.targets.map(({ targetId, status, booked, won, reversed, sampleSize, asSet, asRevised, revisions }) => [targetId, { status, booked, won, reversed, sampleSize, set: [asSet.amount, asSet.at], amount: asRevised.amount, revisions: revisions.map(({ at, to }) => [at, to]) }]);
    const expected = [...oracle].map(([id, { status, booked, won, reversed, sampleSize, set, amount, revisions }]) => [id, { status, booked, won, reversed, sampleSize, set, amount, revisions }]);
    expect(Object.fromEntries(figures)).toEqual(Object.fromEntries(expected));
    expect(answer.targets.filter(({ booked }) => booked > 0).length).toBeGreaterThan(10);
    await store.close();
  }, 120_000);
});
