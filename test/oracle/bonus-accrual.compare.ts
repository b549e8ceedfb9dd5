import type { AnswerHead } from '../../libs/kernel/report.js';
import type { BonusAccrualAnswer } from '../../projections/target-attainment/bonus-accrual.js';
import { bonusOracle, type Question } from './bonus-accrual.js';
import { Comparison, type At } from './differences.js';
import { knownTo, type Live } from './live.js';

/** More bonuses than any history has plans and members. */
const BONUSES_MAX = 500;
/** What is said of a ratio of whole minor units. */

export interface BonusComparison {
  readonly found: Comparison;
  /** Bonuses with something to pay, and with something taken back. */
  readonly earned: number;
  readonly clawedBack: number;
}

/** Every bonus of each answer, by the report and by plain loops over the events it rests on. */
export async function compareBonuses({ log, ask }: Live, questions: readonly At<Question>[]): Promise<BonusComparison> {
  const found = new Comparison();
  let [earned, clawedBack] = [0, 0];
  for (const { asked, asOf } of questions) {
    const answer = await ask<BonusAccrualAnswer & AnswerHead>({ ...asked, limit: BONUSES_MAX, ...(asOf !== undefined && { asOf }) });
    const oracle = bonusOracle(knownTo(log, answer), asked);
    const what = { asked, asOf: answer.asOf };
    found.alike({ ...what, figure: 'bonuses' }, answer.bonuses.map(({ planId, memberId }) => `${planId}/${memberId}`).sort(), [...oracle.keys()].sort());
    for (const { planId, memberId, target, basis, earned: pays, clawback, accrued, lines, attainment } of answer.bonuses) {
      const expected = oracle.get(`${planId}/${memberId}`);
      const takenFrom = [...new Set(lines.filter((line) => line.kind === 'clawback').flatMap(({ dealIds }) => dealIds))].sort();
      const owed = expected && expected.earned + expected.clawback;
      found.compare({ ...what, bonus: `${planId}/${memberId}` },
        { target: target?.targetId ?? null, basis, earned: pays, clawback, accrued, lines: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0), takenFrom, attainment: attainment?.value ?? null },
        expected && { target: expected.target, basis: Math.floor(expected.basis + 0.5 + 1e-6), earned: expected.earned, clawback: expected.clawback, accrued: owed, lines: owed, takenFrom: expected.takenFrom, attainment: expected.attainment ?? null });
      earned += pays > 0 ? 1 : 0;
      clawedBack += clawback < 0 ? 1 : 0;
    }
  }
  return { found, earned, clawedBack };
}
