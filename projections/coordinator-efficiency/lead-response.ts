import { placeOf, timed, type Calendars, type Interval, type Timed } from './section.js';
import type { Scope } from './scope.js';

export interface LeadResponse extends Timed {
  readonly leads: number;
  readonly neverContacted: number;
}

/** Leads captured in the period, to their first human contact. Minutes of business hours need the owner's calendar, so single leads are read, not sums. */
export async function leadResponses(scope: Scope): Promise<Interval[]> {
  const { join, place } = placeOf(scope, `'lead'`, 'f.lead_id');
  const cut = scope.cut({ at: 'f.captured_at', owner: 'f.owner_id', presentOwner: 'f.present_owner_id', ...(place && { place }) });
  return scope.run<Interval>(`SELECT ${cut.role} AS role, ${cut.group} AS grp, ${cut.owner} AS owner, f.captured_at AS begun, f.contacted_at AS ended
    FROM ${scope.view.table('coordinator_efficiency_lead')} f ${join} ${cut.joins} WHERE ${scope.within('f.captured_at')}${cut.where}`);
}

export const leadResponse = (rows: readonly Interval[], now: string, calendars: Calendars): LeadResponse =>
  ({ leads: rows.length, neverContacted: rows.filter(({ ended }) => ended === null).length, ...timed(rows, now, calendars) });
