import type { AnswerHead } from '../../libs/kernel/report.js';
import type { TargetAnswer, TargetAttainmentAnswer } from '../../projections/target-attainment/target-attainment.report.js';
import { Comparison, type At } from './differences.js';
import { knownTo, type Live } from './live.js';
import { attainmentOracle, type Question } from './target-attainment.js';

/** All targets of these days are asked for; the report gives no more of them at once. */
const TARGETS_MAX = 200;

/** Which targets: those whose period lies in these days. */
export interface TargetsAsked extends Question {
  readonly from: string;
  readonly to: string;
}


/** The report's answer in the oracle's shape. */
function said(answer: TargetAnswer): unknown {
  const { status, booked, won, reversed, sampleSize, asSet, asRevised, revisions, membersTargets, otherCurrencies, contributions, attainment } = answer;
  return {
    id: answer.targetId, status, booked, won, reversed, sampleSize, set: [asSet.amount, asSet.at], amount: asRevised.amount, revisions: revisions.map(({ at, to }) => [at, to]),
    measured: attainment === null ? null : {
      attainment: attainment.value, elapsedDays: answer.elapsedDays, remainingDays: answer.remainingDays, totalDays: answer.totalDays, expectedToDate: answer.expectedToDate, pace: answer.pace!.value,
      runRateForecast: answer.runRateForecast, requiredPerDay: answer.requiredPerDay!.value, linearity: answer.linearity!.map(({ day, over, numerator, denominator }) => [day, over, numerator, denominator]),
      pipelineForecast: answer.pipelineForecast, coverage: answer.coverage && [answer.coverage.numerator, answer.coverage.denominator, answer.coverage.value], attainmentAsSet: asSet.attainment!.value,
    },
    aims: new Map(membersTargets.map(({ of, amount }) => [of, amount])), foreign: new Map(otherCurrencies.map(({ currency, booked: own }) => [currency, own])),
    members: new Map(contributions!.map(({ group, booked: own }) => [group ?? 'nobody', own])),
  };
}

/** Every figure of every target of each answer, by the report and by plain loops over the events it rests on. */
export async function compareAttainment({ log, ask }: Live, questions: readonly At<TargetsAsked>[]): Promise<Comparison> {
  const found = new Comparison();
  for (const { asked, asOf } of questions) {
    const answer = await ask<TargetAttainmentAnswer & AnswerHead>({ ...asked, includeWithdrawn: 'true', limit: TARGETS_MAX, ...(asOf !== undefined && { asOf }) });
    const oracle = attainmentOracle(knownTo(log, answer), answer.asOf, asked);
    const what = { asked, asOf: answer.asOf };
    found.alike({ ...what, figure: 'targets' }, answer.targets.map(({ targetId }) => targetId).sort(), [...oracle.keys()].sort());
    for (const target of answer.targets) {
      const expected = oracle.get(target.targetId);
      const measured = expected?.measured;
      found.compare({ ...what, target: target.targetId }, said(target), expected && { ...expected, measured });
    }
  }
  return found;
}
