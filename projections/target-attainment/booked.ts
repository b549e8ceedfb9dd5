import type { TargetMetric, TargetScope } from '../../libs/domain/target/events.js';
import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import type { ReportView } from '../../libs/kernel/report.js';
import type { ConstantRates, Conversion } from '../exchange-rates/constant-rates.js';
import type { Factor } from '../exchange-rates/convert.js';
import { UNITS, type Unit } from '../coordinator-efficiency/period.js';
import { localTimeSql, zoneClock } from '../coordinator-efficiency/zone-clock.js';
import { periodLabel } from '../funnel/period-label.js';
import { ORIGINS, type Origins, type TargetGroup } from './target-attainment.params.js';

/** Achievements of a scope between two instants, the later excluded. */
export interface Bucket {
  readonly targetId: string;
  readonly scope: TargetScope;
  readonly scopeId: string | null;
  readonly metric: TargetMetric;
  readonly name: string;
  readonly since: Instant;
  readonly until: Instant;
  /** Where the parts of the period are cut. */
  readonly zone: string;
}

/** How what buckets hold is grouped. */
export interface Grouping {
  readonly groupBy: TargetGroup;
  readonly fiscalStartMonth: number;
}

export const UNGROUPED: Grouping = { groupBy: 'none', fiscalStartMonth: 1 };

/** What a bucket holds, by what makes it incommensurable. */
export interface BookedRow {
  readonly target_id: string;
  readonly bucket: string;
  readonly grp: string | null;
  readonly kind: 'won' | 'reversed' | 'held' | 'qualified';
  readonly currency: string | null;
  readonly converted_to: string | null;
  readonly percent: number;
  readonly value_minor: number;
  readonly converted_minor: number | null;
  readonly facts: number;
}

/** Shares of the credit are kept in percent. */
const WHOLE_PERCENT = 100;

export const SUBJECT_OF: Readonly<Record<TargetMetric, 'deal' | 'meeting' | 'lead'>> = { booked_value: 'deal', won_deals: 'deal', meetings_held: 'meeting', qualified_leads: 'lead' };

export interface Measure {
  readonly metric: TargetMetric;
  readonly currency: string | null;
  readonly convert: Conversion;
  /** Known where convert is constant. */
  readonly rates: ConstantRates | undefined;
}

export type Valued = Pick<BookedRow, 'currency' | 'converted_to' | 'percent' | 'value_minor' | 'converted_minor'>;

/** What a sum counts for a metric: minor units of the currency (not rounded at constant rates), or a count; null where it is in a currency that does not count. */
export function amountIn(measure: Measure, row: Valued): number | null {
  const { metric, currency, convert } = measure;
  if (metric !== 'booked_value') return row.percent / WHOLE_PERCENT;
  if (row.currency === currency || row.currency === null || currency === null) return row.currency === currency ? row.value_minor : null;
  switch (convert) {
    case 'none': return null;
    case 'at-event': return row.converted_to === currency ? row.converted_minor : null;
    case 'constant': {
      const factor = factorOf(measure, row);
      return factor === undefined ? null : row.value_minor * (factor.times / factor.by);
    }
  }
}

/** By what an amount in another currency is converted at one date's rates; undefined where it is not. */
export const factorOf = ({ currency, convert, rates }: Measure, row: Valued): Factor | undefined =>
  (convert !== 'constant' || row.currency === null || currency === null || row.currency === currency
    ? undefined
    : rates?.factors.get(row.currency)?.get(currency));

const standsAt = (roster: string, at: string): string => `(${roster}.valid_from IS NULL OR ${roster}.valid_from <= ${at}) AND (${roster}.valid_to IS NULL OR ${roster}.valid_to > ${at})`;

const isUnit = (group: TargetGroup): group is Unit => UNITS.some((unit) => unit === group);

/** Where a deal, or a lead, came from and what it is about: its own word, else that of the lead it came from. */
const ORIGIN: Readonly<Record<(typeof ORIGINS)[number], string>> = {
  source: 'coalesce(fd.source, fl.source)', campaign: 'coalesce(fd.campaign_id, fl.campaign_id)', pipeline: 'fd.pipeline_id',
  product: 'coalesce(fd.product, fl.product)', region: 'coalesce(fd.region, fl.region)', segment: 'coalesce(fd.segment, fl.segment)',
};

