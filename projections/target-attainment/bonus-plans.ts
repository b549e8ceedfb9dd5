import type { BonusPeriod, BonusTier } from '../../libs/domain/bonus/events.js';
import type { TargetMetric } from '../../libs/domain/target/events.js';
import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { plusDays } from '../../libs/kernel/local-time.js';
import type { ReportView } from '../../libs/kernel/report.js';
import { SUBJECT_OF } from './booked.js';
import type { BonusAccrualParams } from './target-attainment.params.js';

/** One set of terms of a plan. */
export interface Terms {
  readonly plan_id: string;
  readonly terms: number;
  readonly name: string;
  readonly metric: TargetMetric;
  readonly period_kind: BonusPeriod;
  readonly currency: string;
  readonly member_ids: readonly string[];
  readonly tiers: readonly BonusTier[];
  readonly cap_minor: number | null;
  readonly clawback: boolean;
  readonly effective_from: LocalDate;
}

export interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** The whole month, or quarter or year of the company's fiscal calendar, that a day falls in. */
export function periodOfKind(kind: BonusPeriod, day: LocalDate, fiscalYearStartMonth: number): Days {
  const months = MONTHS[kind];
  const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  const first = month - (((month - (fiscalYearStartMonth - 1)) % months) + months) % months;
  const firstDay = (at: number): LocalDate => `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}-01`;
  return { from: firstDay(first), to: plusDays(firstDay(first + months), -1) };
}

/** The terms for a period: of those in force on its first day the ones that came into force last, as laid down last. */
export const termsFor = (plan: readonly Terms[], { from }: Days): Terms | undefined =>
  plan.filter(({ effective_from: day }) => day <= from).reduce<Terms | undefined>((latest, terms) => (latest && latest.effective_from > terms.effective_from ? latest : terms), undefined);

/** The terms of the plans asked for, by plan, each in the order they were laid down. */
export async function plansOf(view: ReportView, { plan, periodKind }: BonusAccrualParams): Promise<Map<string, Terms[]>> {
  const found = await view.query<Terms>(
    `SELECT b.plan_id, b.terms, b.name, b.metric, b.period_kind, b.currency, b.member_ids, b.tiers, b.cap_minor, b.clawback, b.effective_from FROM ${view.table('target_attainment_bonus_terms')} b
     WHERE ($1::text[] IS NULL OR b.plan_id = ANY ($1::text[])) AND ($2::text IS NULL OR b.period_kind = $2) ORDER BY b.plan_id, b.terms`, [plan?.length ? plan : null, periodKind ?? null]);
  const plans = new Map<string, Terms[]>();
  for (const terms of found) plans.set(terms.plan_id, [...(plans.get(terms.plan_id) ?? []), terms]);
  return plans;
}

export interface Company {
  readonly zone: string;
  readonly fiscalYearStartMonth: number;
}

export async function companyOf(view: ReportView): Promise<Company> {
  const found = await view.query<{ setting: string; value: string }>(`SELECT c.setting, c.value FROM ${view.table('target_attainment_company')} c`);
  const setting = (name: string): string | undefined => found.find((row) => row.setting === name)?.value;
  return { zone: setting('zone') ?? 'UTC', fiscalYearStartMonth: Number(setting('fiscalYearStartMonth') ?? 1) };
}

export interface MemberTarget {
  readonly target_id: string;
  readonly member_id: string;
  readonly metric: TargetMetric;
  readonly period_from: LocalDate;
  readonly period_to: LocalDate;
  readonly zone: string;
  readonly currency: string | null;
  readonly amount: number;
}

/** The targets of members whose period starts on one of these days; of several for the same, the one set last comes last. */
export const memberTargets = (view: ReportView, memberIds: readonly string[], firstDays: readonly LocalDate[]): Promise<MemberTarget[]> =>
  view.query<MemberTarget>(
    `SELECT t.target_id, t.scope_id AS member_id, t.metric, t.period_from, t.period_to, t.zone, t.currency, t.amount FROM ${view.table('target_attainment_target')} t
     WHERE t.scope = 'member' AND t.withdrawn_at IS NULL AND t.scope_id = ANY ($1::text[]) AND t.period_from = ANY ($2::date[]) ORDER BY t.set_at, t.target_id`, [[...new Set(memberIds)], [...new Set(firstDays)]]);

/** What one member achieved between two instants, the later excluded; `slot` names the question. */
export interface Span {
  readonly slot: string;
  readonly memberId: string;
  readonly metric: TargetMetric;
  readonly since: Instant;
  readonly until: Instant;
}

export interface AchievementRow {
  readonly slot: string;
  readonly event_id: string;
  readonly kind: 'won' | 'reversed' | 'held' | 'qualified';
  readonly subject_id: string;
  readonly occurred_at: Instant;
  /** When the deal was won. */
  readonly roster_at: Instant;
  readonly reversed_at: Instant | null;
  readonly percent: number;
  readonly value_minor: number;
  readonly currency: string | null;
  readonly converted_minor: number | null;
  readonly converted_to: string | null;
  /** Whether the deal had not been won before. */
  readonly first: boolean;
}

/** The achievements themselves, credited at the event. */
export async function achievementsIn(view: ReportView, spans: readonly Span[]): Promise<AchievementRow[]> {
  if (spans.length === 0) return [];
  const achievement = view.table('target_attainment_achievement');
  const column = (of: (span: Span) => unknown): unknown[] => spans.map(of);
  return view.query<AchievementRow>(
    `SELECT s.slot, a.event_id, a.kind, a.subject_id, a.occurred_at, a.roster_at, a.reversed_at, a.percent, a.value_minor, a.currency, a.converted_minor, a.converted_to,
       NOT EXISTS (SELECT 1 FROM ${achievement} e WHERE e.subject_id = a.subject_id AND e.subject = a.subject AND e.kind = 'won' AND e.occurred_at < a.roster_at) AS first
     FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) AS s (slot, member_id, subject, since, until)
     JOIN ${achievement} a ON a.member_id = s.member_id AND a.subject = s.subject AND a.occurred_at >= s.since AND a.occurred_at < s.until AND a.credited IN ('always', 'at-event')
     ORDER BY s.slot, a.occurred_at, a.event_id`,
    [column(({ slot }) => slot), column(({ memberId }) => memberId), column(({ metric }) => SUBJECT_OF[metric]), column(({ since }) => since), column(({ until }) => until)]);
}

export interface ApprovalRow {
  readonly plan_id: string;
  readonly member_id: string;
  readonly period_from: LocalDate;
  readonly period_to: LocalDate;
  readonly amount_minor: number;
  readonly approved_by: string;
  readonly approved_at: Instant;
}

export const approvalsOf = (view: ReportView, planIds: readonly string[], firstDays: readonly LocalDate[]): Promise<ApprovalRow[]> =>
  view.query<ApprovalRow>(
    `SELECT b.plan_id, b.member_id, b.period_from, b.period_to, b.amount_minor, b.approved_by, b.approved_at FROM ${view.table('target_attainment_bonus_approval')} b WHERE b.plan_id = ANY ($1::text[]) AND b.period_from = ANY ($2::date[])`, [planIds, firstDays]);
