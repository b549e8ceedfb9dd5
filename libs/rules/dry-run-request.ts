import { ApiProperty } from '@nestjs/swagger';
import { isFlatRecord } from '../domain/flat-record.js';
import type { Instant } from '../kernel/event.js';
import type { FieldError } from '../kernel/parse-command.js';
import type { RuleSettings } from '../kernel/rule.js';
import { parseInstant } from '../kernel/time.js';

/** The body of a dry run as the OpenAPI page shows it. */
export class DryRunBody {
  @ApiProperty({ format: 'date-time', description: 'From when, by when things happened' }) from!: string;
  @ApiProperty({ format: 'date-time', description: 'Until before when' }) to!: string;
  @ApiProperty({ selfRequired: false, type: 'object', properties: {}, additionalProperties: true, description: 'Left out: the defaults of the rule' }) settings?: RuleSettings;
}

export interface DryRunRequest {
  readonly from: Instant;
  readonly to: Instant;
  readonly settings: RuleSettings;
}

const FIELDS: readonly string[] = ['from', 'to', 'settings'] satisfies (keyof DryRunBody)[];
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isSettings = (value: unknown): value is RuleSettings => isFlatRecord(value);

/** Reads the body of a dry run; or names every field that is wrong. */
export function parseDryRun(body: unknown): { readonly ok: true; readonly request: DryRunRequest } | { readonly ok: false; readonly errors: readonly FieldError[] } {
  if (!isRecord(body)) return { ok: false, errors: [{ field: '', message: 'the body must be a JSON object' }] };
  const errors: FieldError[] = Object.keys(body).filter((name) => !FIELDS.includes(name)).map((field) => ({ field, message: `${field} is not a field of a dry run` }));
  const [from, to] = [parseInstant(body['from']), parseInstant(body['to'])];
  if (from === undefined) errors.push({ field: 'from', message: 'from must be a date and time with an offset, such as 2026-03-01T12:00:00Z' });
  if (to === undefined) errors.push({ field: 'to', message: 'to must be a date and time with an offset, such as 2026-03-01T12:00:00Z' });
  if (from !== undefined && to !== undefined && from >= to) errors.push({ field: 'to', message: 'to must be after from' });
  const settings = body['settings'] ?? {};
  if (!isSettings(settings)) errors.push({ field: 'settings', message: 'settings must be an object of texts, numbers, true, false and lists of identifiers' });
  if (errors.length > 0 || from === undefined || to === undefined || !isSettings(settings)) return { ok: false, errors };
  return { ok: true, request: { from, to, settings } };
}
