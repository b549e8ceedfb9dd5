import { placeOf, timed, type Calendars, type Interval, type Timed } from './section.js';
import type { Scope } from './scope.js';

/** SQL for the work on a lead or deal: who did something, and when. `lead` and `deal` are expressions for their ids. */
export function activitiesOn(scope: Scope, lead: string, deal: string): string {
  const table = (name: string): string => scope.view.table(`coordinator_efficiency_${name}`);
  const about = `((x.subject_kind = 'lead' AND x.subject_id = ${lead}) OR (x.subject_kind = 'deal' AND x.subject_id = ${deal}))`;
  return [
    `SELECT x.member_id, x.contacted_at AS happened_at, 'contact' AS kind FROM ${scope.view.table('activity_contact')} x WHERE x.lead_id = ${lead}`,
    `SELECT x.owner_id, x.ended_at, 'meeting' FROM ${table('meeting')} x WHERE x.outcome = 'held' AND ${about}`,
    `SELECT x.owner_id, x.completed_at, 'follow_up' FROM ${table('follow_up')} x WHERE x.completed_at IS NOT NULL AND ${about}`,
    `SELECT x.present_owner_id, x.completed_at, 'task' FROM ${table('task')} x WHERE x.completed_at IS NOT NULL AND ${about}`,
    `SELECT x.owner_id, x.sent_at, 'contract' FROM ${table('contract')} x WHERE x.sent_at IS NOT NULL AND x.deal_id = ${deal}`,
  ].join(' UNION ALL ');
}

/**
 * Leads and deals that went from a coordinator to an executive in the period, passed on or opened as a deal from the
 * coordinator's lead; until the executive's first activity on them. The hand-off is the executive's to answer.
 */
export async function handoffs(scope: Scope): Promise<Interval[]> {
  const { view } = scope;
  const { join, place } = placeOf(scope, 'f.item_kind', 'f.item_id');
  const cut = scope.cut({ at: 'f.held_from', owner: 'f.member_id', ...(place && { place }) });
  const holding = view.table('coordinator_efficiency_holding');
  const passed = `SELECT h.item_kind, h.item_id, h.member_id, h.held_from, h.lead_id, coalesce(h.from_member_id, CASE WHEN h.stretch = 1 AND h.lead_id IS NOT NULL THEN
      (SELECT l.member_id FROM ${holding} l WHERE l.item_kind = 'lead' AND l.item_id = h.lead_id AND l.held_from <= h.held_from ORDER BY l.stretch DESC LIMIT 1) END) AS from_member_id
    FROM ${holding} h WHERE h.item_kind IN ('lead', 'deal') AND ${scope.within('h.held_from')}`;
  const lead = `CASE WHEN f.item_kind = 'lead' THEN f.item_id ELSE f.lead_id END`;
  const deal = `CASE WHEN f.item_kind = 'deal' THEN f.item_id END`;
  return scope.run<Interval>(`SELECT ${cut.role} AS role, ${cut.group} AS grp, f.member_id AS owner, f.held_from AS begun,
      (SELECT min(a.happened_at) FROM (${activitiesOn(scope, lead, deal)}) a WHERE a.member_id = f.member_id AND a.happened_at >= f.held_from) AS ended
    FROM (${passed}) f ${join}
    JOIN ${view.table('roster_stay')} ff ON ff.member_id = f.from_member_id AND ff.role = 'coordinator' AND (ff.valid_from IS NULL OR f.held_from >= ff.valid_from) AND (ff.valid_to IS NULL OR f.held_from < ff.valid_to)
    ${cut.joins} WHERE fr.role = 'executive' AND f.from_member_id <> f.member_id${cut.where}`);
}

export const handoffLatency = (rows: readonly Interval[], now: string, calendars: Calendars): Timed & { readonly handoffs: number } => ({ handoffs: rows.length, ...timed(rows, now, calendars) });
