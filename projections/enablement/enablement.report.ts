import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { localDay, plusDays } from '../../libs/kernel/local-time.js';
import { IsDay, IsId, IsListOfIds, IsWhole, IsZone } from '../../libs/kernel/fields.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { together } from '../../libs/kernel/together.js';
import { EndsPeriod, periodOfDays } from '../coordinator-efficiency/period.js';

const PERIOD_DAYS = 90;
const SOON_DAYS_MAX = 730;
const ROWS_MAX = 1_000;

/** The query string of enablement. */
export class EnablementParams {
  @IsListOfIds({ optional: true, max: 50, description: 'Only these members. Default: all who have not left.' }) memberId?: string[];
  @IsId({ optional: true, description: 'Only members of this team.' }) teamId?: string;
  @IsWhole(1, SOON_DAYS_MAX, { optional: true, description: 'How many days ahead a certificate is about to expire.' }) expiringDays = 60;
  @IsDay({ optional: true, description: `First day on which a deal was closed for material to count, in tz. Default: ${PERIOD_DAYS} days before the last.` }) from?: LocalDate;
  @EndsPeriod() @IsDay({ optional: true, description: 'Last day, included. Default: today, or the first day where that is yet to come.' }) to?: LocalDate;
  @IsZone({ optional: true, description: 'Time zone in which days are cut.' }) tz = 'UTC';
}

export interface MemberReadiness {
  readonly memberId: string;
  readonly ready: boolean;
  readonly trainingsCompleted: number;
  readonly trainingsOpen: number;
  readonly trainingsLate: number;
  readonly certificatesValid: number;
  readonly certificatesExpired: number;
}

export interface ExpiringCertificate {
  readonly certificationId: string;
  readonly memberId: string;
  readonly certificate: string;
  readonly expiresOn: LocalDate;
  readonly daysLeft: number;
}

export interface MaterialUse {
  readonly materialId: string;
  readonly title: string;
  readonly kind: string;
  readonly shares: number;
  readonly wonDeals: number;
  readonly lostDeals: number;
  readonly openDeals: number;
  /** Won ÷ (won + lost) of the deals it was used on; null where none was closed. */
  readonly winRate: number | null;
}

export interface EnablementAnswer {
  readonly tz: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly members: number;
  readonly ready: number;
  readonly readiness: readonly MemberReadiness[];
  readonly expiring: readonly ExpiringCertificate[];
  readonly wonDeals: number;
  readonly wonDealsWithMaterial: number;
  readonly materials: readonly MaterialUse[];
}

interface Cut {
  readonly today: LocalDate;
  readonly members: readonly string[] | null;
  readonly teamId: string | null;
}

/** Members who are there and asked for; `$1` the moment, `$2` their ids, `$3` the team. */
const PRESENT = (view: ReportView): string =>
  `SELECT m.member_id FROM ${view.table('enablement_member')} m WHERE (m.left_at IS NULL OR m.left_at > $1::timestamptz) AND ($2::text[] IS NULL OR m.member_id = ANY ($2::text[])) AND ($3::text IS NULL OR m.team_id = $3::text)`;

/** A certificate that a member holds anew under another id does not count any more: of each name the one that is valid longest. */
const HELD = (view: ReportView): string =>
  `SELECT DISTINCT ON (c.member_id, c.certificate_key) c.* FROM ${view.table('enablement_certificate')} c ORDER BY c.member_id, c.certificate_key, coalesce(c.expires_on, 'infinity'::date) DESC, c.issued_on DESC, c.certification_id`;

type ReadinessRow = Omit<MemberReadiness, 'ready'>;

const readinessOf = (view: ReportView, { today, members, teamId }: Cut): Promise<ReadinessRow[]> =>
  view.query<ReadinessRow>(
    `WITH present AS (${PRESENT(view)}), held AS (${HELD(view)}),
       t AS (SELECT member_id, count(*) FILTER (WHERE completed_at IS NOT NULL) AS done, count(*) FILTER (WHERE completed_at IS NULL) AS open, count(*) FILTER (WHERE completed_at IS NULL AND due_on < $4::date) AS late FROM ${view.table('enablement_training')} x GROUP BY member_id),
       c AS (SELECT member_id, count(*) FILTER (WHERE expires_on IS NULL OR expires_on >= $4::date) AS valid, count(*) FILTER (WHERE expires_on < $4::date) AS expired FROM held GROUP BY member_id)
     SELECT p.member_id AS "memberId", coalesce(t.done, 0) AS "trainingsCompleted", coalesce(t.open, 0) AS "trainingsOpen", coalesce(t.late, 0) AS "trainingsLate", coalesce(c.valid, 0) AS "certificatesValid", coalesce(c.expired, 0) AS "certificatesExpired"
     FROM present p LEFT JOIN t USING (member_id) LEFT JOIN c USING (member_id) ORDER BY p.member_id LIMIT ${ROWS_MAX}`, [view.now, members, teamId, today]);

const expiringOf = (view: ReportView, { today, members, teamId }: Cut, days: number): Promise<ExpiringCertificate[]> =>
  view.query<ExpiringCertificate>(
    `WITH present AS (${PRESENT(view)}), held AS (${HELD(view)})
     SELECT h.certification_id AS "certificationId", h.member_id AS "memberId", h.certificate, h.expires_on AS "expiresOn", h.expires_on - $4::date AS "daysLeft"
     FROM held h JOIN present USING (member_id) WHERE h.expires_on >= $4::date AND h.expires_on <= $4::date + $5::integer ORDER BY h.expires_on, h.member_id, h.certificate LIMIT ${ROWS_MAX}`, [view.now, members, teamId, today, days]);