const originOf = (view: ReportView, dealId: string, leadId: string): string =>
  `LEFT JOIN ${view.table('funnel_deal')} fd ON fd.deal_id = ${dealId} LEFT JOIN ${view.table('funnel_lead')} fl ON fl.lead_id = coalesce(${leadId}, fd.lead_id)`;

/** Conditions on the origin, with their values behind `values`; none where nothing is asked for. */
function comingFrom(origins: Origins, values: unknown[]): string[] {
  return ORIGINS.flatMap((origin) => (origins[origin] === undefined ? [] : [`${ORIGIN[origin]} = ANY ($${values.push([origins[origin]].flat())}::text[])`]));
}

/** Of an achievement `a` in a bucket `b`: its group, and what has to be joined to know it. */
function grouped(view: ReportView, { groupBy, fiscalStartMonth }: Grouping, at: string, origin: string): { readonly group: string; readonly joins: string } {
  const roster = `LEFT JOIN ${view.table('target_attainment_roster')} r ON r.member_id = a.member_id AND ${standsAt('r', at)}`;
  if (isUnit(groupBy)) {
    const local = localTimeSql('a.occurred_at', 'clock.since', 'clock.seconds');
    return { group: periodLabel(local, groupBy, fiscalStartMonth), joins: 'JOIN clock ON clock.zone = b.zone' };
  }
  switch (groupBy) {
    case 'none': return { group: 'NULL::text', joins: '' };
    case 'member': return { group: 'a.member_id', joins: '' };
    case 'team': return { group: 'r.team_id', joins: roster };
    case 'role': return { group: 'r.role', joins: roster };
    default: return { group: ORIGIN[groupBy], joins: origin };
  }
}

/** The clocks of the buckets' zones as a table, its values behind `values`. */
function clocks(buckets: readonly Bucket[], values: unknown[]): string {
  const rows = [...new Set(buckets.map(({ zone }) => zone))].flatMap((zone) => {
    const own = buckets.filter((bucket) => bucket.zone === zone);
    const [first] = own.map(({ since }) => since).sort();
    const clock = zoneClock(zone, first!, own.map(({ until }) => until).sort().at(-1)!); // each zone is of a bucket
    return clock.since.map((since, index) => ({ zone, since, seconds: clock.seconds[index] }));
  });
  const columns = [rows.map(({ zone }) => zone), rows.map(({ since }) => since), rows.map(({ seconds }) => seconds)].map((column) => `$${values.push(column)}`);
  return `SELECT zone, array_agg(since ORDER BY since) AS since, array_agg(seconds ORDER BY since) AS seconds
      FROM unnest(${columns[0]}::text[], ${columns[1]}::timestamptz[], ${columns[2]}::double precision[]) AS c (zone, since, seconds)
      GROUP BY zone`;
}

/** Sums of achievements by bucket, of those that come from where they are asked to. Each scope has its own way to them, so that each can use its own index. */
export async function bookedIn(view: ReportView, buckets: readonly Bucket[], credit: 'at-event' | 'current', grouping: Grouping, origins: Origins = {}): Promise<BookedRow[]> {
  const achievement = view.table('target_attainment_achievement');
  const roster = view.table('target_attainment_roster');
  // Credit that goes to the present owner goes to their present team, too.
  const at = credit === 'current' ? '$10::timestamptz' : 'a.roster_at';
  // OFFSET 0 keeps the planner from looking at all of a member's history and cutting the period afterwards.
  const achieved = (whose: string): string => `CROSS JOIN LATERAL (SELECT * FROM ${achievement} e WHERE ${whose}e.subject = b.subject AND e.occurred_at >= b.since AND e.occurred_at < b.until AND e.credited IN ('always', $9) OFFSET 0) a`;
  const column = (of: (bucket: Bucket) => unknown): unknown[] => buckets.map(of);
  const values = [column(({ targetId }) => targetId), column(({ scope }) => scope), column(({ scopeId }) => scopeId), column(({ metric }) => SUBJECT_OF[metric]), column(({ name }) => name), column(({ since }) => since), column(({ until }) => until), column(({ zone }) => zone), credit, view.now];
  const from = comingFrom(origins, values);
  const origin = originOf(view, "CASE a.subject WHEN 'deal' THEN a.subject_id END", "CASE a.subject WHEN 'lead' THEN a.subject_id END");
  const { group, joins: groupJoins } = grouped(view, grouping, at, origin);
  const originJoins = from.length > 0 && groupJoins !== origin ? origin : '';
  const joins: Readonly<Record<TargetScope, string>> = {
    member: achieved('e.member_id = b.scope_id AND '),
    team: `JOIN ${roster} t ON t.team_id = b.scope_id ${achieved('e.member_id = t.member_id AND ')}`,
    company: achieved(''),
  };
  const scopes = [...new Set(buckets.map(({ scope }) => scope))];
  if (scopes.length === 0) return [];
  const clock = isUnit(grouping.groupBy) ? `,\n     clock AS (${clocks(buckets, values)})` : '';
  const parts = scopes.map((scope) =>
    `SELECT b.target_id, b.bucket, ${group} AS grp, a.kind, a.currency, a.converted_to, sum(a.percent)::bigint AS percent, sum(a.value_minor)::bigint AS value_minor, sum(a.converted_minor)::bigint AS converted_minor, count(DISTINCT a.event_id) AS facts
     FROM bucket b ${joins[scope]} ${groupJoins} ${originJoins} WHERE ${[`b.scope = '${scope}'`, ...(scope === 'team' ? [standsAt('t', at)] : []), ...from].join(' AND ')} AND $10::timestamptz IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6`);
  return view.query<BookedRow>(
    `WITH bucket AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::text[]) AS b (target_id, scope, scope_id, subject, bucket, since, until, zone))${clock}
     ${parts.join(' UNION ALL ')}`, values);
}

