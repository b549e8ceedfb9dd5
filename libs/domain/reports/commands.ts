import { Command } from '../../kernel/command.js';
import type { Instant } from '../../kernel/event.js';
import { ID_PATTERN, IsId, IsInstant, IsShape, IsText, IsWhole, type FieldOptions } from '../../kernel/fields.js';
import { IsFlatRecord, type FlatRecord } from '../flat-record.js';
import type { ReportDefinition } from './events.js';

const READERS = ['manager', 'analyst', 'admin'] as const;
const NAME_LENGTH_MAX = 200;
export const FIGURES_BYTES_MAX = 200_000;
/** Deeper than any report, and shallow enough for every JSON reader. */
const FIGURES_DEPTH_MAX = 20;

/** Whether it is JSON all the way down, at most `depth` levels. */
const isJson = (value: unknown, depth: number): boolean => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth === 0) return false;
  return Object.values(value).every((item) => isJson(item, depth - 1));
};

const isFigures = (value: unknown): boolean =>
  typeof value === 'object' && !Array.isArray(value) && value !== null && isJson(value, FIGURES_DEPTH_MAX) && new TextEncoder().encode(JSON.stringify(value)).length <= FIGURES_BYTES_MAX;

const IsFigures = (options: FieldOptions = {}): PropertyDecorator =>
  IsShape(isFigures, `must be a JSON object of at most ${FIGURES_BYTES_MAX} bytes and ${FIGURES_DEPTH_MAX} levels`, { type: 'object', additionalProperties: true, selfRequired: !options.optional }, options);

const isDefinition = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { name, version, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  return Object.keys(rest).length === 0 && typeof name === 'string' && ID_PATTERN.test(name) && Number.isSafeInteger(version) && Number(version) >= 1;
};

/** `{ "name": "funnel", "version": 2 }` */
const IsDefinition = (options: FieldOptions = {}): PropertyDecorator =>
  IsShape(isDefinition, 'must be { "name": identifier, "version": whole number, 1 or more }', {
    type: 'object', properties: { name: { type: 'string', pattern: ID_PATTERN.source }, version: { type: 'integer', minimum: 1 } }, required: ['name', 'version'], additionalProperties: false, selfRequired: !options.optional,
  }, options);

@Command({ path: 'POST /reports', roles: READERS, creates: true, summary: 'Name a report and the parameters it is asked with; again: define it anew' })
export class DefineReport {
  declare readonly type: 'DefineReport';
  @IsId() reportId!: string;
  @IsText({ max: NAME_LENGTH_MAX }) name!: string;
  @IsId({ description: 'The kind of report: funnel, retention' }) report!: string;
  @IsFlatRecord() params!: FlatRecord;
}

@Command({ path: 'POST /reports/:reportId/publish', roles: READERS, summary: 'Publish figures for good, with what is needed to work them out again' })
export class PublishReport {
  declare readonly type: 'PublishReport';
  @IsId() reportId!: string;
  @IsFigures() figures!: Readonly<Record<string, unknown>>;
  @IsDefinition({ description: 'The definition they were worked out by' }) definition!: ReportDefinition;
  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'The log position they include' }) position!: number;
  @IsInstant({ description: 'The moment whose knowledge they show' }) asOf!: Instant;
}

export type ReportsCommand = DefineReport | PublishReport;
