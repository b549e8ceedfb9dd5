import type { ReportView } from '../../libs/kernel/report.js';
import type { Part, Period } from '../coordinator-efficiency/period.js';
import { isUnit, Scope, type Company, type Cut, type FactColumns } from '../coordinator-efficiency/scope.js';
import { convertedSql, factorsInto, type ConstantRates } from '../exchange-rates/constant-rates.js';
import { ORIGINS, type Origin, type RetentionParams } from './retention.params.js';

export const isOrigin = (group: RetentionParams['groupBy']): group is Origin => ORIGINS.some((origin) => origin === group);

/** A fact of a client, whose row is joined as `fc` unless the fact is that row itself. */
export interface ClientFact extends FactColumns {
  readonly client?: 'f' | 'fc';
  /** What was bought, where the fact says so itself. */
  readonly product?: string;
}

/** Amounts of a row with a currency: what they are counted as, and which rows count at all. */
export interface Counted {
  /** `of`: another row, whose currency is the same. */
  minor(column: string, of?: string): string;
  currency(): string;
  readonly where: string;
}

/** A scope whose facts can also be cut by where the client came from: the deal and the lead that brought it. */
export class ClientScope extends Scope {
  constructor(view: ReportView, readonly params: RetentionParams, period: Period, company: Company, readonly rates: ConstantRates | undefined) {
    const { groupBy, credit, owner, team, role, region, segment } = params;
    super(view, { groupBy: isOrigin(groupBy) ? 'none' : groupBy, credit, ...(owner && { owner }), ...(team && { team }), ...(role && { role }), ...(region !== undefined && { region }), ...(segment !== undefined && { segment }) }, period, company);
  }

  override fresh(): ClientScope {
    return new ClientScope(this.view, this.params, this.period, this.company, this.rates);
  }

  /** The parts that a figure of a whole period is asked for one by one; none where it is asked for once. */
  get scopesOfParts(): readonly { readonly label: string; readonly scope: ClientScope }[] {
    const ungrouped: RetentionParams = { ...this.params, groupBy: 'none' };
    return isUnit(this.cuts.groupBy) ? this.parts.map((part: Part) => ({ label: part.label, scope: new ClientScope(this.view, ungrouped, part, this.company, this.rates) })) : [];
  }

  /** Whether it matters whose client a fact is about. */
  get cutsByClient(): boolean {
    const { groupBy, credit, source, campaign, pipeline, product, region, segment } = this.params;
    return credit === 'current' || isOrigin(groupBy) || groupBy === 'region' || groupBy === 'segment' || [source, product, region, segment].some((value) => value !== undefined) || [campaign, pipeline].some((list) => list !== undefined && list.length > 0);
  }

  override cut(columns: ClientFact): Cut {
    const cut = super.cut(columns);
    const { groupBy, source, campaign, pipeline, product } = this.params;
    if (!isOrigin(groupBy) && [source, product].every((value) => value === undefined) && [campaign, pipeline].every((list) => !list?.length)) return cut;
    const client = columns.client ?? 'fc';
    const of: Readonly<Record<Origin, string>> = {
      source: 'coalesce(od.source, ol.source)', campaign: 'coalesce(od.campaign_id, ol.campaign_id)', pipeline: 'od.pipeline_id',
      product: `coalesce(${columns.product === undefined ? '' : `${columns.product}, `}${client}.product, od.product, ol.product)`,
    };
    const joins = `LEFT JOIN ${this.view.table('funnel_deal')} od ON od.deal_id = ${client}.deal_id LEFT JOIN ${this.view.table('funnel_lead')} ol ON ol.lead_id = coalesce(${client}.lead_id, od.lead_id)`;
    const conditions = [
      ...(source === undefined ? [] : [`${of.source} = ${this.value(source)}::text`]), ...(product === undefined ? [] : [`${of.product} = ${this.value(product)}::text`]),
      ...(campaign?.length ? [`${of.campaign} = ANY (${this.value(campaign)}::text[])`] : []), ...(pipeline?.length ? [`${of.pipeline} = ANY (${this.value(pipeline)}::text[])`] : []),
    ];
    return { ...cut, joins: `${cut.joins} ${joins}`, where: `${cut.where}${conditions.map((each) => ` AND ${each}`).join('')}`, group: isOrigin(groupBy) ? `coalesce(${of[groupBy]}, 'none')` : cut.group };
  }

  /** Amounts of a row: each currency apart, one currency only, or all that can be said in it at one date's rates. */
  counted(row: string): Counted {
    const { currency } = this.params;
    const plain = (column: string, of = row): string => `${of}.${column}`;
    if (currency === undefined) return { minor: plain, currency: () => `${row}.currency`, where: '' };
    // A parameter that a statement does not use is an error: this one is added where it is used.
    const asked = (): string => `${this.value(currency)}::text`;
    if (!this.rates) return { minor: plain, currency: () => `${row}.currency`, where: ` AND ${row}.currency = ${asked()}` };
    const factors = this.value(JSON.stringify(factorsInto(this.rates, currency)));
    return { minor: (column, of) => convertedSql(plain(column, of), `${row}.currency`, factors), currency: asked, where: ` AND (${factors}::jsonb -> ${row}.currency) IS NOT NULL` };
  }
}
