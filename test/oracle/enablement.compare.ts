import type { AnswerHead } from '../../libs/kernel/report.js';
import type { EnablementAnswer } from '../../projections/enablement/enablement.report.js';
import { Comparison, type At } from './differences.js';
import { enablementOracle, type Question } from './enablement.js';
import { knownTo, type Live } from './live.js';

/** Every figure of each answer, by the report and by plain loops over the events it rests on. */
export async function compareEnablement({ log, ask }: Live, questions: readonly At<Question>[]): Promise<Comparison> {
  const found = new Comparison();
  for (const { asked, asOf } of questions) {
    const { who, team, ...rest } = asked;
    const answer = await ask<EnablementAnswer & AnswerHead>({ ...rest, ...(who && { memberId: who.join() }), ...(team !== undefined && { teamId: team }), ...(asOf !== undefined && { asOf }) });
    const { members, ready, readiness, expiring, wonDeals, wonDealsWithMaterial, materials } = answer;
    found.compare({ asked, asOf: answer.asOf }, {
      members, ready, readiness, expiring: expiring.map(({ certificationId, daysLeft }) => [certificationId, daysLeft]), wonDeals, wonDealsWithMaterial,
      materials: materials.map(({ title: _, kind: __, ...material }) => material),
    }, enablementOracle(knownTo(log, answer), answer.asOf, asked));
  }
  return found;
}
