import { calendarsOf, type Calendars } from './calendars.js';
import type { Scope } from './scope.js';
import { distribution, minutesBetween, type DistributionWithOpen } from './stats.js';

/** A row of any section: whose scorecard and which group it belongs to. */
export interface Grouped {
  readonly role: string;
  readonly grp: string;
}

/** An interval of somebody's time; not ended: still open. */
export interface Interval extends Grouped {
  readonly owner: string | null;
  readonly begun: string;
  readonly ended: string | null;
}

/** Minutes on the wall clock, and minutes of the owner's business hours as they were on each day. */
export interface Timed {
  readonly wall: DistributionWithOpen;
  readonly business: DistributionWithOpen;
}

export { calendarsOf, type Calendars };

/** How long intervals took; those still open are counted apart, with their age at `now`. */
export function timed(intervals: readonly Interval[], now: string, calendars: Calendars): Timed {
  const closed = intervals.flatMap(({ owner, begun, ended }) => (ended === null ? [] : [{ owner, begun, ended }]));
  const open = intervals.filter(({ ended }) => ended === null);
  return {
    wall: { ...distribution(closed.map(({ begun, ended }) => minutesBetween(begun, ended))), open: distribution(open.map(({ begun }) => minutesBetween(begun, now))) },
    business: {
      ...distribution(closed.map(({ owner, begun, ended }) => calendars.minutesBetween(owner, begun, ended))),
      open: distribution(open.map(({ owner, begun }) => calendars.minutesBetween(owner, begun, now))),
    },
  };
}

const PLACE = { source: 'fs.source', region: 'fs.region', segment: 'fs.segment' };

/** The join to where a fact's subject belongs. Only what is asked for is joined. */
export function placeOf(scope: Scope, kind: string, id: string): { readonly join: string; readonly place?: typeof PLACE } {
  const { groupBy, source, region, segment } = scope.cuts;
  const asked = source !== undefined || region !== undefined || segment !== undefined || groupBy === 'source' || groupBy === 'region' || groupBy === 'segment';
  if (!asked) return { join: '' };
  return { join: `LEFT JOIN ${scope.view.table('coordinator_efficiency_subject')} fs ON fs.subject_kind = ${kind} AND fs.subject_id = ${id}`, place: PLACE };
}
