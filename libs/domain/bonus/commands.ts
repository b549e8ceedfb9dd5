import { Command } from '../../kernel/command.js';
import type { LocalDate, Money } from '../../kernel/event.js';
import { AMOUNT_MINOR_MAX, ID_PATTERN, IsDay, IsFlag, IsId, IsListOfIds, IsMoney, IsOneOf, IsShape, IsText, IsWhole } from '../../kernel/fields.js';
import { IsCurrency } from '../currency.js';
import { IsPeriod, type Period } from '../period.js';
import { TARGET_METRICS, type TargetMetric } from '../target/events.js';
import { BONUS_PERIODS, type BonusLine, type BonusPeriod, type BonusTier } from './events.js';

const LEADERS = ['manager', 'admin'] as const;
const MEMBERS_MAX = 100;
const TIERS_MAX = 20;
const ATTAINMENT_PERCENT_MAX = 1_000;
const RATE_BASIS_POINTS_MAX = 10_000;
const LINES_MAX = 100;
/** Over all lines of one bonus: the event stays well below what one event may weigh. */
const LINE_DEALS_MAX = 2_000;
const LABEL_LENGTH_MAX = 200;

const isWholeWithin = (value: unknown, min: number, max: number): boolean => Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

const isTier = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { attainmentPercentFrom, rateBasisPoints, amountMinor, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  const pays = rateBasisPoints === undefined ? isWholeWithin(amountMinor, 1, AMOUNT_MINOR_MAX) : amountMinor === undefined && isWholeWithin(rateBasisPoints, 0, RATE_BASIS_POINTS_MAX);
  return Object.keys(rest).length === 0 && isWholeWithin(attainmentPercentFrom, 0, ATTAINMENT_PERCENT_MAX) && pays;
};

const isLine = (value: unknown): value is BonusLine => {
  if (typeof value !== 'object' || value === null) return false;
  const { label, amountMinor, dealIds, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  return Object.keys(rest).length === 0 && typeof label === 'string' && /\S/.test(label) && label.length <= LABEL_LENGTH_MAX && isWholeWithin(amountMinor, -AMOUNT_MINOR_MAX, AMOUNT_MINOR_MAX) &&
    Array.isArray(dealIds) && dealIds.every((id) => typeof id === 'string' && ID_PATTERN.test(id)) && new Set(dealIds).size === dealIds.length;
};

const isTiers = (value: unknown): boolean => Array.isArray(value) && value.length >= 1 && value.length <= TIERS_MAX && value.every(isTier);
const isLines = (value: unknown): boolean =>
  Array.isArray(value) && value.length >= 1 && value.length <= LINES_MAX && value.every(isLine) && value.reduce((sum, { dealIds }) => sum + dealIds.length, 0) <= LINE_DEALS_MAX;

const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });

const IsTiers = (): PropertyDecorator =>
  IsShape(isTiers, `must list 1 to ${TIERS_MAX} tiers { "attainmentPercentFrom": whole percent, "rateBasisPoints" or "amountMinor": whole number }`, {
    type: 'array', minItems: 1, maxItems: TIERS_MAX,
    items: {
      type: 'object', required: ['attainmentPercentFrom'], additionalProperties: false,
      properties: { attainmentPercentFrom: whole(0, ATTAINMENT_PERCENT_MAX), rateBasisPoints: whole(0, RATE_BASIS_POINTS_MAX), amountMinor: whole(1, AMOUNT_MINOR_MAX) },
      oneOf: [{ required: ['rateBasisPoints'] }, { required: ['amountMinor'] }],
    },
  });

const IsLines = (): PropertyDecorator =>
  IsShape(isLines, `must list 1 to ${LINES_MAX} lines { "label": text, "amountMinor": whole number, "dealIds": identifiers, each once }, with ${LINE_DEALS_MAX} deals at most`, {
    type: 'array', minItems: 1, maxItems: LINES_MAX,
    items: {
      type: 'object', required: ['label', 'amountMinor', 'dealIds'], additionalProperties: false,
      properties: { label: { type: 'string', maxLength: LABEL_LENGTH_MAX }, amountMinor: whole(-AMOUNT_MINOR_MAX, AMOUNT_MINOR_MAX), dealIds: { type: 'array', items: { type: 'string', pattern: ID_PATTERN.source } } },
    },
  });

@Command({ path: 'POST /bonus-plans', roles: LEADERS, creates: true, summary: 'Define what members earn from which attainment on' })
export class DefineBonusPlan {
  declare readonly type: 'DefineBonusPlan';
  @IsId() planId!: string;
  @IsText({ max: 200 }) name!: string;
  @IsOneOf(TARGET_METRICS) metric!: TargetMetric;
  @IsOneOf(BONUS_PERIODS) periodKind!: BonusPeriod;
  @IsCurrency({ optional: true, description: 'When left out, the company’s' }) currency?: string;
  @IsListOfIds({ min: 1, max: MEMBERS_MAX }) memberIds!: readonly string[];
  @IsTiers() tiers!: readonly BonusTier[];
  @IsWhole(1, AMOUNT_MINOR_MAX, { optional: true, description: 'The most that one member gets for one period, in minor units' }) capMinor?: number;
  @IsFlag({ description: 'Whether a reopened deal takes back what it brought' }) clawback!: boolean;
  @IsDay({ description: 'The plan holds for periods that start on this day or later' }) effectiveFrom!: LocalDate;
}

@Command({ path: 'POST /bonus-plans/:planId/revise', roles: LEADERS, summary: 'Give a plan other terms from a day on; all of them are repeated' })
export class ReviseBonusPlan {
  declare readonly type: 'ReviseBonusPlan';
  @IsId() planId!: string;
  @IsListOfIds({ min: 1, max: MEMBERS_MAX }) memberIds!: readonly string[];
  @IsTiers() tiers!: readonly BonusTier[];
  @IsWhole(1, AMOUNT_MINOR_MAX, { optional: true, description: 'When left out: no cap' }) capMinor?: number;
  @IsFlag() clawback!: boolean;
  @IsDay({ description: 'These terms hold for periods that start on this day or later' }) effectiveFrom!: LocalDate;
  @IsText() reason!: string;
}

@Command({ path: 'POST /bonus-plans/:planId/approvals', roles: LEADERS, summary: 'Approve what a member gets for a period, line by line, in the name of whoever sends this' })
export class ApproveBonus {
  declare readonly type: 'ApproveBonus';
  @IsId() planId!: string;
  @IsId() memberId!: string;
  @IsPeriod({ description: 'A whole month, quarter or year, as the plan says' }) period!: Period;
  @IsMoney() amount!: Money;
  @IsLines() lines!: readonly BonusLine[];
  @IsText({ optional: true }) note?: string;
}

export type BonusCommand = DefineBonusPlan | ReviseBonusPlan | ApproveBonus;
