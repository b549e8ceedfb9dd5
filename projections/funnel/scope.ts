import { DateTime } from 'luxon';
import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import type { ReportView } from '../../libs/kernel/report.js';
import type { FunnelParams } from './funnel.params.js';

/** The period of a report: days in a zone, and the instants they start and end at. `until` is excluded. */
export interface Period {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly tz: string;
  readonly since: Instant;
  readonly until: Instant;
}

/** What one figure's facts can be filtered, grouped and credited by: SQL expressions over the fact. */
export interface FactColumns {
  /** When it happened: decides the owner's team and role, and the group of a time. */
  readonly at: string;
  readonly owner: string;
  /** The owner now, for credit=current; left out where `owner` is that already. */
  readonly presentOwner?: string;
  readonly pipeline: string;
}

/** A period that ends before it begins, or lasts longer than figures are made for. */
export class PeriodError extends Error {}
const PERIOD_DAYS_MAX = 3_700;

const startOf = (day: LocalDate, tz: string): Instant => DateTime.fromISO(day, { zone: tz }).startOf('day').toUTC().toISO({ suppressMilliseconds: false })!;

/** Fills in what the query left out: the company's zone and the month of the view's moment. @throws PeriodError */
export async function periodOf(view: ReportView, params: FunnelParams): Promise<Period> {
  const [company] = await view.query<{ value: string }>(`SELECT value FROM ${view.table('funnel_company')} c WHERE setting = 'zone'`);
  const tz = params.tz ?? company?.value ?? 'UTC';
  const month = DateTime.fromISO(view.now, { zone: tz });
  const from = params.from ?? month.startOf('month').toISODate()!;
  const to = params.to ?? (params.from === undefined ? month : DateTime.fromISO(params.from, { zone: tz })).endOf('month').toISODate()!;
  const days = DateTime.fromISO(to).diff(DateTime.fromISO(from), 'days').days;
  if (days < 0 || days > PERIOD_DAYS_MAX) throw new PeriodError(`the period from ${from} to ${to} must last from one day to ${PERIOD_DAYS_MAX}`);
  return { from, to, tz, since: startOf(from, tz), until: startOf(DateTime.fromISO(to).plus({ days: 1 }).toISODate()!, tz) };
}

/** One report's filters as SQL, its parameters collected on the way. One scope for one statement. */
export class Scope {
  readonly values: unknown[] = [];

  constructor(readonly view: ReportView, readonly params: FunnelParams, readonly period: Period) {}

  /** Adds a value; gives its placeholder. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  table(name: string): string {
    return this.view.table(`funnel_${name}`);
  }

  /** Whether an instant lies in the period. */
  within(column: string): string {
    return `${column} >= ${this.value(this.period.since)}::timestamptz AND ${column} < ${this.value(this.period.until)}::timestamptz`;
  }

  now(): string {
    return `${this.value(this.view.now)}::timestamptz`;
  }

  /** Amount of a row with money columns, in the currency asked for; null where it cannot be said in it. */
  amount(row: string): { readonly minor: string; readonly currency: string } {
    const { currency, convert } = this.params;
    if (currency === undefined) return { minor: `${row}.value_minor`, currency: `${row}.currency` };
    const asked = `${this.value(currency)}::text`;
    const converted = convert === 'at-event' ? ` WHEN ${row}.converted_to = ${asked} THEN ${row}.converted_minor` : '';
    return { minor: `CASE WHEN ${row}.currency = ${asked} THEN ${row}.value_minor${converted} END`, currency: asked };
  }

  /**
   * Joins and conditions that cut a fact `f` to what was asked for, and the expression of its group.
   * The fact has the columns lead_id, source, campaign_id, product, region and segment.
   */
  cut(columns: FactColumns): { readonly joins: string; readonly where: string; readonly group: string } {
    const { params } = this;
    const owner = params.credit === 'current' ? (columns.presentOwner ?? columns.owner) : columns.owner;
    const conditions: string[] = [];
    const dimension = (name: string): string => `coalesce(f.${name}, fl.${name})`;
    const among = (expression: string, list: readonly string[] | undefined): void => {
      if (list !== undefined && list.length > 0) conditions.push(`${expression} = ANY (${this.value(list)}::text[])`);
    };
    among(owner, params.owner);
    among('fr.team_id', params.team);
    among('fr.role', params.role);
    among(dimension('campaign_id'), params.campaign);
    for (const name of ['source', 'product', 'region', 'segment'] as const) if (params[name] !== undefined) conditions.push(`${dimension(name)} = ${this.value(params[name])}`);
    if (params.pipeline?.length) conditions.push(`(${columns.pipeline} IS NULL OR ${columns.pipeline} = ANY (${this.value(params.pipeline)}::text[]))`);
    const zoned = (): string => `${columns.at} AT TIME ZONE ${this.value(this.period.tz)}`;
    const groups: Readonly<Record<FunnelParams['groupBy'], () => string>> = {
      none: () => "'all'", owner: () => owner, team: () => 'fr.team_id', role: () => 'fr.role', source: () => dimension('source'), campaign: () => dimension('campaign_id'), pipeline: () => columns.pipeline,
      product: () => dimension('product'), region: () => dimension('region'), segment: () => dimension('segment'),
      week: () => `to_char(${zoned()}, 'IYYY-"W"IW')`, month: () => `to_char(${zoned()}, 'YYYY-MM')`, quarter: () => `to_char(${zoned()}, 'YYYY-"Q"Q')`, year: () => `to_char(${zoned()}, 'YYYY')`,
    };
    const group = `coalesce(${groups[params.groupBy]()}, 'none')`;
    const needsRoster = params.team?.length || params.role?.length || params.groupBy === 'team' || params.groupBy === 'role';
    const needsLead = params.campaign?.length || params.source || params.product || params.region || params.segment || ['source', 'campaign', 'product', 'region', 'segment'].includes(params.groupBy);
    const joins = [
      ...(needsRoster ? [`LEFT JOIN ${this.table('roster')} fr ON fr.member_id = ${owner} AND (fr.valid_from IS NULL OR ${columns.at} >= fr.valid_from) AND (fr.valid_to IS NULL OR ${columns.at} < fr.valid_to)`] : []),
      ...(needsLead ? [`LEFT JOIN ${this.table('lead')} fl ON fl.lead_id = f.lead_id`] : []),
    ].join('\n');
    return { joins, where: conditions.map((each) => ` AND ${each}`).join(''), group };
  }

  /** Whether facts are cut at all: without, no fact needs to be looked at for its owner or dimensions. */
  get cuts(): boolean {
    const { groupBy, owner, team, role, source, campaign, pipeline, product, region, segment } = this.params;
    return groupBy !== 'none' || [owner, team, role, campaign, pipeline].some((list) => list !== undefined && list.length > 0) || [source, product, region, segment].some((value) => value !== undefined);
  }

  run<R extends object>(text: string): Promise<R[]> {
    return this.view.query<R>(text, this.values);
  }
}
