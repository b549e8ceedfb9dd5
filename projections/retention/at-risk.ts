import type { Instant } from '../../libs/kernel/event.js';
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
  // The last two answers to the same sort of survey, of all clients at once: asking for each costs three times as much.
  const falling = `SELECT client_id FROM (SELECT client_id, score, lag(score) OVER answers AS before, lead(score) OVER answers AS next FROM ${table('survey')} e WHERE answered_at IS NOT NULL
    WINDOW answers AS (PARTITION BY client_id, kind ORDER BY answered_at, survey_id)) s WHERE next IS NULL AND score < before`;
  // OFFSET 0 has the last contact looked for once, though it is used twice.
  const sought = `SELECT f.client_id, f.owner_id, f.client_id IN (SELECT r.client_id FROM ${table('round')} r WHERE r.resolved_at IS NULL AND r.due_at < ${now} AND r.client_id IS NOT NULL) AS overdue_case,
      f.client_id IN (${falling}) AS falling_score, coalesce(f.lapses_at <= ${now}, false) AS lapsed_renewal, coalesce((SELECT max(t.touched_at) FROM ${table('touch')} t WHERE t.client_id = f.client_id), f.onboarded_at) AS last_contact_at
    FROM ${table('client')} f ${cut.joins} WHERE f.active${only}${cut.where} OFFSET 0`;
  const rows = await scope.run<Found>(`SELECT *, count(*) OVER () AS clients, ${RISKS.map((risk) => `count(*) FILTER (WHERE ${risk}) OVER () AS all_${risk}`).join(', ')}
    FROM (SELECT *, last_contact_at < ${now} - ${scope.value(noContactDays)}::integer * interval '24 hours' AS no_contact FROM (${sought}) s) q
    WHERE ${RISKS.join(' OR ')} ORDER BY ${RISKS.map((risk) => `${risk}::integer`).join(' + ')} DESC, client_id LIMIT ${AT_RISK_MAX}`);
  const counts = Object.fromEntries(RISKS.map((risk) => [risk, rows[0]?.[`all_${risk}`] ?? 0])) as Record<Risk, number>; // one entry a risk
  const list = rows.map((row) => ({ clientId: row.client_id, ownerId: row.owner_id, reasons: RISKS.filter((risk) => row[risk]), lastContactAt: row.last_contact_at }));
  return { clients: rows[0]?.clients ?? 0, counts, noContactDays, list };
}
