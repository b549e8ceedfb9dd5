import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../../projections/coordinator-efficiency/roster.projection.js';
import { timeline, timelineDays } from '../../projections/timeline/timeline.projection.js';
import { timelineStatus } from '../../projections/timeline/timeline.report.js';
import { officeHistory, steps } from './coordinator-efficiency.histories.js';
import type { At } from './differences.js';
import { momentAt, withLive } from './live.js';
import { oracleRuns } from './runs.js';
import { compareTimeline, type TimelineAsked } from './timeline.compare.js';
import { nameOf } from './timeline.js';

const RUNS = 6;
const STEPS = 300;
const PAGE = 20;
const MEMBERS = ['ada', 'ben', 'cyd', 'dan'];

describe('the timeline against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  it('tells the same of any member and subject, page after page, at any moment of knowledge', async () => {
    /** Left out once in so many questions. */
    const leftOut = <T>(freq: number, arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq, nil: undefined });
    const question = fc.record({
      who: leftOut(3, fc.constantFrom(...MEMBERS)), about: leftOut(2, fc.nat(99)), type: leftOut(2, fc.constantFrom('LeadContacted', 'FollowUpCompleted', 'DealReassigned')), day: leftOut(2, fc.nat(60)), known: leftOut(2, fc.double({ min: 0.1, max: 1, noNaN: true })),
    });
    let all = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: 12, maxLength: 12 }), async (taken, questions) => {
      const history = officeHistory(taken).map((event, index) => ({ ...event, actor: index % 2 ? { id: 'engine', role: 'system' as const } : { id: MEMBERS[(index / 2) % MEMBERS.length]!, role: 'coordinator' as const } }));
      await withLive(kind, [timeline, timelineDays, roster], timelineStatus, history, async (live) => {
        const subjects = [...new Set(live.log.events.map(({ stream }) => stream))].filter((stream) => /^(lead|deal|case|contract)-/.test(stream));
        const asked = questions.map(({ who, about, type, day, known }): At<TimelineAsked> => {
          const stream = about === undefined ? undefined : subjects[about % subjects.length];
          return {
            asked: { limit: PAGE, who, type, about: stream && nameOf(stream), day: day === undefined ? undefined : new Date(Date.UTC(2026, 2, 20 + day)).toISOString().slice(0, 10) },
            ...(known !== undefined && { asOf: momentAt(live.log, known) }),
          };
        });
        const { found, told } = await compareTimeline(live, asked);
        expect(found.differences).toEqual([]);
        all += told;
      });
    }), oracleRuns(RUNS));
    expect(all).toBeGreaterThan(RUNS * PAGE);
  });
});
