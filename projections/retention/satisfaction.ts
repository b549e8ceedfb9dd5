import { ratio, type Ratio } from '../coordinator-efficiency/stats.js';
import type { ClientScope } from './client-scope.js';
import { cutByClient, type Grouped } from './sql.js';

interface Answers extends Grouped {
  readonly csat: number;
  readonly satisfied: number;
  readonly nps: number;
  readonly promoters: number;
  readonly detractors: number;
}

interface Sent extends Grouped {
  readonly sent: number;
  readonly answered: number;
}

export interface Satisfaction {
  readonly csat: Ratio;
  /** From −1 to 1; the numerator is promoters less detractors. */
  readonly nps: Ratio & { readonly promoters: number; readonly passives: number; readonly detractors: number };
  readonly responseRate: Ratio;
}

/** Answers given in the period. */
export async function answers(scope: ClientScope): Promise<Answers[]> {
  const cut = cutByClient(scope, 'f.answered_at');
  return scope.run<Answers>(`SELECT grp, count(*) FILTER (WHERE kind = 'csat') AS csat, count(*) FILTER (WHERE kind = 'csat' AND score >= 4) AS satisfied, count(*) FILTER (WHERE kind = 'nps') AS nps,
      count(*) FILTER (WHERE kind = 'nps' AND score >= 9) AS promoters, count(*) FILTER (WHERE kind = 'nps' AND score <= 6) AS detractors
    FROM (SELECT ${cut.group} AS grp, f.kind, f.score FROM ${cut.from('survey')} WHERE ${scope.within('f.answered_at')}${cut.where}) q GROUP BY grp`);
}

/** Surveys sent in the period, and those of them that were answered by asOf. */
export async function surveysSent(scope: ClientScope): Promise<Sent[]> {
  const cut = cutByClient(scope, 'f.sent_at');
  return scope.run<Sent>(`SELECT grp, count(*) AS sent, count(answered_at) AS answered FROM (SELECT ${cut.group} AS grp, f.answered_at FROM ${cut.from('survey')} WHERE ${scope.within('f.sent_at')}${cut.where}) q GROUP BY grp`);
}

export function satisfaction([given]: readonly Answers[], [asked]: readonly Sent[]): Satisfaction {
  const { csat = 0, satisfied = 0, nps = 0, promoters = 0, detractors = 0 } = given ?? {};
  return { csat: ratio(satisfied, csat), nps: { ...ratio(promoters - detractors, nps), promoters, passives: nps - promoters - detractors, detractors }, responseRate: ratio(asked?.answered ?? 0, asked?.sent ?? 0) };
}
