import { calendarsOf, type Calendars } from './calendars.js';
import { isPlaced, type FactPlace, type Scope } from './scope.js';
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

const PLACE: FactPlace = { source: 'fs.source', campaign: 'fs.campaign_id', pipeline: 'fs.pipeline_id', product: 'fs.product', region: 'fs.region', segment: 'fs.segment' };

/** The join to where a fact's subject belongs; what is about a case or a contract belongs where their own subject does. Only what is asked for is joined. */
export function placeOf(scope: Scope, kind: string, id: string): { readonly join: string; readonly place?: FactPlace } {
  if (!isPlaced(scope.cuts)) return { join: '' };
  const subject = scope.view.table('coordinator_efficiency_subject');
  return {
    join: `LEFT JOIN ${subject} fo ON fo.subject_kind = ${kind} AND fo.subject_id = ${id} AND fo.of_id IS NOT NULL
      LEFT JOIN ${subject} fs ON fs.subject_kind = coalesce(fo.of_kind, ${kind}) AND fs.subject_id = coalesce(fo.of_id, ${id})`,
    place: PLACE,
  };
}
