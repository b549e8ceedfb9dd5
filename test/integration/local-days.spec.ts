import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../libs/kernel/event.js';
import { plusDays } from '../../libs/kernel/local-time.js';
import type { Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../../projections/coordinator-efficiency/roster.projection.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { funnelStatus } from '../../projections/funnel/funnel.report.js';
import { targetAttainment } from '../../projections/target-attainment/target-attainment.projection.js';
import { targetAttainmentStatus } from '../../projections/target-attainment/target-attainment.report.js';
import { holding, liveOn } from '../oracle/live.js';

const QUARTER_MS = 900_000;
/** Nights on which clocks change, and how many quarters of an hour each day around has. */
const NIGHTS = [
  ['Atlantic/Azores', ['2025-10-25', '2025-10-26', '2025-10-27'], [96, 100, 96]],
  ['America/Havana', ['2025-11-01', '2025-11-02', '2025-11-03'], [96, 100, 96]],
  ['America/Sao_Paulo', ['2018-11-03', '2018-11-04', '2018-11-05'], [96, 92, 96]],
  ['America/St_Johns', ['2010-11-06', '2010-11-07', '2010-11-08'], [100, 96, 96]],
  ['Europe/Zurich', ['2025-10-25', '2025-10-26', '2025-10-27'], [96, 100, 96]],
] as const;

type Days = Record<string, number>;
interface FunnelGroups { readonly groups: readonly { readonly group: string; readonly winRate: { readonly won: number } }[] }
interface Targets { readonly targets: readonly { readonly booked: number; readonly contributions: readonly { readonly group: string; readonly booked: number }[] | null }[] }

/** A deal won in every quarter of an hour from the day before until the day after, and a target for each day and for all of them. */
function history(zone: string, days: readonly string[]): Said<DomainEvent>[] {
  const [from, to] = [days[0]!, days.at(-1)!];
  const value = { amountMinor: 1, currency: 'EUR' };
  const said: Said<DomainEvent>[] = [{ type: 'MemberAdded', stream: 'member-ada', occurredAt: '2010-01-01T00:00:00.000Z', data: { memberId: 'ada', name: 'Ada', role: 'executive', zone } }];
  for (const [targetId, period] of [...days.map((day) => [day, { from: day, to: day }] as const), ['all', { from, to }] as const]) {
    said.push({ type: 'TargetSet', stream: `target-${targetId}`, occurredAt: '2010-01-01T00:00:00.000Z', data: { targetId, metric: 'booked_value', scope: 'company', period, zone, currency: 'EUR', amount: 1_000 } });
  }
  for (let ms = Date.parse(plusDays(from, -1)); ms < Date.parse(plusDays(to, 2)); ms += QUARTER_MS) {
    const dealId = `d${ms}`;
    said.push({ type: 'DealOpened', stream: `deal-${dealId}`, occurredAt: '2010-01-02T00:00:00.000Z', data: { dealId, name: 'd', ownerId: 'ada', pipelineId: 'p', stage: 's', value } });
    said.push({ type: 'DealClosed', stream: `deal-${dealId}`, occurredAt: new Date(ms).toISOString(), data: { dealId, outcome: 'won', value, ownerId: 'ada', stage: 's' } });
  }
  return said;
}

describe('a night on which clocks change', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); }, 120_000);
  afterAll(() => kind.stop());

  it.each(NIGHTS)('in %s belongs to the same days for periods, groups and targets', async (tz, days, quarters) => {
    const { store, log } = await holding(kind, [funnel, targetAttainment, exchangeRates, roster], history(tz, days));
    try {
      const expected: Days = Object.fromEntries(days.map((day, index) => [day, quarters[index]!]));
      const [asked, targets] = [liveOn(store, log, funnelStatus), liveOn(store, log, targetAttainmentStatus)];
      const won = async (query: object): Promise<Days> =>
        Object.fromEntries((await asked.ask<FunnelGroups>({ tz, ...query })).groups.map(({ group, winRate }) => [group, winRate.won]));
      const inPeriod: Days = {};
      for (const day of days) inPeriod[day] = (await won({ from: day, to: day }))['all']!;
      expect(inPeriod).toEqual(expected);
      expect(await won({ from: days[0], to: days[2], groupBy: 'day' })).toEqual(expected);
      const booked: Days = {};
      for (const day of days) booked[day] = (await targets.ask<Targets>({ target: day })).targets[0]!.booked;
      expect(booked).toEqual(expected);
      const byDay = (await targets.ask<Targets>({ target: 'all', groupBy: 'day' })).targets[0]!.contributions!;
      expect(Object.fromEntries(byDay.map(({ group, booked: sum }) => [group, sum]))).toEqual(expected);
    } finally {
      await store.close();
    }
  }, 120_000);
});
