import type { TargetMetric, TargetScope } from '../../libs/domain/target/events.js';
import { DEFAULT_SETTINGS } from '../../libs/domain/policy/facts.js';
import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { localDay } from '../../libs/kernel/local-time.js';
import type { ReportView } from '../../libs/kernel/report.js';
import { type WorkingDays } from './plan-curve.js';
import type { TargetAttainmentParams } from './target-attainment.params.js';

/** A target as it stands in the tables. */
export interface Target {
  readonly target_id: string;
  readonly metric: TargetMetric;
  readonly scope: TargetScope;
  readonly scope_id: string | null;
  readonly period_from: LocalDate;
  readonly period_to: LocalDate;
  readonly zone: string;
  readonly currency: string | null;
  readonly set_at: Instant;
  readonly set_amount: number;
  readonly set_weights: readonly number[] | null;
  readonly amount: number;
  readonly weights: readonly number[] | null;
  readonly revised_at: Instant | null;
  readonly withdrawn_at: Instant | null;
}

export interface Revision {
  readonly target_id: string;
  readonly revised_at: Instant;
  readonly from_amount: number;
  readonly amount: number;
  readonly reason: string;
}

/** The targets that were asked for, and how many there are in all. */
export async function targetsOf(view: ReportView, params: TargetAttainmentParams): Promise<{ readonly targets: readonly Target[]; readonly total: number }> {
  const values: unknown[] = [];
  const value = (each: unknown): string => `$${values.push(each)}`;
  const wanted: string[] = params.includeWithdrawn ? [] : ['t.withdrawn_at IS NULL'];
  if (params.target?.length) wanted.push(`t.target_id = ANY (${value(params.target)}::text[])`);
  if (params.metric) wanted.push(`t.metric = ${value(params.metric)}`);
  if (params.scope) wanted.push(`t.scope = ${value(params.scope)}`);
  if (params.owner?.length) wanted.push(`t.scope = 'member' AND t.scope_id = ANY (${value(params.owner)}::text[])`);
  if (params.team?.length) wanted.push(`t.scope = 'team' AND t.scope_id = ANY (${value(params.team)}::text[])`);
  if (params.currency) wanted.push(`(t.currency IS NULL OR t.currency = ${value(params.currency)})`);
  // Who asks for targets by name wants them whenever they are.
  if (params.from ?? params.to ?? !params.target?.length) {
    const zones = params.tz ? [params.tz] : (await view.query<{ zone: string }>(`SELECT DISTINCT zone FROM ${view.table('target_attainment_target')} z`)).map(({ zone }) => zone);
    const days = zones.map((zone) => localDay(view.now, zone));
    const today = (): string =>
      (params.tz ? `${value(days[0])}::date` : `(${value(days)}::date[])[array_position(${value(zones)}::text[], t.zone)]`);
    const from = params.from ? `${value(params.from)}::date` : params.to ? `least(${value(params.to)}::date, ${today()})` : today();
    wanted.push(`t.period_to >= ${from}`, `t.period_from <= ${params.to ? `${value(params.to)}::date` : from}`);
  }
  const found = await view.query<Target & { total: number }>(
    `SELECT t.target_id, t.metric, t.scope, t.scope_id, t.period_from, t.period_to, t.zone, t.currency, t.set_at, t.set_amount, t.set_weights, t.amount, t.weights, t.revised_at, t.withdrawn_at, count(*) OVER () AS total
     FROM ${view.table('target_attainment_target')} t ${wanted.length > 0 ? `WHERE ${wanted.join(' AND ')}` : ''}
     ORDER BY t.period_from DESC, t.period_to, array_position(ARRAY['company', 'team', 'member'], t.scope), t.scope_id, t.metric, t.target_id LIMIT ${value(params.limit)}`, values);
  return { targets: found.map(({ total: _, ...target }) => target), total: found[0]?.total ?? 0 };
}

/** The revisions of targets, in their order. */
export const revisionsOf = (view: ReportView, ids: readonly string[]): Promise<Revision[]> =>
  view.query<Revision>(`SELECT r.target_id, r.revised_at, r.from_amount, r.amount, r.reason FROM ${view.table('target_attainment_revision')} r WHERE r.target_id = ANY ($1::text[]) ORDER BY r.target_id, r.revision`, [ids]);

interface CalendarRow {
  readonly holder: 'company' | 'member';
  readonly holder_id: string;
  readonly valid_from: Instant | null;
  readonly weekdays: readonly number[];
  readonly holidays: readonly LocalDate[];
}

/** The working days of a target's scope in a zone: a member's own from the day they were set, before that and for all others the company's. */
export type Calendars = (scope: TargetScope, scopeId: string | null, zone: string) => readonly WorkingDays[];

const COMPANY_DAYS: WorkingDays = { from: null, weekdays: DEFAULT_SETTINGS.businessDays, holidays: DEFAULT_SETTINGS.holidays };

/** Reads the calendars of the company and of these members. */
export async function calendarsOf(view: ReportView, memberIds: readonly string[]): Promise<Calendars> {
  const found = await view.query<CalendarRow>(
    `SELECT c.holder, c.holder_id, c.valid_from, c.weekdays, c.holidays FROM ${view.table('target_attainment_calendar')} c WHERE c.holder = 'company' OR c.holder_id = ANY ($1::text[]) ORDER BY c.holder, c.holder_id, c.version`, [memberIds]);
  return (scope, scopeId, zone) => {
    const versions = (own: CalendarRow[]): WorkingDays[] => own.map(({ valid_from: at, weekdays, holidays }) => ({ from: at && localDay(at, zone), weekdays, holidays }));
    const company = versions(found.filter(({ holder }) => holder === 'company'));
    const member = scope === 'member' ? versions(found.filter(({ holder, holder_id: id }) => holder === 'member' && id === scopeId)) : [];
    const since = member[0]?.from ?? null;
    return [...(company.length > 0 ? company : [COMPANY_DAYS]).filter(({ from }) => since === null || from === null || from <= since), ...member];
  };
}

export interface MembersTargets {
  readonly target_id: string;
  readonly of: 'member' | 'team';
  readonly targets: number;
  readonly amount: number;
}

/**
 * What the members of a team (the teams and the members of the company) are to reach together: targets of the same metric,
 * period and currency that were not withdrawn. Whose team a member is in is judged at `at`, the period's end or now.
 */
export const membersTargetsOf = (view: ReportView, targets: readonly Target[], at: readonly Instant[]): Promise<MembersTargets[]> =>
  view.query<MembersTargets>(
    `SELECT w.target_id, m.scope AS "of", count(*) AS targets, sum(m.amount)::bigint AS amount
     FROM unnest($1::text[], $2::timestamptz[]) AS w (target_id, at)
     JOIN ${view.table('target_attainment_target')} t ON t.target_id = w.target_id
     JOIN ${view.table('target_attainment_target')} m ON m.metric = t.metric AND m.period_from = t.period_from AND m.period_to = t.period_to AND m.currency IS NOT DISTINCT FROM t.currency AND m.withdrawn_at IS NULL
     WHERE (t.scope = 'company' AND m.scope <> 'company') OR (t.scope = 'team' AND m.scope = 'member' AND EXISTS (
       SELECT 1 FROM ${view.table('target_attainment_roster')} r WHERE r.member_id = m.scope_id AND r.team_id = t.scope_id AND (r.valid_from IS NULL OR r.valid_from <= w.at) AND (r.valid_to IS NULL OR r.valid_to > w.at)))
     GROUP BY w.target_id, m.scope`, [targets.map((target) => target.target_id), at]);
