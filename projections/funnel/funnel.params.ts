import { IsDay, IsListOfIds, IsOneOf, IsText, IsZone } from '../../libs/kernel/fields.js';

export const GROUPS = ['none', 'owner', 'team', 'role', 'source', 'campaign', 'pipeline', 'product', 'region', 'segment', 'week', 'month', 'quarter', 'year'] as const;
export type FunnelGroup = (typeof GROUPS)[number];

const LIST = { optional: true, max: 50 } as const;

/** The query string of the funnel report. Lists take commas. */
export class FunnelParams {
  @IsDay({ optional: true, description: 'First day of the period, in tz. Default: the first day of the present month.' }) from?: string;
  @IsDay({ optional: true, description: 'Last day of the period, included. Default: the last day of the present month.' }) to?: string;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: the company’s.' }) tz?: string;
  @IsOneOf(GROUPS, { optional: true, description: 'One answer for each value of this. Default: none.' }) groupBy: FunnelGroup = 'none';
  @IsOneOf(['at-event', 'current'], { optional: true, description: 'Credit to the owner when it happened, or to the present owner.' }) credit: 'at-event' | 'current' = 'at-event';
  @IsText({ optional: true, max: 100, description: 'Step that the cohort entered first in the period. Default: captured.' }) cohortStep = 'captured';
  @IsText({ optional: true, max: 3, description: 'Only amounts in this currency; others too, where the event gave a rate, with convert=at-event.' }) currency?: string;
  @IsOneOf(['none', 'at-event'], { optional: true, description: 'Whether amounts in other currencies are converted at the rate on the event.' }) convert: 'none' | 'at-event' = 'none';
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
