import { together } from '../../libs/kernel/together.js';
import { ratio, type Distribution, type DistributionWithOpen, type Ratio } from '../coordinator-efficiency/stats.js';
import type { ClientScope } from './client-scope.js';
import { cutByClient, inParts, minutes, NOTHING, spread, type Grouped } from './sql.js';

interface Took extends Grouped {
  readonly wall: Distribution;
  readonly business: Distribution;
  readonly open: Distribution;
}

interface Due extends Grouped {
  readonly due: number;
  readonly within: number;
  readonly open: number;
}

interface Count extends Grouped {
  readonly count: number;
  readonly of: number;
}

/** Minutes on the wall clock and in business hours; what is still open counted apart, with its age on the wall clock. */
export interface CaseTime {
  readonly wall: DistributionWithOpen;
  readonly business: Distribution;
}

/** Kept in time ÷ due; `open`: due later, and not done yet. */
export type Kept = Ratio & { readonly open: number };

export interface CaseFigures {
  readonly firstResponse: CaseTime;
  readonly resolution: CaseTime;
  readonly responseWithinServiceLevel: Kept;
  readonly resolutionWithinServiceLevel: Kept;
  readonly backlog: number;
  readonly reopened: Ratio;
  readonly promisesKept: Kept;
}

/** Cases opened in the period, to their first answer. Business minutes are those the deciding command counted, in the owner's calendar of that day. */
async function firstResponses(scope: ClientScope): Promise<Took[]> {
  const cut = cutByClient(scope, 'f.opened_at', { presentOwner: 'f.present_owner_id' });
  const now = scope.now();
  return scope.run<Took>(`SELECT grp, ${spread('took')} AS wall, ${spread('business')} AS business, ${spread('age')} AS open FROM (
    SELECT ${cut.group} AS grp, ${minutes('f.opened_at', 'f.responded_at')} * (CASE WHEN f.responded_at IS NOT NULL THEN 1 END) AS took, f.response_business_minutes AS business, CASE WHEN f.responded_at IS NULL THEN ${minutes('f.opened_at', now)} END AS age
    FROM ${cut.from('case')} WHERE ${scope.within('f.opened_at')}${cut.where}) q GROUP BY grp`);
}

/** Resolutions of the period, and what is still open. A case that was reopened is resolved anew, from its reopening. */
async function resolutions(scope: ClientScope): Promise<Took[]> {
  const cut = cutByClient(scope, 'coalesce(f.resolved_at, f.opened_at)', { presentOwner: 'f.present_owner_id' });
  const now = scope.now();
  return scope.run<Took>(`SELECT grp, ${spread('took')} AS wall, ${spread('business')} AS business, ${spread('age')} AS open FROM (
      SELECT ${cut.group} AS grp, ${minutes('f.opened_at', 'f.resolved_at')} AS took, f.business_minutes AS business, NULL::double precision AS age FROM ${cut.from('round')} WHERE ${scope.within('f.resolved_at')}${cut.where}
      UNION ALL SELECT ${cut.group} AS grp, NULL, NULL, ${minutes('f.opened_at', now)} FROM ${cut.from('round')} WHERE f.resolved_at IS NULL AND ${scope.begun('f.opened_at')}${cut.where}) q GROUP BY grp`);
}

/** What was due in the period. Overdue and not done counts as not kept, whether an alarm rang or not. */
async function due(scope: ClientScope, table: string, dueAt: string, doneAt: string): Promise<Due[]> {
  const cut = cutByClient(scope, `f.${dueAt}`, { presentOwner: table === 'promise' ? 'f.owner_id' : 'f.present_owner_id' });
  const now = scope.now();
  return scope.run<Due>(`SELECT grp, count(*) AS due, count(*) FILTER (WHERE done_at <= due_at) AS within, count(*) FILTER (WHERE done_at IS NULL AND due_at > ${now}) AS open FROM (
    SELECT ${cut.group} AS grp, f.${dueAt} AS due_at, f.${doneAt} AS done_at FROM ${cut.from(table)} WHERE ${scope.within(`f.${dueAt}`)}${cut.where}) q GROUP BY grp`);
}

/** Cases open at the end of the period, or now, where that is sooner. */
async function backlog(scope: ClientScope): Promise<Count[]> {
  const at = scope.period.until < scope.view.now ? scope.period.until : scope.view.now;
  const moment = `${scope.value(at)}::timestamptz`;
  const cut = cutByClient(scope, moment, { presentOwner: 'f.present_owner_id' });
  return scope.run<Count>(`SELECT grp, count(*) AS count, 0 AS of FROM (SELECT ${cut.group} AS grp FROM ${cut.from('round')} WHERE f.opened_at < ${moment} AND (f.resolved_at IS NULL OR f.resolved_at >= ${moment})${cut.where}) q GROUP BY grp`);
}

/** Resolutions of the period, and those of them that were reopened by asOf. */
async function reopened(scope: ClientScope): Promise<Count[]> {
  const cut = cutByClient(scope, 'f.resolved_at', { presentOwner: 'f.present_owner_id' });
  return scope.run<Count>(`SELECT grp, count(reopened_at) AS count, count(*) AS of FROM (SELECT ${cut.group} AS grp, f.reopened_at FROM ${cut.from('round')} WHERE ${scope.within('f.resolved_at')}${cut.where}) q GROUP BY grp`);
}

/** Everything that is asked about cases. */
export const caseRows = (scope: ClientScope) => together({
  firstResponse: firstResponses(scope.fresh()), resolution: resolutions(scope.fresh()), responsesDue: due(scope.fresh(), 'case', 'response_due_at', 'responded_at'),
  resolutionsDue: due(scope.fresh(), 'round', 'due_at', 'resolved_at'), promisesDue: due(scope.fresh(), 'promise', 'due_at', 'kept_at'),
  backlog: inParts(scope.fresh(), backlog), reopened: reopened(scope.fresh()),
});

const timeOf = ([row]: readonly Took[]): CaseTime => ({ wall: { ...(row?.wall ?? NOTHING), open: row?.open ?? NOTHING }, business: row?.business ?? NOTHING });
const kept = ([row]: readonly Due[]): Kept => ({ ...ratio(row?.within ?? 0, row?.due ?? 0), open: row?.open ?? 0 });

export function caseFigures(rows: Awaited<ReturnType<typeof caseRows>>, own: <R extends Grouped>(rows: readonly R[]) => R[]): CaseFigures {
  const [again] = own(rows.reopened);
  return {
    firstResponse: timeOf(own(rows.firstResponse)), resolution: timeOf(own(rows.resolution)), responseWithinServiceLevel: kept(own(rows.responsesDue)), resolutionWithinServiceLevel: kept(own(rows.resolutionsDue)),
    backlog: own(rows.backlog)[0]?.count ?? 0, reopened: ratio(again?.count ?? 0, again?.of ?? 0), promisesKept: kept(own(rows.promisesDue)),
  };
}
