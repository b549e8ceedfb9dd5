import { placeOf, timed, type Calendars, type Interval, type Timed } from './section.js';
import type { Scope } from './scope.js';
import { distribution, minutesBetween, type Distribution } from './stats.js';

interface ContractTimes extends Interval {
  readonly sent: string | null;
}

export interface Turnaround {
  readonly total: Timed;
  /** Drafted until sent: it waits on us. */
  readonly own: Timed;
  /** Sent until signed: it waits on the client. */
  readonly client: Timed;
}

/** Contracts signed in the period, and those still on their way. */
export async function contractTimes(scope: Scope): Promise<ContractTimes[]> {
  const { join, place } = placeOf(scope, `'deal'`, 'f.deal_id');
  const cut = scope.cut({ at: 'coalesce(f.signed_at, f.drafted_at)', owner: 'f.owner_id', ...(place && { place }) });
  const select = `SELECT ${cut.role} AS role, ${cut.group} AS grp, ${cut.owner} AS owner, f.drafted_at AS begun, f.sent_at AS sent, f.signed_at AS ended FROM ${scope.view.table('coordinator_efficiency_contract')} f ${join} ${cut.joins}`;
  return scope.run<ContractTimes>(`${select} WHERE ${scope.within('f.signed_at')}${cut.where}
    UNION ALL ${select} WHERE f.signed_at IS NULL AND f.voided_at IS NULL AND ${scope.begun('f.drafted_at')}${cut.where}`);
}

/** A contract signed at the table was never sent: all of its time was ours. */
export function turnaround(rows: readonly ContractTimes[], now: string, calendars: Calendars): Turnaround {
  const sentAt = ({ sent, ended }: ContractTimes): string | null => (sent !== null && (ended === null || sent <= ended) ? sent : null);
  return {
    total: timed(rows, now, calendars),
    own: timed(rows.map((row) => ({ ...row, ended: sentAt(row) ?? row.ended })), now, calendars),
    client: timed(rows.flatMap((row) => { const begun = sentAt(row); return begun === null ? [] : [{ ...row, begun }]; }), now, calendars),
  };
}

interface TaskTimes extends Interval {
  readonly spent: number | null;
}

/** Upper bounds in days; older ones fall into the last bucket. */
const AGES = [{ name: 'upTo1Day', daysMax: 1 }, { name: 'upTo3Days', daysMax: 3 }, { name: 'upTo7Days', daysMax: 7 }, { name: 'upTo30Days', daysMax: 30 }, { name: 'older', daysMax: Infinity }] as const;
const DAY_MINUTES = 1_440;

export interface Handling extends Timed {
  /** Minutes as told on completion. */
  readonly spent: Distribution;
  readonly openByAge: Readonly<Record<(typeof AGES)[number]['name'], number>>;
}

/** Tasks done in the period, and those still open. */
export async function taskTimes(scope: Scope): Promise<TaskTimes[]> {
  const { join, place } = placeOf(scope, 'f.subject_kind', 'f.subject_id');
  // Who did it, or has it: neither changes any more once it is done.
  const cut = scope.cut({ at: 'coalesce(f.completed_at, f.allocated_at)', owner: 'f.present_owner_id', ...(place && { place }) });
  const select = `SELECT ${cut.role} AS role, ${cut.group} AS grp, ${cut.owner} AS owner, f.allocated_at AS begun, f.completed_at AS ended, f.spent_minutes AS spent FROM ${scope.view.table('coordinator_efficiency_task')} f ${join} ${cut.joins}`;
  return scope.run<TaskTimes>(`${select} WHERE ${scope.within('f.completed_at')}${cut.where}
    UNION ALL ${select} WHERE f.completed_at IS NULL AND f.cancelled_at IS NULL AND ${scope.begun('f.allocated_at')}${cut.where}`);
}

export function handling(rows: readonly TaskTimes[], now: string, calendars: Calendars): Handling {
  const agesDays = rows.filter(({ ended }) => ended === null).map(({ begun }) => minutesBetween(begun, now) / DAY_MINUTES);
  const bucketOf = (days: number): string => (AGES.find(({ daysMax }) => days <= daysMax) ?? AGES[4]).name;
  const counts = AGES.map(({ name }) => [name, agesDays.filter((days) => bucketOf(days) === name).length] as const);
  return {
    ...timed(rows, now, calendars), spent: distribution(rows.flatMap(({ spent }) => (spent === null ? [] : [spent]))),
    openByAge: Object.fromEntries(counts) as Handling['openByAge'], // one entry a name
  };
}

