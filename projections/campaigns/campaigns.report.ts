import { CAMPAIGN_CHANNELS, type CampaignChannel } from '../../libs/domain/campaign/events.js';
import type { LocalDate, Money } from '../../libs/kernel/event.js';
import { IsDay, IsListOfIds, IsOneOf } from '../../libs/kernel/fields.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { EndsPeriod } from '../coordinator-efficiency/period.js';

/** The newest campaigns; the rest is found by days or by name. */
export const CAMPAIGNS_MAX = 500;

/** The query string of the campaigns. */
export class CampaignsParams {
  @IsDay({ optional: true, description: 'Only campaigns that ran on this day or later, by the days they were planned for.' }) from?: LocalDate;
  @EndsPeriod() @IsDay({ optional: true, description: 'Only campaigns that began by this day.' }) to?: LocalDate;
  @IsListOfIds({ optional: true, max: 50, description: 'Only these campaigns.' }) campaign?: string[];
  @IsOneOf(CAMPAIGN_CHANNELS, { optional: true, description: 'Only campaigns of this channel.' }) channel?: CampaignChannel;
}

export interface WonValue extends Money {
  readonly deals: number;
  /** Won value ÷ all leads of the campaign. */
  readonly minorPerLead: number;
}

export interface CampaignResult {
  readonly campaignId: string;
  readonly name: string;
  readonly channel: string;
  readonly startsOn: LocalDate;
  readonly endsOn: LocalDate | null;
  readonly status: 'running' | 'ended';
  readonly cost: (Money & { readonly is: 'spent' | 'budget' }) | null;
  readonly leads: number;
  readonly wonDeals: number;
  readonly wonValues: readonly WonValue[];
  /** In minor units of the cost's currency; null where there is no cost, or nothing to divide it by. */
  readonly costPerLeadMinor: number | null;
  readonly costPerWonDealMinor: number | null;
}

export interface CampaignsAnswer {
  /** Campaigns that match, of which `campaigns` holds the newest CAMPAIGNS_MAX. */
  readonly total: number;
  readonly campaigns: readonly CampaignResult[];
}

interface CampaignRow {
  readonly campaign_id: string;
  readonly name: string;
  readonly channel: string;
  readonly starts_on: LocalDate;
  readonly ends_on: LocalDate | null;
  readonly ended: boolean;
  readonly cost_minor: number | null;
  readonly currency: string | null;
  readonly is_spent: boolean;
  readonly leads: number;
  readonly total: number;
}

interface WonRow {
  readonly campaign_id: string;
  readonly currency: string;
  readonly deals: number;
  readonly minor: number;
}

/** Leads by campaign: duplicates that were merged away are left out. */
const LEADS = (view: ReportView): string =>
  `SELECT l.campaign_id, l.lead_id FROM ${view.table('campaigns_lead')} l JOIN ${view.table('funnel_lead')} f ON f.lead_id = l.lead_id WHERE f.merged_into IS NULL`;

function campaignRows(view: ReportView, { from, to, campaign, channel }: CampaignsParams): Promise<CampaignRow[]> {
  return view.query<CampaignRow>(
    `WITH asked AS (SELECT c.*, count(*) OVER () AS total FROM ${view.table('campaigns_campaign')} c
     WHERE ($1::date IS NULL OR c.ends_on IS NULL OR c.ends_on >= $1::date) AND ($2::date IS NULL OR c.starts_on <= $2::date) AND ($3::text[] IS NULL OR c.campaign_id = ANY ($3::text[])) AND ($4::text IS NULL OR c.channel = $4::text)
     ORDER BY c.starts_on DESC, c.campaign_id LIMIT ${CAMPAIGNS_MAX})
     SELECT c.campaign_id, c.name, c.channel, c.starts_on, c.ends_on, c.ended_at IS NOT NULL AS ended, c.cost_minor, c.currency, c.is_spent, c.total, n.leads
     FROM asked c CROSS JOIN LATERAL (SELECT count(*) AS leads FROM (${LEADS(view)} AND l.campaign_id = c.campaign_id) own) n ORDER BY c.starts_on DESC, c.campaign_id`, [from ?? null, to ?? null, campaign?.length ? campaign : null, channel ?? null]);
}

/** Deals won from those leads and not reopened since, by campaign and currency. */
function wonRows(view: ReportView, campaigns: readonly string[]): Promise<WonRow[]> {
  return view.query<WonRow>(
    `SELECT own.campaign_id, c.currency, count(*) AS deals, sum(c.value_minor)::bigint AS minor FROM (${LEADS(view)} AND l.campaign_id = ANY ($1::text[])) own JOIN ${view.table('funnel_closing')} c ON c.lead_id = own.lead_id
     WHERE c.outcome = 'won' AND c.reopened_at IS NULL GROUP BY 1, 2 ORDER BY 1, 2`, [campaigns]);
}

const per = (minor: number | null, count: number): number | null => (minor === null || count === 0 ? null : minor / count);

function resultOf(row: CampaignRow, won: readonly WonRow[]): CampaignResult {
  const wonDeals = won.reduce((sum, { deals }) => sum + deals, 0);
  return {
    campaignId: row.campaign_id, name: row.name, channel: row.channel, startsOn: row.starts_on, endsOn: row.ends_on, status: row.ended ? 'ended' : 'running',
    cost: row.cost_minor === null || row.currency === null ? null : { amountMinor: row.cost_minor, currency: row.currency, is: row.is_spent ? 'spent' : 'budget' },
    leads: row.leads, wonDeals, wonValues: won.map(({ currency, deals, minor }) => ({ currency, amountMinor: minor, deals, minorPerLead: minor / row.leads })),
    costPerLeadMinor: per(row.cost_minor, row.leads), costPerWonDealMinor: per(row.cost_minor, wonDeals),
  };
}

/** What campaigns cost and brought. @throws ReadStoreError */
export async function campaignsReport(view: ReportView, params: CampaignsParams): Promise<CampaignsAnswer> {
  const rows = await campaignRows(view, params);
  const won = rows.length === 0 ? [] : await wonRows(view, rows.map(({ campaign_id: id }) => id));
  return { total: rows[0]?.total ?? 0, campaigns: rows.map((row) => resultOf(row, won.filter(({ campaign_id: id }) => id === row.campaign_id))) };
}

export const campaignsStatus = report({
  name: 'campaigns',
  version: 1,
  title: 'Campaigns',
  description: 'What each campaign cost and brought: leads, deals won, their value, and the cost per lead and per won deal.',
  projections: ['campaigns', 'funnel'],
  params: CampaignsParams,
  figures: [
    { name: 'total', title: 'Campaigns', unit: 'count', definition: 'Campaigns that match.' },
    { name: 'campaigns', title: 'Results', unit: 'records', definition: 'By campaign, the newest first: its leads are those captured with it and those attributed to it later, each once, without duplicates merged away; a lead of several campaigns counts for each of them. Won deals are those from its leads, won by asOf and not reopened since. The cost is what was spent, where that was told, else the budget; per lead and per won deal in the cost’s own currency.' },
  ],
  run: campaignsReport,
});
