import type { Instant } from '../../libs/kernel/event.js';
import { daysAfter } from '../../libs/kernel/local-time.js';
import type { ReportView } from '../../libs/kernel/report.js';

/** Where members work, by their ids, and where the company sits: for members who are not known. */
export interface MemberZones {
  readonly company: string;
  readonly members: ReadonlyMap<string, string>;
}

/** The zone of every member at the view's moment: that of their work calendar, else the one they joined in. Needs the projection `roster`. */
export async function memberZones(view: ReportView, company: string): Promise<MemberZones> {
  const holds = (row: string): string =>
    `(${row}.valid_from IS NULL OR ${row}.valid_from <= $1::timestamptz) AND (${row}.valid_to IS NULL OR ${row}.valid_to > $1::timestamptz)`;
  const rows = await view.query<{ member_id: string; zone: string }>(
    `SELECT s.member_id, coalesce(c.zone, s.zone) AS zone
     FROM ${view.table('roster_stay')} s
     LEFT JOIN ${view.table('roster_calendar')} c ON c.member_id = s.member_id AND ${holds('c')}
     WHERE ${holds('s')} AND coalesce(c.zone, s.zone) IS NOT NULL`, [view.now]);
  return { company, members: new Map(rows.map(({ member_id: id, zone }) => [id, zone])) };
}

/**
 * SQL for the moment that lies `days` calendar days before another in the zone of an owner, at the same local time.
 * It differs between owners only while the clocks of some zone have changed in between.
 * @param value adds a parameter to the statement; gives its placeholder
 */
export function daysBeforeSql({ company, members }: MemberZones, at: Instant, days: number, owner: string, value: (value: unknown) => string): string {
  const since = new Map([company, ...members.values()].map((zone) => [zone, daysAfter(at, -days, zone)]));
  const usual = since.get(company)!; // made of a list that holds it
  const apart = new Map<Instant, string[]>();
  for (const [member, zone] of members) {
    const own = since.get(zone)!; // made of a list that holds it
    if (own !== usual) apart.set(own, [...(apart.get(own) ?? []), member]);
  }
  const cases = [...apart].map(([own, ids]) => `WHEN ${owner} = ANY (${value(ids)}::text[]) THEN ${value(own)}::timestamptz`);
  const otherwise = `${value(usual)}::timestamptz`;
  return cases.length === 0 ? otherwise : `CASE ${cases.join(' ')} ELSE ${otherwise} END`;
}
