import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readModels } from '../../apps/projector/src/start-projector.js';
import type { Discovered } from '../../libs/projector/discover.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import type { SimulationOptions } from '../../libs/simulation/options.js';
import type { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { compareAgenda } from './agenda.compare.js';
import { compareBonuses } from './bonus-accrual.compare.js';
import { compareCalendar } from './calendar.compare.js';
import { compareCampaigns } from './campaigns.compare.js';
import { compareEfficiency } from './coordinator-efficiency.compare.js';
import type { Comparison } from './differences.js';
import { compareEnablement } from './enablement.compare.js';
import { compareFunnel } from './funnel.compare.js';
import { compareDuplicates } from './lead-duplicates.compare.js';
import { holding, liveOn, momentAt, type Live } from './live.js';
import { compareRetention } from './retention.compare.js';
import { simulatedHistory } from './simulated.js';
import { agendaQuestions, bonusQuestions, calendarQuestions, campaignQuestions, duplicatesQuestions, efficiencyQuestions, enablementQuestions, funnelQuestions, retentionQuestions, SIMULATED_TEXTS, targetQuestions, timelineQuestions } from './simulation.questions.js';
import { compareAttainment } from './target-attainment.compare.js';
import { compareTimeline } from './timeline.compare.js';

/** `PIPELEDGER_ORACLE_YEAR=1` compares a whole year of twenty people, about 100,000 events: minutes, where the short form takes seconds. */
const IS_YEAR = process.env['PIPELEDGER_ORACLE_YEAR'] === '1';
const COMPANY: SimulationOptions = IS_YEAR ? { seed: 1, months: 12, team: 20, end: '2026-11-01' } : { seed: 21, months: 5, team: 8, end: '2026-11-01', events: 5_000 };
const EVENTS_MIN = IS_YEAR ? 80_000 : 3_000;
const MOMENTS = [0.45, 0.8, 1];
const TIMEOUT_MS = IS_YEAR ? 1_800_000 : 120_000;

describe('the simulated company against plain loops over its events', () => {
  let kind: StoreKind;
  let found: Discovered;
  let store: ReadStore;
  let log: InMemoryLog;
  beforeAll(async () => {
    [kind, found] = await Promise.all([configuredKind(), readModels()]);
    ({ store, log } = await holding(kind, found.projections, await simulatedHistory(COMPANY), TIMEOUT_MS));
    expect(log.events.length).toBeGreaterThan(EVENTS_MIN);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await store.close();
    await kind.stop();
  });

  const report = (name: string): Live => liveOn(store, log, found.reports.find((each) => each.name === name)!);
  const moments = (): string[] => MOMENTS.map((share) => momentAt(log, share));

  it.each<[string, number, () => Promise<Comparison>]>([
    ['funnel', 40, () => compareFunnel(report('funnel'), funnelQuestions(moments(), ['none', 'owner', 'source', 'month', 'pipeline', 'team']))],
    ['target-attainment', 60, () => compareAttainment(report('target-attainment'), targetQuestions(log.events, moments(), ['member', 'source', 'month']))],
    ['bonus-accrual', 10, async () => (await compareBonuses(report('bonus-accrual'), bonusQuestions(moments()))).found],
    ['retention', 30, () => compareRetention(report('retention'), retentionQuestions(moments(), ['none', 'owner', 'source', 'month']))],
    ['coordinator-efficiency', 40, () => compareEfficiency(report('coordinator-efficiency'), efficiencyQuestions(moments(), ['owner', 'team', 'source', 'month']))],
    ['agenda', 14, async () => (await compareAgenda(report('agenda'), agendaQuestions(log.events, moments()))).found],
    ['timeline', 20, async () => (await compareTimeline(report('timeline'), timelineQuestions(log.events, moments()))).found],
    ['calendar', 5, async () => (await compareCalendar(report('calendar'), calendarQuestions(log.events, moments()))).found],
    ['campaigns', 8, async () => (await compareCampaigns(report('campaigns'), campaignQuestions(moments()))).found],
    ['enablement', 8, () => compareEnablement(report('enablement'), enablementQuestions(log.events, moments()))],
    ['lead-duplicates', 8, async () => (await compareDuplicates(report('lead-duplicates'), duplicatesQuestions(log.events, moments()), SIMULATED_TEXTS)).found],
  ])('says the same in the %s report at every moment', async (_, leastCompared, compare) => {
    const { differing, differences, compared } = await compare();
    expect({ differing, differences }).toEqual({ differing: 0, differences: [] });
    expect(compared).toBeGreaterThan(leastCompared);
  }, TIMEOUT_MS);
});
