import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerHead } from '../../libs/kernel/report.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../../projections/coordinator-efficiency/coordinator-efficiency.projection.js';
import type { Distribution } from '../../projections/coordinator-efficiency/stats.js';
import { exchangeRates } from '../../projections/exchange-rates/exchange-rates.projection.js';
import { funnel } from '../../projections/funnel/funnel.projection.js';
import { retention } from '../../projections/retention/retention.projection.js';
import { RETENTION_GROUPS } from '../../projections/retention/retention.params.js';
import { retentionReportDefinition, type RetentionAnswer, type RetentionGroup } from '../../projections/retention/retention.report.js';
import { steps } from './coordinator-efficiency.histories.js';
import { withLive } from './coordinator-efficiency.live.js';
import { clientHistory } from './retention.histories.js';
import { retentionOracle, type Group, type Question } from './retention.js';
import { oracleRuns } from './runs.js';

const HISTORIES = 3;
const STEPS = 1_000;
const QUESTIONS = 12;
const ZONES = ['Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'UTC'];

const day = (offset: number): string => new Date(Date.UTC(2023, 8, 28 + offset)).toISOString().slice(0, 10);
const round = (value: number | null): number | null => (value === null ? null : Math.round(value * 1e6) / 1e6);
const over = (numerator: number, denominator: number) => [numerator, denominator, denominator === 0 ? null : numerator / denominator];
const plain = ({ numerator, denominator, value }: { numerator: number; denominator: number; value: number | null }) => [numerator, denominator, value];
const said = ({ count, median, p90, mean }: Distribution) => [count, median, p90, mean].map(round);

function spread(values: number[]): (number | null)[] {
  if (values.length === 0) return [0, null, null, null];
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p: number): number => { const place = p * (sorted.length - 1); const low = Math.floor(place); return sorted[low]! * (1 - (place - low)) + (sorted[low + 1] ?? sorted[low]!) * (place - low); };
  return [sorted.length, round(at(0.5)), round(at(0.9)), round(sorted.reduce((a, b) => a + b) / sorted.length)];
}

function figuresOf({ rates, movements, purchases, satisfaction, cases }: RetentionGroup) {
  return {
    logos: plain(rates.logoRetention), churn: plain(rates.churn).slice(0, 2),
    revenue: rates.revenue.map(({ currency, clients, grr, nrr }) => [currency, clients, plain(grr), plain(nrr)]),
    movements: movements.map(({ kind, currency, count, clients, amountMinor }) => [`${kind}/${currency}`, count, clients, amountMinor]).sort(),
    repeat: plain(purchases.repeatPurchaseRate), days: said(purchases.daysBetween), csat: plain(satisfaction.csat), nps: plain(satisfaction.nps), response: plain(satisfaction.responseRate),
    first: [said(cases.firstResponse.wall), said(cases.firstResponse.business), said(cases.firstResponse.wall.open)], resolution: [said(cases.resolution.wall), said(cases.resolution.business), said(cases.resolution.wall.open)],
    kept: [cases.responseWithinServiceLevel, cases.resolutionWithinServiceLevel, cases.promisesKept].map((each) => [...plain(each), each.open]), backlog: cases.backlog, reopened: plain(cases.reopened),
  };
}

function expected(group: Group): ReturnType<typeof figuresOf> {
  const kept = ([due, within, open]: number[]) => [...over(within!, due!), open!];
  const promoters = group.nps.filter((score) => score > 8).length - group.nps.filter((score) => score < 7).length;
  return {
    logos: over(group.kept, group.clients), churn: over(group.clients - group.kept, group.clients).slice(0, 2),
    revenue: [...group.money].sort().map(([currency, { start, churn, contraction, expansion, clients }]) => [currency, clients, over(start - churn - contraction, start), over(start - churn - contraction + expansion, start)]),
    movements: [...group.moves].map(([kind, { count, clients, amount }]) => [kind, count, clients.size, amount]).sort(),
    repeat: over([...group.buyers.values()].filter((times) => times > 1).length, group.buyers.size), days: spread(group.days),
    csat: over(group.csat.filter((score) => score > 3).length, group.csat.length), nps: over(promoters, group.nps.length), response: over(group.answered, group.sent),
    first: [spread(group.response), spread(group.responseBusiness), spread(group.unanswered)], resolution: [spread(group.resolution), spread(group.resolutionBusiness), spread(group.unresolved)],
    kept: [kept(group.responseDue), kept(group.resolutionDue), kept(group.promiseDue)], backlog: group.backlog, reopened: over(group.reopened, group.resolved),
  };
}

describe('the retention report against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); }, 120_000);
  afterAll(() => kind.stop());

  it('agrees on every figure of any history, period, zone, group, currency and moment of knowledge', async () => {
    const question = fc.record({
      first: fc.nat(300), days: fc.nat(120), tz: fc.constantFrom(...ZONES), groupBy: fc.constantFrom(...RETENTION_GROUPS), credit: fc.constantFrom('at-event', 'current'), currency: fc.constantFrom(undefined, 'EUR', 'CHF'), convert: fc.constantFrom('none', 'constant'), ratesOn: fc.option(fc.nat(400), { nil: undefined }),
      only: fc.oneof(fc.constant({}), fc.constantFrom<Partial<Question>>({ owner: 'ada' }, { team: 'south' }, { role: 'coordinator' }, { source: 'web' }, { campaign: 'k1' }, { pipeline: 'p' }, { product: 'pro' }, { region: 'EU' }, { segment: 'small' })),
     
      cohort: fc.constantFrom('active', 'buying'), cohorts: fc.integer({ min: 1, max: 14 }), known: fc.option(fc.double({ min: 0.2, max: 1, noNaN: true })),
    });
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      await withLive(kind, [retention, roster, funnel, exchangeRates], retentionReportDefinition, clientHistory(taken), async ({ log, ask }) => {
        for (const { first, days, known, currency, ratesOn, only, ...rest } of questions) {
          const asked: Question = { from: day(first), to: day(first + days), ...rest, ...only, ...(currency === undefined ? { convert: 'none' } : { currency }), ...(ratesOn !== undefined && { ratesOn: day(ratesOn) }) };
          const moment: { asOf?: string } = known === null ? {} : { asOf: log.events[Math.floor(known * (log.events.length - 1))]!.recordedAt };
          const answer = await ask<RetentionAnswer & AnswerHead>({ ...asked, ...moment });
          const oracle = retentionOracle(log.events.filter(({ position }) => position <= answer.position), answer.asOf, asked);
          for (const [name, group] of oracle.groups) {
            const figures = answer.groups.find((each) => each.group === name);
            const context = JSON.stringify({ asked, name, asOf: answer.asOf });
            expect([context, figures && figuresOf(figures)]).toEqual([context, expected(group)]);
          }
          expect(answer.groups.map(({ group }) => group).filter((name) => !oracle.groups.has(name) && name !== 'all')).toEqual([]);
          expect(answer.cohorts.map(({ cohort, size, cells }) => ({ cohort, size, cells: cells.map(({ numerator, immature }) => ({ numerator, immature })) }))).toEqual(oracle.cohorts);
          expect(new Map(answer.atRisk.list.map(({ clientId, reasons }) => [clientId, [...reasons]]))).toEqual(oracle.atRisk);
        }
      });
    }), oracleRuns(HISTORIES));
  }, 120_000);
});
