import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { agenda } from '../../projections/agenda/agenda.projection.js';
import { agendaStatus } from '../../projections/agenda/agenda.report.js';
import { roster } from '../../projections/coordinator-efficiency/roster.projection.js';
import { compareAgenda, type AgendaAsked } from './agenda.compare.js';
import { officeHistory, steps } from './coordinator-efficiency.histories.js';
import type { At } from './differences.js';
import { momentAt, withLive } from './live.js';
import { oracleRuns } from './runs.js';

const RUNS = 6;
const STEPS = 300;
const PAGE = 7;

describe('the agenda against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  it('lists the same, page after page, for anybody, at any moment of knowledge', async () => {
    const question = fc.record({
      who: fc.option(fc.constantFrom('ada', 'ben', 'cyd', 'dan'), { nil: undefined }), state: fc.constantFrom<AgendaAsked['state']>(undefined, 'late', 'blocked'), known: fc.double({ min: 0.2, max: 1, noNaN: true }),
    });
    let all = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: 6, maxLength: 6 }), async (taken, questions) => {
      await withLive(kind, [agenda, roster], agendaStatus, officeHistory(taken), async (live) => {
        const asked = questions.map(({ who, state, known }): At<AgendaAsked> => ({ asked: { limit: PAGE, ...(who !== undefined && { who }), ...(state && { state }) }, asOf: momentAt(live.log, known) }));
        const { found, listed } = await compareAgenda(live, asked);
        expect(found.differences).toEqual([]);
        all += listed;
      });
    }), oracleRuns(RUNS));
    expect(all).toBeGreaterThan(RUNS * PAGE);
  });
});
