import { TARGET_METRICS, TARGET_SCOPES, type TargetMetric, type TargetScope } from '../../libs/domain/target/events.js';
import { BONUS_PERIODS, type BonusPeriod } from '../../libs/domain/bonus/events.js';
import { IsCurrency } from '../../libs/domain/currency.js';
import { IsDay, IsFlag, IsListOfIds, IsOneOf, IsText, IsWhole, IsZone } from '../../libs/kernel/fields.js';
import { UNITS } from '../coordinator-efficiency/period.js';
import { CONVERSIONS, type Conversion } from '../exchange-rates/constant-rates.js';

const LIST = { optional: true, max: 50 } as const;
export const TARGETS_MAX = 200;
export const BONUSES_MAX = 500;

export const TARGET_GROUPS = ['none', 'member', 'team', 'role', 'source', 'campaign', 'pipeline', 'product', 'region', 'segment', ...UNITS] as const;
export type TargetGroup = (typeof TARGET_GROUPS)[number];

/** By which parameters less counts: the deal's own word, else that of the lead it came from. Pipelines are the deal's alone. */
export const ORIGINS = ['source', 'campaign', 'pipeline', 'product', 'region', 'segment'] as const;
export type Origins = { readonly [O in (typeof ORIGINS)[number]]?: string | readonly string[] };

/** The query string of the attainment report. Lists take commas. */
export class TargetAttainmentParams {
  @IsDay({ optional: true, description: 'Only targets whose period is not over before this day. Default: today, in tz.' }) from?: string;
  @IsDay({ optional: true, description: 'Only targets whose period has begun by this day. Default: from.' }) to?: string;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: that of each target.' }) tz?: string;
  @IsListOfIds({ ...LIST, description: 'Only these targets.' }) target?: string[];
  @IsOneOf(TARGET_METRICS, { optional: true, description: 'Only targets of this metric.' }) metric?: TargetMetric;
  @IsOneOf(TARGET_SCOPES, { optional: true, description: 'Only targets of members, of teams or of the company.' }) scope?: TargetScope;
  @IsListOfIds({ ...LIST, description: 'Only targets of these members.' }) owner?: string[];
  @IsListOfIds({ ...LIST, description: 'Only targets of these teams.' }) team?: string[];
  @IsCurrency({ optional: true, description: 'Only targets of booked value in this currency, and those that have none.' }) currency?: string;
  @IsOneOf(CONVERSIONS, { optional: true, description: 'Whether amounts in other currencies count: at the rate on the event, or all at the rates of one date (ratesOn); otherwise they are shown apart.' }) convert: Conversion = 'none';
  @IsDay({ optional: true, description: 'With convert=constant: the date whose rates count, which are the last that events had given by then. Default: today.' }) ratesOn?: string;
  @IsOneOf(['at-event', 'current'], { optional: true, description: 'Credit to the owner when it happened, or to the present owner.' }) credit: 'at-event' | 'current' = 'at-event';
  @IsOneOf(TARGET_GROUPS, { optional: true, description: 'What was booked, apart: by member, by team or role on the date of the event, by where the deal or lead came from and what it is about, or by part of the period.' }) groupBy: TargetGroup = 'none';
  @IsOneOf(['none', 'previous'], { optional: true, description: 'previous: what was booked in the period before, too.' }) compare: 'none' | 'previous' = 'none';
  @IsText({ optional: true, max: 200, description: 'Only what came from this source counts, of what was booked and of the open deals; the targets stay what they are.' }) source?: string;
  @IsListOfIds({ ...LIST, description: 'Only what came from these campaigns counts.' }) campaign?: string[];
  @IsListOfIds({ ...LIST, description: 'Only deals in these pipelines count.' }) pipeline?: string[];
  @IsText({ optional: true, max: 200, description: 'Only what is about this product counts.' }) product?: string;
  @IsText({ optional: true, max: 200, description: 'Only what is of this region counts.' }) region?: string;
  @IsText({ optional: true, max: 200, description: 'Only what is of this segment counts.' }) segment?: string;
  @IsFlag({ optional: true, description: 'Withdrawn targets, too: with their terms, measured against nothing.' }) includeWithdrawn = false;
  @IsWhole(1, TARGETS_MAX, { optional: true, description: 'The most targets in one answer.' }) limit = 100;
}

/** The query string of the bonus report. */
export class BonusAccrualParams {
  @IsDay({ optional: true, description: 'A day of the period, which is the month, quarter or year of each plan. Default: today in tz. Quarters and years are the company’s fiscal ones.' }) on?: string;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: that of the target, else the company’s.' }) tz?: string;
  @IsListOfIds({ ...LIST, description: 'Only these plans.' }) plan?: string[];
  @IsListOfIds({ ...LIST, description: 'Only these members.' }) owner?: string[];
  @IsOneOf(BONUS_PERIODS, { optional: true, description: 'Only plans of these periods.' }) periodKind?: BonusPeriod;
  @IsOneOf(CONVERSIONS, { optional: true, description: 'Whether amounts in other currencies count: at the rate on the event, or all at the rates of one date (ratesOn).' }) convert: Conversion = 'none';
  @IsDay({ optional: true, description: 'With convert=constant: the date whose rates count. Default: today.' }) ratesOn?: string;
  @IsWhole(1, BONUSES_MAX, { optional: true, description: 'The most bonuses in one answer.' }) limit = 100;
}
