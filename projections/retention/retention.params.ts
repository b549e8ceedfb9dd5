import { IsCurrency } from '../../libs/domain/currency.js';
import { IsDay, IsListOfIds, IsOneOf, IsText, IsWhole, IsZone } from '../../libs/kernel/fields.js';
import { EndsPeriod, UNITS } from '../coordinator-efficiency/period.js';
import { NeedsCurrency } from '../exchange-rates/needs-currency.js';
import { DaysOfOneYear } from '../funnel/day-groups.js';

/** Where a client came from: of the deal that won it, else of the lead. */
export const ORIGINS = ['source', 'campaign', 'pipeline', 'product'] as const;
export type Origin = (typeof ORIGINS)[number];
export const RETENTION_GROUPS = ['none', 'owner', 'team', 'role', ...ORIGINS, 'region', 'segment', ...UNITS] as const;
export const COHORTS_MAX = 60;
const NO_CONTACT_DAYS_MAX = 3_650;
const COHORTS_DEFAULT = 12;
const LIST = { optional: true, max: 50 } as const;

/** The query string of the retention report. Lists take commas. */
export class RetentionParams {
  @IsDay({ optional: true, description: 'First day of the period, in tz. Default: the first day of the month of `to`, or of the present month.' }) from?: string;
  @EndsPeriod() @IsDay({ optional: true, description: 'Last day of the period, included. Default: the last day of the month of `from`.' }) to?: string;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: the company’s.' }) tz?: string;
  @DaysOfOneYear() @IsOneOf(RETENTION_GROUPS, { optional: true, description: 'One entry for each value of this. Quarters and years begin with the company’s fiscal year. Default: none.' }) groupBy: (typeof RETENTION_GROUPS)[number] = 'none';
  @IsOneOf(['at-event', 'current'], { optional: true, description: 'Credit to the owner when it happened (of rates: at the start of the period), or to the present owner.' }) credit: 'at-event' | 'current' = 'at-event';
  @IsOneOf(['none', 'previous'], { optional: true, description: 'previous: the same figures for the period right before, beside.' }) compare: 'none' | 'previous' = 'none';
  @IsCurrency({ optional: true, description: 'Only clients and purchases in this currency, and with convert those in others that have a rate. Left out: every currency apart.' }) currency?: string;
  @NeedsCurrency() @IsOneOf(['none', 'constant'], { optional: true, description: 'constant: amounts in other currencies, at the rates of one date (ratesOn). Needs currency. Revenue is no event with a rate of its own.' }) convert: 'none' | 'constant' = 'none';
  @IsDay({ optional: true, description: 'With convert=constant: the date whose rates count, which are the last that events had given by then. Default: today.' }) ratesOn?: string;
  @IsListOfIds({ ...LIST, description: 'Only these owners.' }) owner?: string[];
  @IsListOfIds({ ...LIST, description: 'Only owners who were in these teams on the date of the event.' }) team?: string[];
  @IsListOfIds({ ...LIST, description: 'Only owners who had these roles on the date of the event.' }) role?: string[];
  @IsText({ optional: true, max: 200, description: 'Only clients from this source: that of the deal that won them, else of the lead.' }) source?: string;
  @IsListOfIds({ ...LIST, description: 'Only clients from these campaigns.' }) campaign?: string[];
  @IsListOfIds({ ...LIST, description: 'Only clients won in these pipelines.' }) pipeline?: string[];
  @IsText({ optional: true, max: 200, description: 'Only clients of this product, and purchases of it.' }) product?: string;
  @IsText({ optional: true, max: 200, description: 'Only clients of this region; the owner’s where the client has none.' }) region?: string;
  @IsText({ optional: true, max: 200, description: 'Only clients of this segment.' }) segment?: string;
  @IsOneOf(['active', 'buying'], { optional: true, description: 'What the cohort matrix counts: clients active in a month, or buying in it.' }) cohort: 'active' | 'buying' = 'active';
  @IsWhole(1, COHORTS_MAX, { optional: true, description: `How many months of clients the cohort matrix has, up to the last month of the period. Default: ${COHORTS_DEFAULT}.` }) cohorts: number = COHORTS_DEFAULT;
  @IsWhole(1, NO_CONTACT_DAYS_MAX, { optional: true, description: 'After how many days without contact a client is at risk. Default: the company’s policy.' }) noContactDays?: number;
}