/** Which material was used on which deal: shown to it, or to the lead it came from, before it was closed. `$1` to `$2`: when it was closed. */
const USED = (view: ReportView): string =>
  `SELECT DISTINCT s.material_id, d.deal_id, d.status FROM ${view.table('enablement_deal')} d JOIN ${view.table('enablement_share')} s
     ON ((s.subject_kind = 'deal' AND s.subject_id = d.deal_id) OR (s.subject_kind = 'lead' AND s.subject_id = d.lead_id)) AND (d.closed_at IS NULL OR s.shared_at <= d.closed_at)
   WHERE d.closed_at IS NULL OR (d.closed_at >= $1::timestamptz AND d.closed_at < $2::timestamptz)`;

async function materialsOf(view: ReportView, since: Instant, until: Instant): Promise<MaterialUse[]> {
  const rows = await view.query<Omit<MaterialUse, 'winRate'>>(
    `WITH used AS (${USED(view)}), u AS (SELECT material_id, count(*) FILTER (WHERE status = 'won') AS won, count(*) FILTER (WHERE status = 'lost') AS lost, count(*) FILTER (WHERE status = 'open') AS open FROM used GROUP BY material_id),
       s AS (SELECT material_id, count(*) AS shares FROM ${view.table('enablement_share')} x WHERE shared_at >= $1::timestamptz AND shared_at < $2::timestamptz GROUP BY material_id)
     SELECT m.material_id AS "materialId", m.title, m.material_kind AS kind, coalesce(s.shares, 0) AS shares, coalesce(u.won, 0) AS "wonDeals", coalesce(u.lost, 0) AS "lostDeals", coalesce(u.open, 0) AS "openDeals"
     FROM ${view.table('enablement_material')} m LEFT JOIN u USING (material_id) LEFT JOIN s USING (material_id) ORDER BY "wonDeals" DESC, shares DESC, m.material_id LIMIT ${ROWS_MAX}`, [since, until]);
  return rows.map((row) => ({ ...row, winRate: row.wonDeals + row.lostDeals === 0 ? null : row.wonDeals / (row.wonDeals + row.lostDeals) }));
}

const wonOf = async (view: ReportView, since: Instant, until: Instant): Promise<Pick<EnablementAnswer, 'wonDeals' | 'wonDealsWithMaterial'>> => {
  const [won] = await view.query<Pick<EnablementAnswer, 'wonDeals' | 'wonDealsWithMaterial'>>(
    `SELECT count(*) AS "wonDeals", count(*) FILTER (WHERE d.deal_id IN (SELECT deal_id FROM (${USED(view)}) used WHERE status = 'won')) AS "wonDealsWithMaterial"
     FROM ${view.table('enablement_deal')} d WHERE d.status = 'won' AND d.closed_at >= $1::timestamptz AND d.closed_at < $2::timestamptz`, [since, until]);
  return won!; // an aggregate always gives one row
};

/** Who is ready to sell, what expires, and what material did. @throws ReadStoreError */
export async function enablementReport(view: ReportView, { memberId, teamId, expiringDays, from: fromGiven, to: toGiven, tz }: EnablementParams): Promise<EnablementAnswer> {
  const today = localDay(view.now, tz);
  const last = toGiven ?? (fromGiven !== undefined && fromGiven > today ? fromGiven : today);
  const first = fromGiven ?? plusDays(last, -PERIOD_DAYS);
  const { from, to, since, until } = periodOfDays(first, last, tz);
  const cut: Cut = { today, members: memberId?.length ? memberId : null, teamId: teamId ?? null };
  const found = await together({ materials: materialsOf(view, since, until), won: wonOf(view, since, until), members: readinessOf(view, cut), expiring: expiringOf(view, cut, expiringDays) });
  const readiness = found.members.map((row) => ({ ...row, ready: row.trainingsLate === 0 && row.certificatesExpired === 0 }));
  return { tz, from, to, members: readiness.length, ready: readiness.filter(({ ready }) => ready).length, readiness, expiring: found.expiring, ...found.won, materials: found.materials };
}

export const enablementStatus = report({
  name: 'enablement',
  version: 1,
  title: 'Enablement',
  description: 'Who is ready to sell, which certificates are about to expire, and which material was used on deals that were won.',
  projections: ['enablement'],
  params: EnablementParams,
  figures: [
    { name: 'members', title: 'Members', unit: 'count', definition: 'Members asked for who have not left at asOf.' },
    { name: 'ready', title: 'Ready', unit: 'count', definition: 'Of these, those without a training that is late and without a certificate that has expired; of a certificate held twice the one that is valid longest counts.' },
    { name: 'readiness', title: 'Readiness', unit: 'records', definition: 'Trainings completed, open and late, certificates valid and expired, by member; late is what was due before today in tz.' },
    { name: 'expiring', title: 'About to expire', unit: 'records', definition: 'Certificates of these members whose last day is today or at most expiringDays ahead; the next one first.' },
    { name: 'wonDeals', title: 'Won deals', unit: 'count', definition: 'Deals won in the period and not reopened since.' },
    { name: 'wonDealsWithMaterial', title: 'Won with material', unit: 'count', definition: 'Of these, those to which, or to whose lead, any material was shown before they were won.' },
    { name: 'materials', title: 'Use of material', unit: 'records', definition: 'By material: how often it was shown in the period, and the deals it was used on that were won or lost in the period or are open; winRate = won ÷ (won + lost).' },
  ],
  run: enablementReport,
});
