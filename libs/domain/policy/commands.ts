import { ArrayMaxSize, MaxLength } from 'class-validator';
import { Command } from '../../kernel/command.js';
import type { LocalDate } from '../../kernel/event.js';
import { IsId, IsShape, IsText, IsWhole, IsZone, ID_PATTERN } from '../../kernel/fields.js';
import { IsCurrency } from '../currency.js';
import { IsHolidays, IsWeekdays, IsWorkHours, type WorkHours } from '../work-calendar.js';
import type { PipelineStage } from './events.js';

const LEADERS = ['manager', 'admin'] as const;
const STAGES_MAX = 50;
/** Shorter than an identifier may be: the stream's name puts `pipeline.` before it. */
const PIPELINE_ID_LENGTH_MAX = 90;
const STAGE_NAME_LENGTH_MAX = 100;
const SERVICE_LEVEL_DAYS_MAX = 3_650;
/** A year: bounds every interval that a policy sets in minutes. */
const MINUTES_MAX = 527_040;

const isWholeWithin = (value: unknown, min: number, max: number): boolean => Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

const isStage = (value: unknown): value is PipelineStage => {
  if (typeof value !== 'object' || value === null) return false;
  const { stage, name, probabilityPercent, serviceLevelDays, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  return Object.keys(rest).length === 0 && typeof stage === 'string' && ID_PATTERN.test(stage) && typeof name === 'string' && /\S/.test(name) && name.length <= STAGE_NAME_LENGTH_MAX &&
    isWholeWithin(probabilityPercent, 0, 100) && (serviceLevelDays === undefined || isWholeWithin(serviceLevelDays, 1, SERVICE_LEVEL_DAYS_MAX));
};

const isStages = (value: unknown): boolean => Array.isArray(value) && value.length >= 1 && value.every(isStage) && new Set(value.map(({ stage }) => stage)).size === value.length;

@Command({ path: 'PUT /pipelines/:pipelineId', roles: LEADERS, summary: 'Define a pipeline: its stages in order, each with a chance of winning and a service level' })
export class DefinePipeline {
  declare readonly type: 'DefinePipeline';
  @IsId() @MaxLength(PIPELINE_ID_LENGTH_MAX) pipelineId!: string;
  @IsText({ max: 200 }) name!: string;
  @IsShape(isStages, 'must list 1 or more stages { "stage": identifier, each once, "name": text, "probabilityPercent": 0 to 100, "serviceLevelDays"?: 1 or more }', {
    type: 'array', minItems: 1, maxItems: STAGES_MAX,
    items: {
      type: 'object', required: ['stage', 'name', 'probabilityPercent'], additionalProperties: false,
      properties: {
        stage: { type: 'string', pattern: ID_PATTERN.source }, name: { type: 'string', maxLength: STAGE_NAME_LENGTH_MAX }, probabilityPercent: { type: 'integer', minimum: 0, maximum: 100 },
        serviceLevelDays: { type: 'integer', minimum: 1, maximum: SERVICE_LEVEL_DAYS_MAX },
      },
    },
  })
  @ArrayMaxSize(STAGES_MAX)
  stages!: readonly PipelineStage[];
}

@Command({ path: 'PUT /policy', roles: LEADERS, summary: 'Set figures of the company: grace, service levels, business hours; those left out stay as they are' })
export class SetPolicy {
  declare readonly type: 'SetPolicy';
  @IsZone({ optional: true }) zone?: string;
  @IsCurrency({ optional: true }) currency?: string;
  @IsWhole(1, 12, { optional: true }) fiscalYearStartMonth?: number;
  @IsWhole(0, MINUTES_MAX, { optional: true, description: 'How long after its due time a follow-up counts as missed' }) followUpGraceMinutes?: number;
  @IsWhole(1, MINUTES_MAX, { optional: true, description: 'Business minutes within which a lead is to be contacted' }) leadResponseMinutes?: number;
  @IsWhole(1, MINUTES_MAX, { optional: true, description: 'Business minutes within which a case is to be answered' }) caseResponseMinutes?: number;
  @IsWhole(1, MINUTES_MAX, { optional: true, description: 'Business minutes within which a case is to be resolved' }) caseResolutionMinutes?: number;
  @IsWhole(1, 3_650, { optional: true, description: 'Days from draft to signature' }) contractTurnaroundDays?: number;
  @IsWeekdays({ optional: true }) businessDays?: readonly number[];
  @IsWorkHours({ optional: true }) businessHours?: WorkHours;
  @IsHolidays({ optional: true }) holidays?: readonly LocalDate[];
  @IsWhole(1, 3_650, { optional: true, description: 'Days without contact after which a client is at risk' }) noContactDays?: number;
}

export type PolicyCommand = DefinePipeline | SetPolicy;
