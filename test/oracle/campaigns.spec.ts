import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { campaigns } from '../../projections/campaigns/campaigns.projection.js';
import { campaignsStatus } from '../../projections/campaigns/campaigns.report.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { compareCampaigns } from './campaigns.compare.js';
import type { Question } from './campaigns.js';
import type { At } from './differences.js';
import { funnelHistory } from './funnel.histories.js';
import { momentAt, withLive } from './live.js';
import { oracleRuns } from './runs.js';
import { steps, type Step } from './target-attainment.histories.js';

const HISTORIES = 3;
const STEPS = 1_500;
const QUESTIONS = 12;
const CAMPAIGNS = ['k0', 'k1', 'k2', 'k3'];
const CHANNELS = ['email', 'event'] as const;
const day = (offset: number): string => new Date(Date.UTC(2024, 0, 10 + offset)).toISOString().slice(0, 10);

/** A history of leads and deals, with campaigns that begin and end in it, and leads that owe themselves to one or to several. */
function campaignHistory(taken: readonly Step[]): ReturnType<typeof funnelHistory> {
  const history = funnelHistory(taken);
  const begun = new Set<string>();
  const ended = new Set<string>();
  return history.flatMap((event, index) => {
    const { amount = 0, which = 0 } = taken[index % taken.length] ?? {};
    const { recordedAt, occurredAt } = event;
    const say = (type: string, data: object) => ({ type, data, recordedAt: recordedAt!, occurredAt: occurredAt! }); // the history tells both of each
    const campaignId = CAMPAIGNS[which % CAMPAIGNS.length]!;
    const more: typeof history = [];
    if (!begun.has(campaignId) && index > 2) {
      begun.add(campaignId);
      more.push(say('CampaignLaunched', { campaignId, name: campaignId, channel: CHANNELS[which % 2], startsOn: day(which % 100), ...(amount % 3 > 0 && { endsOn: day((which % 100) + 20) }), ...(amount % 4 > 0 && { budget: { amountMinor: 1_000 + amount, currency: 'EUR' } }) }));
    } else if (begun.has(campaignId) && !ended.has(campaignId) && amount % 60 === 0) {
      ended.add(campaignId);
      more.push(say('CampaignEnded', { campaignId, ...(which % 2 > 0 && { spent: { amountMinor: 500 + amount, currency: 'USD' } }) }));
    }
    if (event.type === 'LeadCaptured' && begun.has(campaignId) && amount % 3 === 0) more.push(say('LeadAttributed', { campaignId, leadId: (event.data as { leadId: string }).leadId }));
    return [event, ...more];
  });
}

describe('campaigns against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  it('agrees on cost, leads, won deals and their value, of any history, days, channel and moment of knowledge', async () => {
    const leftOut = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2, nil: undefined });
    const question = fc.record({ first: leftOut(fc.nat(120)), last: leftOut(fc.nat(60)), channel: leftOut(fc.constantFrom(...CHANNELS)), which: leftOut(fc.uniqueArray(fc.constantFrom(...CAMPAIGNS), { minLength: 1, maxLength: 2 })), known: fc.double({ min: 0.2, max: 1, noNaN: true }) });
    let [compared, all] = [0, 0];
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      await withLive(kind, [campaigns, funnel], campaignsStatus, campaignHistory(taken), async (live) => {
        const asked = questions.map(({ first, last, channel, which, known }): At<Question> => ({
          asked: { ...(first !== undefined && { from: day(first) }), ...(last !== undefined && { to: day((first ?? 60) + last) }), ...(channel && { channel }), ...(which && { campaign: which }) }, asOf: momentAt(live.log, known),
        }));
        const { found, won } = await compareCampaigns(live, asked);
        expect(found.differences).toEqual([]);
        compared += found.compared;
        all += won;
      });
    }), oracleRuns(HISTORIES));
    expect(compared).toBe(HISTORIES * QUESTIONS);
    expect(all).toBeGreaterThan(HISTORIES * QUESTIONS);
  });
});
