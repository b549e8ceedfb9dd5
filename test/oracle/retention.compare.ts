import type { AnswerHead } from '../../libs/kernel/report.js';
import type { Distribution } from '../../projections/coordinator-efficiency/stats.js';
import type { RetentionAnswer, RetentionGroup } from '../../projections/retention/retention.report.js';
import { Comparison, type At } from './differences.js';
import { knownTo, type Live } from './live.js';
import { retentionOracle, type Group, type Question } from './retention.js';

const over = (numerator: number, denominator: number) => [numerator, denominator, denominator === 0 ? null : numerator / denominator];
const plain = ({ numerator, denominator, value }: { numerator: number; denominator: number; value: number | null }) => [numerator, denominator, value];
const said = ({ count, median, p90, mean }: Distribution) => [count, median, p90, mean];

function spread(values: number[]): (number | null)[] {
  if (values.length === 0) return [0, null, null, null];
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p: number): number => { const place = p * (sorted.length - 1); const low = Math.floor(place); return sorted[low]! * (1 - (place - low)) + (sorted[low + 1] ?? sorted[low]!) * (place - low); };
  return [sorted.length, at(0.5), at(0.9), sorted.reduce((a, b) => a + b) / sorted.length];
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

/** Every figure of every group, the cohorts and the clients at risk of each answer, by the report and by plain loops over the events it rests on. */
export async function compareRetention({ log, ask }: Live, questions: readonly At<Question>[]): Promise<Comparison> {
  const found = new Comparison();
  for (const { asked, asOf } of questions) {
    const answer = await ask<RetentionAnswer & AnswerHead>({ ...asked, ...(asOf !== undefined && { asOf }) });
    const oracle = retentionOracle(knownTo(log, answer), answer.asOf, asked);
    const what = { asked, asOf: answer.asOf };
    for (const [name, group] of oracle.groups) {
      const figures = answer.groups.find((each) => each.group === name);
      found.compare({ ...what, group: name }, figures && figuresOf(figures), expected(group));
    }
    found.alike({ ...what, groups: 'that only the engine has' }, answer.groups.map(({ group }) => group).filter((name) => !oracle.groups.has(name) && name !== 'all'), []);
    found.alike({ ...what, figure: 'cohorts' }, answer.cohorts.map(({ cohort, size, cells }) => ({ cohort, size, cells: cells.map(({ numerator, immature }) => ({ numerator, immature })) })), oracle.cohorts);
    found.alike({ ...what, figure: 'at risk' }, new Map(answer.atRisk.list.map(({ clientId, reasons }) => [clientId, [...reasons]])), oracle.atRisk);
  }
  return found;
}
