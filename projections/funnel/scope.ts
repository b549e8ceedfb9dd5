import type { Instant } from '../../libs/kernel/event.js';
import { localDay } from '../../libs/kernel/local-time.js';
import type { ReportView } from '../../libs/kernel/report.js';
import { isUnitName, periodFrom, type Period, type Unit } from '../coordinator-efficiency/period.js';
import { daysBeforeSql, memberZones, type MemberZones } from '../coordinator-efficiency/member-zones.js';
import { localTimeSql, zoneClock, type ZoneClock } from '../coordinator-efficiency/zone-clock.js';
import { convertedSql, factorsInto, ratesOn, type ConstantRates } from '../exchange-rates/constant-rates.js';
import type { FunnelParams } from './funnel.params.js';
import { periodLabel } from './period-label.js';

/** What one figure's facts can be filtered, grouped and credited by: SQL expressions over the fact. */
export interface FactColumns {
  /** When it happened: decides the owner's team and role, and the group of a time. */
  readonly at: string;
  readonly owner: string;
  /** The owner now, for credit=current; left out where `owner` is that already. */
  readonly presentOwner?: string;
  readonly pipeline: string;
}

/** What is the same for all statements of an answer. */
export interface Frame {
  readonly view: ReportView;
  readonly params: FunnelParams;
  readonly period: Period;
  readonly fiscalStartMonth: number;
  /** Known where amounts are converted at one date's rates. */
  readonly rates: ConstantRates | undefined;
  /** Known where facts are grouped by time. */
  readonly clock: ZoneClock | undefined;
  readonly zones: MemberZones;
  /** The service levels that stages have, in days. */
  readonly serviceLevels: readonly number[];
}

async function serviceLevelsOf(view: ReportView): Promise<number[]> {
  const found = await view.query<{ days: number }>(
    `SELECT DISTINCT service_level_days AS days
     FROM ${view.table('funnel_stage')} s
     WHERE service_level_days IS NOT NULL
     ORDER BY 1`);
  return found.map(({ days }) => days);
}

/** The clock of the report's zone over all that is grouped by time: facts of the period, what stands now, and roadblocks raised before. */
async function clockOf(view: ReportView, { since, until, tz }: Period): Promise<ZoneClock> {
  const [found] = await view.query<{ first: Instant | null }>(`SELECT min(raised_at) AS first FROM ${view.table('funnel_roadblock')} r`);
  const times = [since, until, view.now, ...(found?.first ? [found.first] : [])].sort();
  return zoneClock(tz, times[0]!, times.at(-1)!); // three at least
}

/** Fills in what the query left out: the company's zone, the month of the view's moment, today's rates. */
export async function frameOf(view: ReportView, params: FunnelParams): Promise<Frame> {
  const settings = new Map((await view.query<{ setting: string; value: string }>(`SELECT setting, value FROM ${view.table('funnel_company')} c`)).map(({ setting, value }) => [setting, value]));
  const tz = params.tz ?? settings.get('zone') ?? 'UTC';
  const period = periodFrom(params, view.now, tz);
  const rates = params.convert === 'constant' ? await ratesOn(view, params.ratesOn ?? localDay(view.now, tz)) : undefined;
  return {
    view, params, period, fiscalStartMonth: Number(settings.get('fiscalYearStartMonth') ?? 1), rates,
    clock: isUnitName(params.groupBy) ? await clockOf(view, period) : undefined,
    zones: await memberZones(view, settings.get('zone') ?? 'UTC'), serviceLevels: await serviceLevelsOf(view),
  };
}

/** One report's filters as SQL, its parameters collected on the way. One scope for one statement. */
export class Scope {
  readonly values: unknown[] = [];

  readonly view: ReportView;
  readonly params: FunnelParams;
  readonly period: Period;

  constructor(readonly frame: Frame) {
    ({ view: this.view, params: this.params, period: this.period } = frame);
  }

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

  /** Whether a deal has been in a stage for longer than its service level: entered before the same time so many days ago, in its owner's zone. */
  isOverdue(enteredAt: string, serviceLevelDays: string, owner: string): string {
    const { zones, serviceLevels } = this.frame;
    if (serviceLevels.length === 0) return 'false';
    const since = serviceLevels.map((days) => `WHEN ${days} THEN ${daysBeforeSql(zones, this.view.now, days, owner, (value) => this.value(value))}`);
    return `${enteredAt} < CASE ${serviceLevelDays} ${since.join(' ')} END`;
  }

  /** Amount of a row with money columns, in the currency asked for; both null where it cannot be said in it. */
  amount(row: string): { readonly minor: string; readonly currency: string } {
    const { params: { currency, convert }, frame: { rates } } = this;
    if (currency === undefined) return { minor: `${row}.value_minor`, currency: `${row}.currency` };
    const asked = `${this.value(currency)}::text`;
    const atEvent = convert === 'at-event' ? ` WHEN ${row}.converted_to = ${asked} THEN ${row}.converted_minor` : '';
    const minor = rates ? convertedSql(`${row}.value_minor`, `${row}.currency`, this.value(JSON.stringify(factorsInto(rates, currency)))) : `CASE WHEN ${row}.currency = ${asked} THEN ${row}.value_minor${atEvent} END`;
    return { minor, currency: `CASE WHEN ${minor} IS NOT NULL THEN ${asked} END` };
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
    const { clock, fiscalStartMonth } = this.frame;
    const unit = (name: Unit) => (): string =>
      periodLabel(localTimeSql(columns.at, this.value(clock?.since), this.value(clock?.seconds)), name, fiscalStartMonth);
    const groups: Readonly<Record<FunnelParams['groupBy'], () => string>> = {
      none: () => "'all'", owner: () => owner, team: () => 'fr.team_id', role: () => 'fr.role', source: () => dimension('source'), campaign: () => dimension('campaign_id'), pipeline: () => columns.pipeline,
      product: () => dimension('product'), region: () => dimension('region'), segment: () => dimension('segment'),
      day: unit('day'), week: unit('week'), month: unit('month'), quarter: unit('quarter'), year: unit('year'),
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

  /** Whether it matters who owned a fact. */
  get cutsByOwner(): boolean {
    const { groupBy, owner, team, role } = this.params;
    return ['owner', 'team', 'role'].includes(groupBy) || [owner, team, role].some((list) => list !== undefined && list.length > 0);
  }

  run<R extends object>(text: string): Promise<R[]> {
    return this.view.query<R>(text, this.values);
  }
}
