import { ArrayMaxSize } from 'class-validator';
import { Command } from '../../kernel/command.js';
import type { LocalDate, Money } from '../../kernel/event.js';
import { ID_PATTERN, IsDay, IsId, IsMoney, IsOneOf, IsShape, IsText, type FieldOptions } from '../../kernel/fields.js';
import { isCurrency } from '../../kernel/money.js';
import { LOST_REASONS, ROADBLOCK_CAUSES, type CreditShare, type ExchangeRate, type LostReason, type RoadblockCause } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;
const SHARES_MAX = 20;
/** A million units for one: beyond any two currencies there are. */
const PER_UNIT_MICRO_MAX = 1_000_000_000_000;

const isShare = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { memberId, percent, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  return Object.keys(rest).length === 0 && typeof memberId === 'string' && ID_PATTERN.test(memberId) && Number.isInteger(percent) && Number(percent) >= 1 && Number(percent) <= 100;
};

const isShares = (value: unknown): boolean => Array.isArray(value) && value.length >= 1 && value.every(isShare);

const isRate = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { to, perUnitMicro, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  return Object.keys(rest).length === 0 && isCurrency(to) && Number.isInteger(perUnitMicro) && Number(perUnitMicro) >= 1 && Number(perUnitMicro) <= PER_UNIT_MICRO_MAX;
};

const IsRate = (options: FieldOptions = {}): PropertyDecorator =>
  IsShape(isRate, 'must be { "to": ISO 4217 code, "perUnitMicro": millionths of it for one of the deal\'s currency, 1 or more }', {
    type: 'object', properties: { to: { type: 'string', example: 'EUR' }, perUnitMicro: { type: 'integer', minimum: 1, maximum: PER_UNIT_MICRO_MAX, example: 950_000 } },
    required: ['to', 'perUnitMicro'], additionalProperties: false, selfRequired: !options.optional,
  }, options);

@Command({ path: 'POST /deals', roles: SELLERS, creates: true, summary: 'Open a deal in a stage of a pipeline, with its value and owner' })
export class OpenDeal {
  declare readonly type: 'OpenDeal';
  @IsId() dealId!: string;
  @IsText({ max: 200 }) name!: string;
  @IsId({ description: 'The member whose deal it is' }) ownerId!: string;
  @IsMoney() value!: Money;
  @IsRate({ optional: true }) rate?: ExchangeRate;
  @IsId({ optional: true, description: 'When left out: the pipeline `default`' }) pipelineId?: string;
  @IsId({ optional: true, description: 'When left out: the first stage of the pipeline' }) stage?: string;
  @IsId({ optional: true }) leadId?: string;
  @IsId({ optional: true }) clientId?: string;
  @IsText({ optional: true, max: 200 }) company?: string;
  @IsText({ optional: true, max: 100 }) segment?: string;
  @IsText({ optional: true, max: 100 }) region?: string;
  @IsText({ optional: true, max: 100 }) product?: string;
  @IsText({ optional: true, max: 100 }) source?: string;
  @IsId({ optional: true }) campaignId?: string;
  @IsDay({ optional: true }) expectedCloseOn?: LocalDate;
}

@Command({ path: 'POST /deals/:dealId/stage', roles: SELLERS, summary: 'Move a deal to another stage of its pipeline: on, back or past some' })
export class MoveDealStage {
  declare readonly type: 'MoveDealStage';
  @IsId() dealId!: string;
  @IsId() stage!: string;
}

@Command({ path: 'POST /deals/:dealId/value', roles: SELLERS, summary: 'Revise what a deal is worth, or when it is expected to close' })
export class ReviseDealValue {
  declare readonly type: 'ReviseDealValue';
  @IsId() dealId!: string;
  @IsMoney({ optional: true, description: 'When left out: the value stays' }) value?: Money;
  @IsRate({ optional: true }) rate?: ExchangeRate;
  @IsDay({ optional: true }) expectedCloseOn?: LocalDate;
  @IsText({ optional: true }) reason?: string;
}

@Command({ path: 'POST /deals/:dealId/owner', roles: SELLERS, summary: 'Hand a deal to another member; credit that was split stays as it was' })
export class ReassignDeal {
  declare readonly type: 'ReassignDeal';
  @IsId() dealId!: string;
  @IsId() ownerId!: string;
  @IsText({ optional: true }) reason?: string;
}

@Command({ path: 'POST /deals/:dealId/credit', roles: SELLERS, summary: 'Split the credit for a deal among members, in shares that sum to 100 percent' })
export class SplitDealCredit {
  declare readonly type: 'SplitDealCredit';
  @IsId() dealId!: string;
  @IsShape(isShares, 'must list 1 or more shares { "memberId": identifier, "percent": 1 to 100 }', {
    type: 'array', minItems: 1, maxItems: SHARES_MAX,
    items: { type: 'object', properties: { memberId: { type: 'string', pattern: ID_PATTERN.source }, percent: { type: 'integer', minimum: 1, maximum: 100 } }, required: ['memberId', 'percent'], additionalProperties: false },
  })
  @ArrayMaxSize(SHARES_MAX)
  shares!: readonly CreditShare[];
}

@Command({ path: 'POST /deals/:dealId/roadblocks', roles: SELLERS, summary: 'Say what keeps a deal from moving' })
export class RaiseRoadblock {
  declare readonly type: 'RaiseRoadblock';
  @IsId() dealId!: string;
  @IsId({ description: 'Chosen by the caller, so that the same roadblock sent twice is one' }) roadblockId!: string;
  @IsOneOf(ROADBLOCK_CAUSES) cause!: RoadblockCause;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /deals/:dealId/roadblocks/:roadblockId/clear', roles: SELLERS, summary: 'Say that a roadblock is out of the way' })
export class ClearRoadblock {
  declare readonly type: 'ClearRoadblock';
  @IsId() dealId!: string;
  @IsId() roadblockId!: string;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /deals/:dealId/close', roles: SELLERS, summary: 'Close a deal as won, or as lost with the reason' })
export class CloseDeal {
  declare readonly type: 'CloseDeal';
  @IsId() dealId!: string;
  @IsOneOf(['won', 'lost']) outcome!: 'won' | 'lost';
  @IsMoney({ optional: true, description: 'When left out: the value the deal has' }) value?: Money;
  @IsRate({ optional: true, description: 'When left out: the last rate given for the deal' }) rate?: ExchangeRate;
  @IsOneOf(LOST_REASONS, { optional: true, description: 'Required when lost' }) reason?: LostReason;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /deals/:dealId/reopen', roles: SELLERS, summary: 'Reverse the closing of a deal, in the period in which it is reversed' })
export class ReopenDeal {
  declare readonly type: 'ReopenDeal';
  @IsId() dealId!: string;
  @IsText() reason!: string;
  @IsId({ optional: true, description: 'When left out: the stage it was closed in' }) stage?: string;
}

export type DealCommand = OpenDeal | MoveDealStage | ReviseDealValue | ReassignDeal | SplitDealCredit | RaiseRoadblock | ClearRoadblock | CloseDeal | ReopenDeal;
