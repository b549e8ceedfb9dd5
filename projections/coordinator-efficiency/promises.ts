import { placeOf, type Grouped } from './section.js';
import type { Scope } from './scope.js';
import { ratio, total, type Ratio } from './stats.js';

/** How often each thing came of what was due; each row one scorecard, group and status. */
export interface Counted extends Grouped {
  readonly status: string;
  readonly count: number;
}

/** On time, late, missed and open add up to all that was due. */
export interface OnTime {
  readonly due: number;
  readonly onTime: Ratio;
  readonly late: Ratio;
  readonly missed: Ratio;
  readonly open: Ratio;
  /** Cancelled before they were missed: not due. */
  readonly cancelled: number;
}

export interface FollowUps extends OnTime {
  /** Of the missed ones, those that were done in the end. */
  readonly missedDoneLater: number;
}

const counts = (scope: Scope, status: string, cut: { role: string; group: string; joins: string; where: string }, from: string, within: string): Promise<Counted[]> =>
  scope.run<Counted>(`SELECT role, grp, status, count(*) AS count FROM (
    SELECT ${cut.role} AS role, ${cut.group} AS grp, ${status} AS status FROM ${from} ${cut.joins} WHERE ${within}${cut.where}) q GROUP BY role, grp, status`);

/** Follow-ups due in the period by what came of them; decided by their dates, not by when an alarm rang. */
export async function followUpCounts(scope: Scope): Promise<Counted[]> {
  const { join, place } = placeOf(scope, 'f.subject_kind', 'f.subject_id');
  const cut = scope.cut({ at: 'f.due_at', owner: 'f.owner_id', ...(place && { place }) });
  const status = `CASE WHEN f.completed_at <= f.due_at THEN 'on_time' WHEN f.completed_at <= f.missed_at THEN 'late' WHEN f.completed_at IS NOT NULL THEN 'missed_done_later'
    WHEN f.cancelled_at < f.missed_at THEN 'cancelled' WHEN f.cancelled_at IS NOT NULL OR f.missed_at <= ${scope.now()} THEN 'missed' ELSE 'open' END`;
  return counts(scope, status, cut, `${scope.view.table('coordinator_efficiency_follow_up')} f ${join}`, scope.within('f.due_at'));
}

/** Tasks due in the period by what came of them. */
export async function taskCounts(scope: Scope): Promise<Counted[]> {
  const { join, place } = placeOf(scope, 'f.subject_kind', 'f.subject_id');
  const cut = scope.cut({ at: 'f.due_at', owner: 'f.owner_id', presentOwner: 'f.present_owner_id', ...(place && { place }) });
  return counts(scope, dueStatus('completed_at', 'cancelled_at', scope), cut, `${scope.view.table('coordinator_efficiency_task')} f ${join}`, scope.within('f.due_at'));
}

/** Contracts due in the period by what came of them. */
export async function contractCounts(scope: Scope): Promise<Counted[]> {
  const { join, place } = placeOf(scope, `'deal'`, 'f.deal_id');
  const cut = scope.cut({ at: 'f.due_at', owner: 'f.owner_id', ...(place && { place }) });
  return counts(scope, dueStatus('signed_at', 'voided_at', scope), cut, `${scope.view.table('coordinator_efficiency_contract')} f ${join}`, scope.within('f.due_at'));
}

const dueStatus = (done: string, given_up: string, scope: Scope): string =>
  `CASE WHEN f.${done} <= f.due_at THEN 'on_time' WHEN f.${done} IS NOT NULL THEN 'late' WHEN f.${given_up} <= f.due_at THEN 'cancelled'
    WHEN f.${given_up} IS NOT NULL OR f.due_at <= ${scope.now()} THEN 'missed' ELSE 'open' END`;

export function onTime(rows: readonly Counted[]): OnTime {
  const of = (...statuses: string[]): number => total(rows, ({ status, count }) => (statuses.includes(status) ? count : 0));
  const due = of('on_time', 'late', 'missed', 'missed_done_later', 'open');
  return { due, onTime: ratio(of('on_time'), due), late: ratio(of('late'), due), missed: ratio(of('missed', 'missed_done_later'), due), open: ratio(of('open'), due), cancelled: of('cancelled') };
}

export const followUps = (rows: readonly Counted[]): FollowUps =>
  ({ ...onTime(rows), missedDoneLater: total(rows, ({ status, count }) => (status === 'missed_done_later' ? count : 0)) });
