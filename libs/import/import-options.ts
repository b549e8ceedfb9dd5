import type { FieldError } from '../kernel/parse-command.js';
import { problem, ProblemError } from '../http/problem.js';

export const PREVIEW_ROWS_DEFAULT = 5;
export const PREVIEW_ROWS_MAX = 1_000;

export interface ImportOptions {
  readonly dryRun: boolean;
  readonly previewRowsMax: number;
  /** Undefined: all. */
  readonly rowsMax?: number;
}

const WHOLE = /^\d{1,15}$/;

/** `?dryRun=true&rows=5&limit=1000`. @throws ProblemError naming each parameter that is malformed */
export function importOptions(query: Readonly<Record<string, unknown>>): ImportOptions {
  const errors: FieldError[] = [];
  const { dryRun = 'false', rows, limit } = query;
  if (dryRun !== 'true' && dryRun !== 'false') errors.push({ field: 'dryRun', message: 'dryRun must be true or false' });
  const whole = (field: string, value: unknown, min: number, max: number): number | undefined => {
    if (value === undefined) return undefined;
    if (typeof value === 'string' && WHOLE.test(value) && Number(value) >= min && Number(value) <= max) return Number(value);
    errors.push({ field, message: `${field} must be a whole number from ${min} to ${max}` });
    return undefined;
  };
  const previewRowsMax = whole('rows', rows, 0, PREVIEW_ROWS_MAX) ?? PREVIEW_ROWS_DEFAULT;
  const rowsMax = whole('limit', limit, 1, Number.MAX_SAFE_INTEGER);
  if (errors.length > 0) throw new ProblemError(problem('validation_failed', { errors }));
  return { dryRun: dryRun === 'true', previewRowsMax, ...(rowsMax !== undefined && { rowsMax }) };
}
