import { Command } from '../../kernel/command.js';
import { AMOUNT_MINOR_MAX, IsId, IsOneOf, IsShape, IsText, IsWhole, IsZone, type FieldOptions } from '../../kernel/fields.js';
import { IsCurrency } from '../currency.js';
import { IsPeriod, type Period } from '../period.js';
import { TARGET_METRICS, TARGET_SCOPES, type TargetMetric, type TargetScope } from './events.js';

const LEADERS = ['manager', 'admin'] as const;
/** The months that the longest period can touch. */
const WEIGHTS_MAX = 62;
const WEIGHT_MAX = 10_000;
const AMOUNT = 'Minor units of the currency for booked_value, a count for the others';

const isWeight = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= WEIGHT_MAX;
const isWeights = (value: unknown): boolean => Array.isArray(value) && value.length <= WEIGHTS_MAX && value.every(isWeight) && value.some((weight) => weight > 0);

const IsWeights = (options: FieldOptions = {}): PropertyDecorator =>
  IsShape(isWeights, `must list a weight of 0 to ${WEIGHT_MAX} for each calendar month that the period touches, not all of them 0`, {
    type: 'array', items: { type: 'integer', minimum: 0, maximum: WEIGHT_MAX }, minItems: 1, maxItems: WEIGHTS_MAX,
  }, options);

@Command({ path: 'POST /targets', roles: LEADERS, creates: true, summary: 'Set what a member, a team or the company is to reach in a period' })
export class SetTarget {
  declare readonly type: 'SetTarget';
  @IsId() targetId!: string;
  @IsOneOf(TARGET_METRICS) metric!: TargetMetric;
  @IsOneOf(TARGET_SCOPES) scope!: TargetScope;
  @IsId({ optional: true, description: 'The member or team; left out for the company' }) scopeId?: string;
  @IsPeriod() period!: Period;
  @IsWhole(1, AMOUNT_MINOR_MAX, { description: AMOUNT }) amount!: number;
  @IsCurrency({ optional: true, description: 'For booked_value only; when left out, the company’s' }) currency?: string;
  @IsZone({ optional: true, description: 'Where its days begin and end; when left out, the company’s' }) zone?: string;
  @IsWeights({ optional: true, description: 'A seasonal curve: how the months of the period compare' }) weights?: readonly number[];
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /targets/:targetId/revise', roles: LEADERS, summary: 'Change a target; what it was before stays on record' })
export class ReviseTarget {
  declare readonly type: 'ReviseTarget';
  @IsId() targetId!: string;
  @IsWhole(1, AMOUNT_MINOR_MAX, { description: AMOUNT }) amount!: number;
  @IsWeights({ optional: true, description: 'When left out: the curve stays' }) weights?: readonly number[];
  @IsText() reason!: string;
}

@Command({ path: 'POST /targets/:targetId/withdraw', roles: LEADERS, summary: 'Take a target back: nothing is measured against it from now on' })
export class WithdrawTarget {
  declare readonly type: 'WithdrawTarget';
  @IsId() targetId!: string;
  @IsText() reason!: string;
}

export type TargetCommand = SetTarget | ReviseTarget | WithdrawTarget;
