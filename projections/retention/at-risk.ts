import type { Instant } from '../../libs/kernel/event.js';
import type { ClientScope } from './client-scope.js';
import { CLIENT_PLACE } from './sql.js';

/** The list names at most this many, those with the most reasons first; the counts are of all. */
export const AT_RISK_MAX = 200;
export const RISKS = ['overdue_case', 'falling_score', 'lapsed_renewal', 'no_contact'] as const;
export type Risk = (typeof RISKS)[number];

interface Found {
  readonly client_id: string;
  readonly owner_id: string;
  readonly overdue_case: boolean;
  readonly falling_score: boolean;
  readonly lapsed_renewal: boolean;
  readonly no_contact: boolean;
  readonly last_contact_at: Instant;
}

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
  // The last two answers to the same sort of survey, from one look at all answers of the client.
  const latest = (kind: string): string => `array_agg(s.score ORDER BY s.answered_at DESC, s.survey_id DESC) FILTER (WHERE s.kind = '${kind}')`;
  const falling = `(SELECT coalesce(csat[1] < csat[2], false) OR coalesce(nps[1] < nps[2], false) FROM (SELECT ${latest('csat')} AS csat, ${latest('nps')} AS nps FROM ${table('survey')} s WHERE s.client_id = f.client_id AND s.answered_at IS NOT NULL) a)`;
  const rows = await scope.run<Found>(`SELECT client_id, owner_id, overdue_case, falling_score, lapsed_renewal, last_contact_at < ${now} - ${scope.value(noContactDays)}::integer * interval '24 hours' AS no_contact, last_contact_at FROM (
    SELECT f.client_id, f.owner_id, f.client_id IN (SELECT r.client_id FROM ${table('round')} r WHERE r.resolved_at IS NULL AND r.due_at < ${now} AND r.client_id IS NOT NULL) AS overdue_case, ${falling} AS falling_score,
      coalesce(f.lapses_at <= ${now}, false) AS lapsed_renewal, coalesce((SELECT max(t.touched_at) FROM ${table('touch')} t WHERE t.client_id = f.client_id), f.onboarded_at) AS last_contact_at
    FROM ${table('client')} f ${cut.joins} WHERE f.active${only}${cut.where}) q ORDER BY client_id`);
  const named = rows.map((row) => ({ clientId: row.client_id, ownerId: row.owner_id, reasons: RISKS.filter((risk) => row[risk]), lastContactAt: row.last_contact_at })).filter(({ reasons }) => reasons.length > 0);
  const counts = Object.fromEntries(RISKS.map((risk) => [risk, named.filter(({ reasons }) => reasons.includes(risk)).length])) as Record<Risk, number>; // one entry a risk
  return { clients: named.length, counts, noContactDays, list: [...named].sort((a, b) => b.reasons.length - a.reasons.length).slice(0, AT_RISK_MAX) };
}
