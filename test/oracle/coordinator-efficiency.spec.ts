import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { activity, coordinatorEfficiency, roster } from '../../projections/coordinator-efficiency/coordinator-efficiency.projection.js';
import { coordinatorEfficiencyReport } from '../../projections/coordinator-efficiency/coordinator-efficiency.report.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { officeHistory, steps, type Step } from './coordinator-efficiency.histories.js';
import type { Question } from './coordinator-efficiency.js';
import { compareEfficiency } from './coordinator-efficiency.compare.js';
import type { At } from './differences.js';
import { momentAt, withLive } from './live.js';
import { oracleRuns } from './runs.js';

const RUNS = 12;
const STEPS = 400;
const LONG_STEPS = 4_000;
/** So that its thousands of steps take two months, not years. */
const LONG_QUARTERS = 3;
const GROUPS = ['none', 'owner', 'team', 'role', 'source', 'campaign', 'pipeline', 'product', 'region', 'segment', 'day', 'month'];
const FILTERS = [
  { by: 'owner', value: 'ben' }, { by: 'team', value: 'north' }, { by: 'role', value: 'executive' }, { by: 'source', value: 'web' }, { by: 'campaign', value: 'c1' }, { by: 'pipeline', value: 'p' }, { by: 'product', value: 'crm' }, { by: 'region', value: 'EU' },
  { by: 'segment', value: 'small' },
];
const ZONES = ['Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'UTC'];

const day = (offset: number): string => new Date(Date.UTC(2026, 2, 19 + offset)).toISOString().slice(0, 10);

describe('the coordinator efficiency report against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  const question = fc.record({
    first: fc.nat(20), days: fc.nat(20), tz: fc.constantFrom(...ZONES), groupBy: fc.constantFrom(...GROUPS), credit: fc.constantFrom('at-event', 'current'), only: fc.option(fc.constantFrom(...FILTERS), { freq: 2, nil: undefined }),
    known: fc.option(fc.double({ min: 0.1, max: 1, noNaN: true })),
  });

  /** How many events there were, and how many groups were compared. */
  async function compare(taken: Step[], questions: readonly (typeof question extends fc.Arbitrary<infer Q> ? Q : never)[]): Promise<{ events: number; groups: number }> {
    const seen = { events: 0, groups: 0 };
    await withLive(kind, [coordinatorEfficiency, activity, roster], coordinatorEfficiencyReport, officeHistory(taken), async ({ log, ask }) => {
      seen.events = log.events.length;
      const asked = questions.map(({ first, days, tz, groupBy, credit, only, known }): At<Question> => ({
        asked: { from: day(first), to: day(first + days), tz, groupBy, credit, ...(only && { only }) }, ...(known !== null && { asOf: momentAt(log, known) }),
      }));
      const found = await compareEfficiency({ log, ask }, asked);
      expect(found.differences).toEqual([]);
      seen.groups = found.compared;
    });
    return seen;
  }

  it('agrees on every figure of any history, period, zone, group and moment of knowledge', async () => {
    let groups = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: 6, maxLength: 6 }), async (taken, questions) => {
      groups += (await compare(taken, questions)).groups;
    }), oracleRuns(RUNS));
    expect(groups).toBeGreaterThan(RUNS);
  });

  it('agrees on a history of thousands of events', async () => {
    let events = 0;
    await fc.assert(fc.asyncProperty(steps(LONG_STEPS, LONG_QUARTERS), fc.array(question, { minLength: 3, maxLength: 3 }), async (taken, questions) => {
      ({ events } = await compare(taken, questions));
    }), oracleRuns(1));
    expect(events).toBeGreaterThan(2_000);
  });
});
