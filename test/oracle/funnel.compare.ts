import type { AnswerHead } from '../../libs/kernel/report.js';
import type { Distribution, FunnelFigures, Ratio, Step, Sum } from '../../projections/funnel/answer.js';
import type { FunnelAnswer } from '../../projections/funnel/funnel.report.js';
import { Comparison, type At } from './differences.js';
import { funnelOracle, type Question } from './funnel.js';
import { knownTo, type Live } from './live.js';

const key = ({ pipeline, step }: Pick<Step, 'pipeline' | 'step'>): string => `${pipeline ?? ''}/${step}`;
const plain = ({ numerator, denominator, value }: Ratio) => [numerator, denominator, value];
const spread = ({ count, mean, median, p90 }: Distribution) => [count, mean, median, p90];
const sums = (values: readonly Sum[]) => values.map(({ currency, amountMinor, count }) => [currency, amountMinor, count]);

/** The report's answer in the oracle's shape. */
function said(figures: FunnelFigures): Record<string, unknown> {
  const { standing, weightedPipeline, entries, periodConversion, cohortConversion, stageDurations, winRate, createdWinRate, cohortWinRate, cycleTimes, salesVelocity, stalled, blocked, leakage, sources } = figures;
  return {
    standing: standing.filter(({ count }) => count > 0).map((each) => [key(each), each.count, sums(each.values)]).sort(),
    weighted: weightedPipeline.map(({ currency, amountMinor }) => [currency, amountMinor]),
    entries: entries.filter(({ count }) => count > 0).filter(({ step, pipeline }) => step !== 'deal_opened' || pipeline !== null).map((each) => [key(each), each.count]).sort(),
    pairs: periodConversion.map(({ from, to, conversion }) => [to.pipeline ?? '', from.step, to.step, plain(conversion)]),
    cohort: [cohortConversion.size, cohortConversion.reached.map(({ pipeline, step, conversion }) => [pipeline ?? '', step, conversion.numerator])],
    durations: stageDurations.filter(({ count, open }) => count + open.count > 0).map((each) => [key(each), spread(each), each.open.count, each.open.medianAge]).sort(),
    winRate: [winRate.won, winRate.lost, winRate.wonReversed, winRate.lostReversed, plain(winRate.byCount), winRate.byValue.map((each) => [each.currency, plain(each)])],
    created: [plain(createdWinRate), cohortWinRate.open], cycles: [spread(cycleTimes.won), spread(cycleTimes.lost), spread(cycleTimes.open)],
    velocity: salesVelocity.map((each) => [each.currency, each.openDeals, each.winRate, each.meanWonMinor, each.meanCycleDays, each.minorPerDay]),
    stalled: [stalled.count, sums(stalled.values), stalled.byStage.map((each) => [key(each), each.count]).sort()],
    blocked: [blocked.count, sums(blocked.values), blocked.byCause.map(({ cause, open, days }) => [cause, open, days]).sort()],
    leaks: leakage.map((each) => [`${key(each)}/${each.exit}/${each.reason}`, each.count, sums(each.values)]).sort(),
    sources: sources.map((each) => [`${each.source}/${each.campaign ?? ''}`, each.leads, each.contacted, each.qualified, each.meetingHeld, each.dealOpened, each.won, each.wonValues.map(({ currency, amountMinor, count, minorPerLead }) => [currency, amountMinor, count, minorPerLead])]).sort(),
  };
}

/** Every figure of every group of each answer, by the report and by plain loops over the events it rests on. */
export async function compareFunnel({ log, ask }: Live, questions: readonly At<Question>[]): Promise<Comparison> {
  const found = new Comparison();
  for (const { asked, asOf } of questions) {
    const answer = await ask<FunnelAnswer & AnswerHead>({ ...asked, ...(asOf !== undefined && { asOf }) });
    const oracle = funnelOracle(knownTo(log, answer), answer.asOf, asked);
    for (const [name, expected] of oracle) {
      const figures = answer.groups.find(({ group }) => group === name);
      found.compare({ asked, asOf: answer.asOf, group: name }, figures && said(figures), expected);
    }
    found.alike({ asked, asOf: answer.asOf, groups: 'that only the engine has' }, answer.groups.map(({ group }) => group).filter((name) => !oracle.has(name) && name !== 'all'), []);
  }
  return found;
}