export interface PipelineRow {
  readonly target_id: string;
  readonly currency: string;
  readonly converted_to: string | null;
  readonly percent: number;
  readonly value_minor: number;
  readonly converted_minor: number | null;
  /** The same without the probability. */
  readonly open_percent: number;
  readonly open_minor: number;
  readonly open_converted_minor: number | null;
  readonly deals: number;
  readonly without_chance: number;
}

export interface PipelineScope {
  readonly targetId: string;
  readonly scope: TargetScope;
  readonly scopeId: string | null;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Open value, and open value × probability, of deals expected to close in a period, by target and currency, as far as they come from where they are asked to. Credit is the present owner’s. */
export async function pipelineOf(view: ReportView, scopes: readonly PipelineScope[], origins: Origins = {}): Promise<PipelineRow[]> {
  if (scopes.length === 0) return [];
  const column = (of: (scope: PipelineScope) => unknown): unknown[] => scopes.map(of);
  const values = [column(({ targetId }) => targetId), column(({ scope }) => scope), column(({ scopeId }) => scopeId), column(({ from }) => from), column(({ to }) => to), view.now];
  const from = comingFrom(origins, values);
  return view.query<PipelineRow>(
    `SELECT w.target_id, o.currency, o.converted_to, sum(o.percent * coalesce(s.probability_percent, 0)) / 100.0 AS percent, sum(o.value_minor * coalesce(s.probability_percent, 0)) / 100.0 AS value_minor,
       sum(o.converted_minor * coalesce(s.probability_percent, 0)) / 100.0 AS converted_minor, sum(o.percent)::bigint AS open_percent, sum(o.value_minor)::bigint AS open_minor, sum(o.converted_minor)::bigint AS open_converted_minor,
       count(DISTINCT o.deal_id) AS deals, count(DISTINCT o.deal_id) FILTER (WHERE s.stage IS NULL) AS without_chance
     FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[]) AS w (target_id, scope, scope_id, period_from, period_to)
     JOIN ${view.table('target_attainment_open_deal')} o ON o.expected_close_on BETWEEN w.period_from AND w.period_to
     LEFT JOIN ${view.table('target_attainment_stage')} s ON s.pipeline_id = o.pipeline_id AND s.stage = o.stage
     ${from.length > 0 ? originOf(view, 'o.deal_id', 'NULL') : ''}
     WHERE ${['true', ...from].join(' AND ')} AND (w.scope = 'company' OR (w.scope = 'member' AND o.member_id = w.scope_id) OR (w.scope = 'team' AND EXISTS (
       SELECT 1 FROM ${view.table('target_attainment_roster')} r WHERE r.member_id = o.member_id AND r.team_id = w.scope_id AND ${standsAt('r', '$6::timestamptz')})))
     GROUP BY w.target_id, o.currency, o.converted_to`, values);
}
