import { IsDay, IsListOfIds, IsOneOf, IsText, IsZone } from '../../libs/kernel/fields.js';
import { EndsPeriod, MakesFewParts, PARTS_MAX } from './period.js';
import { GROUPS, type Group } from './scope.js';

const LIST = { optional: true, max: 50 } as const;

/** The query string of the report on people's work. Lists take commas. */
export class CoordinatorEfficiencyParams {
  @IsDay({ optional: true, description: 'First day of the period, in tz. Default: the first day of the month of `to`, or of the present month.' }) from?: string;
  @EndsPeriod() @IsDay({ optional: true, description: 'Last day of the period, included. Default: the last day of the month of `from`.' }) to?: string;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: the company’s.' }) tz?: string;
  @MakesFewParts() @IsOneOf(GROUPS, { optional: true, description: `One entry for each value of this within each role. Quarters and years begin with the company’s fiscal year; of days, weeks … there are ${PARTS_MAX} at most. Default: none.` }) groupBy: Group = 'none';
  @IsOneOf(['at-event', 'current'], { optional: true, description: 'Credit to the owner when it happened, or to the present owner.' }) credit: 'at-event' | 'current' = 'at-event';
  @IsOneOf(['none', 'previous'], { optional: true, description: 'previous: the same figures for the period right before, beside.' }) compare: 'none' | 'previous' = 'none';
  @IsListOfIds({ ...LIST, description: 'Only these owners.' }) owner?: string[];
  @IsListOfIds({ ...LIST, description: 'Only owners who were in these teams on the date of the event.' }) team?: string[];
  @IsListOfIds({ ...LIST, description: 'Only owners who had these roles on the date of the event.' }) role?: string[];
  @IsText({ optional: true, max: 200, description: 'Only work on leads and deals from this source. Work logs and workload have none.' }) source?: string;
  @IsListOfIds({ ...LIST, description: 'Only work on leads and deals of these campaigns. Work logs and workload have none.' }) campaign?: string[];
  @IsListOfIds({ ...LIST, description: 'Only work on deals of these pipelines. Leads, work logs and workload have none.' }) pipeline?: string[];
  @IsText({ optional: true, max: 200, description: 'Only work on leads, deals and clients for this product. Work logs and workload have none.' }) product?: string;
  @IsText({ optional: true, max: 200, description: 'Only this region: the lead’s, deal’s or client’s; the member’s where the work is about none.' }) region?: string;
  @IsText({ optional: true, max: 200, description: 'Only work on leads, deals and clients of this segment. Work logs and workload have none.' }) segment?: string;
}
