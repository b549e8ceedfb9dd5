import { IsCurrency } from '../../libs/domain/currency.js';
import { IsDay, IsListOfIds, IsOneOf, IsText, IsZone } from '../../libs/kernel/fields.js';
import { EndsPeriod, UNITS } from '../coordinator-efficiency/period.js';
import { DaysOfOneYear } from './day-groups.js';
import { CONVERSIONS, type Conversion } from '../exchange-rates/constant-rates.js';
import { NeedsCurrency } from '../exchange-rates/needs-currency.js';

export const GROUPS = ['none', 'owner', 'team', 'role', 'source', 'campaign', 'pipeline', 'product', 'region', 'segment', ...UNITS] as const;
export type FunnelGroup = (typeof GROUPS)[number];

const LIST = { optional: true, max: 50 } as const;

/** The query string of the funnel report. Lists take commas. */
export class FunnelParams {
  @IsDay({ optional: true, description: 'First day of the period, in tz. Default: the first day of the month of `to`, or of the present month.' }) from?: string;
  @EndsPeriod() @IsDay({ optional: true, description: 'Last day of the period, included. Default: the last day of the month of `from`.' }) to?: string;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: the company’s.' }) tz?: string;
  @DaysOfOneYear() @IsOneOf(GROUPS, { optional: true, description: 'One entry for each value of this. Quarters and years begin with the company’s fiscal year. Default: none.' }) groupBy: FunnelGroup = 'none';
  @IsOneOf(['at-event', 'current'], { optional: true, description: 'Credit to the owner when it happened, or to the present owner.' }) credit: 'at-event' | 'current' = 'at-event';
  @IsOneOf(['none', 'previous'], { optional: true, description: 'previous: the same figures for the period right before, beside.' }) compare: 'none' | 'previous' = 'none';
  @IsText({ optional: true, max: 100, description: 'Step that the cohort entered first in the period. Default: captured.' }) cohortStep = 'captured';
  @IsCurrency({ optional: true, description: 'Only amounts in this currency, and with convert others that can be said in it. Counts are of all.' }) currency?: string;
  @NeedsCurrency() @IsOneOf(CONVERSIONS, { optional: true, description: 'Whether amounts in other currencies are converted: at the rate on the event, or all at the rates of one date (ratesOn). Needs currency.' }) convert: Conversion = 'none';
  @IsDay({ optional: true, description: 'With convert=constant: the date whose rates count, which are the last that events had given by then. Default: today.' }) ratesOn?: string;
  @IsListOfIds({ ...LIST, description: 'Only these owners.' }) owner?: string[];
  @IsListOfIds({ ...LIST, description: 'Only owners who were in these teams on the date of the event.' }) team?: string[];
  @IsListOfIds({ ...LIST, description: 'Only owners who had these roles on the date of the event.' }) role?: string[];
  @IsText({ optional: true, max: 200, description: 'Only this source.' }) source?: string;
  @IsListOfIds({ ...LIST, description: 'Only these campaigns.' }) campaign?: string[];
  @IsListOfIds({ ...LIST, description: 'Only these pipelines. Steps before a deal belong to no pipeline and stay in.' }) pipeline?: string[];
  @IsText({ optional: true, max: 200, description: 'Only this product.' }) product?: string;
  @IsText({ optional: true, max: 200, description: 'Only this region.' }) region?: string;
  @IsText({ optional: true, max: 200, description: 'Only this segment.' }) segment?: string;
}
