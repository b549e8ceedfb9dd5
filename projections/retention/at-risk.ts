import type { Instant } from '../../libs/kernel/event.js';
import { daysBeforeSql, memberZones } from '../coordinator-efficiency/member-zones.js';
import type { ClientScope } from './client-scope.js';
import { CLIENT_PLACE } from './sql.js';

/** The list names at most this many, those with the most reasons first; the counts are of all. */
export const AT_RISK_MAX = 200;
export const RISKS = ['overdue_case', 'falling_score', 'lapsed_renewal', 'no_contact'] as const;
export type Risk = (typeof RISKS)[number];

/** A client at risk; beside it what holds of all of them. */
type Found = { readonly client_id: string; readonly owner_id: string; readonly last_contact_at: Instant; readonly clients: number }
  & { readonly [R in Risk]: boolean } & { readonly [R in `all_${Risk}`]: number };

export interface AtRisk {
  readonly clients: number;
  readonly counts: Readonly<Record<Risk, number>>;
  readonly noContactDays: number;
  readonly list: readonly { readonly clientId: string; readonly ownerId: string; readonly reasons: readonly Risk[]; readonly lastContactAt: Instant }[];
}

/** Active clients at asOf that something speaks against. Of the period it knows nothing: a risk is of today. */
export async function atRisk(scope: ClientScope, noContactDays: number): Promise<AtRisk> {
  const table = (name: string): string => scope.view.table(`retention_${name}`);
  const now = scope.now();
  const cut = scope.cut({ at: now, owner: 'f.owner_id', place: { ...CLIENT_PLACE, region: 'f.region', segment: 'f.segment' }, client: 'f', part: () => `'all'` });
  const { where: only } = scope.counted('f');
  const zones = await memberZones(scope.view, scope.company.setting('zone') ?? 'UTC');
  const since = (owner: string): string => daysBeforeSql(zones, scope.view.now, noContactDays, owner, (value) => scope.value(value));
  const own = since('f.owner_id');
  // The answers to each sort of survey, of all clients at once, in the order that an index has them: asking for each costs three times as much.
  const falling = `SELECT client_id FROM (SELECT client_id, array_agg(score) AS scores FROM (SELECT client_id, kind, score FROM ${table('survey')} e WHERE answered_at IS NOT NULL
    ORDER BY client_id, kind, answered_at, survey_id) a GROUP BY client_id, kind) s WHERE scores[cardinality(scores)] < scores[cardinality(scores) - 1]`;
  const touched = `SELECT FROM ${table('touch')} t WHERE t.client_id = f.client_id`;
  const sought = `SELECT f.client_id, f.owner_id, f.onboarded_at, f.client_id IN (SELECT r.client_id FROM ${table('round')} r WHERE r.resolved_at IS NULL AND r.due_at < ${now} AND r.client_id IS NOT NULL) AS overdue_case,
      f.client_id IN (${falling}) AS falling_score, coalesce(f.lapses_at <= ${now}, false) AS lapsed_renewal,
      f.client_id NOT IN (SELECT t.client_id FROM ${table('touch')} t JOIN ${table('client')} tc ON tc.client_id = t.client_id WHERE t.touched_at >= ${since('tc.owner_id')}) AND (f.onboarded_at < ${own} OR EXISTS (${touched})) AS no_contact
    FROM ${table('client')} f ${cut.joins} WHERE f.active${only}${cut.where} OFFSET 0`; // OFFSET 0 has each risk looked for once, though it is used twice
  // The last contact is looked for only of those on the list.
  const rows = await scope.run<Found>(`SELECT listed.*, coalesce((SELECT max(t.touched_at) FROM ${table('touch')} t WHERE t.client_id = listed.client_id), listed.onboarded_at) AS last_contact_at
    FROM (SELECT *, count(*) OVER () AS clients, ${RISKS.map((risk) => `count(*) FILTER (WHERE ${risk}) OVER () AS all_${risk}`).join(', ')}, ${RISKS.map((risk) => `${risk}::integer`).join(' + ')} AS reasons
      FROM (${sought}) q WHERE ${RISKS.join(' OR ')} ORDER BY reasons DESC, client_id LIMIT ${AT_RISK_MAX}) listed ORDER BY reasons DESC, client_id`);
  const counts = Object.fromEntries(RISKS.map((risk) => [risk, rows[0]?.[`all_${risk}`] ?? 0])) as Record<Risk, number>; // one entry a risk
  const list = rows.map((row) => ({ clientId: row.client_id, ownerId: row.owner_id, reasons: RISKS.filter((risk) => row[risk]), lastContactAt: row.last_contact_at }));
  return { clients: rows[0]?.clients ?? 0, counts, noContactDays, list };
}
