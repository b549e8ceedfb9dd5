import type { LocalDate } from '../../libs/kernel/event.js';
import type { ReportView } from '../../libs/kernel/report.js';
import { partsOf, periodFrom, UNITS, type Part, type Period, type Unit } from './period.js';

/** What a report on people's work can be cut and grouped by. */
export const GROUPS = ['none', 'owner', 'team', 'role', 'source', 'campaign', 'pipeline', 'product', 'region', 'segment', ...UNITS] as const;
export type Group = (typeof GROUPS)[number];
export const isUnit = (group: Group): group is Unit => UNITS.some((unit) => unit === group);

/** The parameters that every such report shares. */
export interface Cuts {
  readonly groupBy: Group;
  readonly credit: 'at-event' | 'current';
  readonly owner?: readonly string[];
  readonly team?: readonly string[];
  readonly role?: readonly string[];
  readonly source?: string;
  readonly campaign?: readonly string[];
  readonly pipeline?: readonly string[];
  readonly product?: string;
  readonly region?: string;
  readonly segment?: string;
}

/** Where a fact belongs, as SQL expressions; what is left out it has none of. */
export interface FactPlace {
  readonly source?: string;
  readonly campaign?: string;
  readonly pipeline?: string;
  readonly product?: string;
  readonly region?: string;
  readonly segment?: string;
}

/** Whether facts are filtered or grouped by where they belong. */
export const isPlaced = ({ groupBy, source, campaign, pipeline, product, region, segment }: Cuts): boolean =>
  [source, product, region, segment].some((asked) => asked !== undefined) || [campaign, pipeline].some((asked) => asked !== undefined && asked.length > 0)
  || ['source', 'campaign', 'pipeline', 'product', 'region', 'segment'].includes(groupBy);

/** SQL expressions over a fact: what it is filtered, grouped and credited by. */
export interface FactColumns {
  /** When it happened: decides the owner's team and role, and its part of the period. */
  readonly at: string;
  readonly owner: string;
  /** The owner now, for credit=current; left out where `owner` never changes. */
  readonly presentOwner?: string;
  /** Its part of the period, where that follows from another date than the one that decides the role. */
  readonly part?: () => string;
  /** Where it belongs; left out where it belongs to a member only. */
  readonly place?: FactPlace;
}

export interface Cut {
  readonly owner: string;
  readonly role: string;
  readonly group: string;
  readonly joins: string;
  /** Conditions, each with its AND. */
  readonly where: string;
}

/** The company's settings and what follows for a report's days. */
export interface Company {
  readonly tz: string;
  readonly fiscalStartMonth: number;
  readonly setting: (name: string) => string | undefined;
}

export async function companyOf(view: ReportView, tz: string | undefined): Promise<Company> {
  const settings = new Map((await view.query<{ setting: string; value: string }>(`SELECT setting, value FROM ${view.table('roster_setting')} s`)).map(({ setting, value }) => [setting, value]));
  return { tz: tz ?? settings.get('zone') ?? 'UTC', fiscalStartMonth: Number(settings.get('fiscalYearStartMonth') ?? 1), setting: (name) => settings.get(name) };
}

export const periodOf = (params: { readonly from?: LocalDate; readonly to?: LocalDate }, view: ReportView, company: Company): Period => periodFrom(params, view.now, company.tz);

/** One statement's filters as SQL, its parameters collected on the way. */
export class Scope {
  readonly values: unknown[] = [];
  /** Parts of the period that facts are grouped by, where they are. */
  readonly parts: readonly Part[];

  constructor(readonly view: ReportView, readonly cuts: Cuts, readonly period: Period, readonly company: Company, parts?: readonly Part[]) {
    this.parts = parts ?? (isUnit(cuts.groupBy) ? partsOf(period, cuts.groupBy, company.fiscalStartMonth) : []);
  }

  /** Another statement of the same report. */
  fresh(): Scope {
    return new Scope(this.view, this.cuts, this.period, this.company, this.parts);
  }

  /** Adds a value; gives its placeholder. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  now(): string {
    return `${this.value(this.view.now)}::timestamptz`;
  }

  /** Whether an instant lies in the period. */
  within(column: string): string {
    return `${column} >= ${this.value(this.period.since)}::timestamptz AND ${column} < ${this.value(this.period.until)}::timestamptz`;
  }

  /** Whether something that is still open began before the period's end; where facts are grouped by parts of the period, in one of them. */
  begun(column: string): string {
    return isUnit(this.cuts.groupBy) ? this.within(column) : `${column} < ${this.value(this.period.until)}::timestamptz`;
  }

  /** Joins, conditions and groups for a fact. A role that the roster does not know is `unknown`, a group without a name `none`. */
  cut({ at, part = () => this.partOf(at), owner: ownerAtEvent, presentOwner, place }: FactColumns): Cut {
    const { cuts } = this;
    const owner = cuts.credit === 'current' ? (presentOwner ?? ownerAtEvent) : ownerAtEvent;
    const role = `coalesce(fr.role, 'unknown')`;
    const { source = 'NULL', campaign = 'NULL', pipeline = 'NULL', product = 'NULL', segment = 'NULL' } = place ?? {};
    const region = place?.region === undefined ? 'fr.region' : `coalesce(${place.region}, fr.region)`;
    const conditions: string[] = [];
    const among = (expression: string, list: readonly string[] | undefined): void => {
      if (list !== undefined && list.length > 0) conditions.push(`${expression} = ANY (${this.value(list)}::text[])`);
    };
    const exactly = (expression: string, value: string | undefined): void => {
      if (value !== undefined) conditions.push(`${expression} = ${this.value(value)}::text`);
    };
    among(owner, cuts.owner);
    among('fr.team_id', cuts.team);
    among(role, cuts.role);
    exactly(source, cuts.source);
    among(campaign, cuts.campaign);
    among(pipeline, cuts.pipeline);
    exactly(product, cuts.product);
    exactly(region, cuts.region);
    exactly(segment, cuts.segment);
    const group = isUnit(cuts.groupBy) ? part() : { none: `'all'`, owner, team: 'fr.team_id', role, source, campaign, pipeline, product, region, segment }[cuts.groupBy];
    const joins = `LEFT JOIN ${this.view.table('roster_stay')} fr ON fr.member_id = ${owner} AND (fr.valid_from IS NULL OR ${at} >= fr.valid_from) AND (fr.valid_to IS NULL OR ${at} < fr.valid_to)`;
    return { owner, role, group: `coalesce((${group})::text, 'none')`, joins, where: conditions.map((each) => ` AND ${each}`).join('') };
  }

  /** The part of the period an instant lies in. Its bounds come from here, so that the database need not know the zone's clock changes. */
  partOf(at: string): string {
    const { parts } = this;
    return `(${this.value(parts.map((part) => part.label))}::text[])[width_bucket(${at}, ${this.value(parts.map((part) => part.since))}::timestamptz[])]`;
  }

  run<R extends object>(text: string): Promise<R[]> {
    return this.view.query<R>(text, this.values);
  }
}
