import type { LocalDate } from '../kernel/event.js';
import { IsShape, type FieldOptions } from '../kernel/fields.js';
import { isLocalDate } from '../kernel/time.js';

/** From the first day to the last, both included. */
export interface Period {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

const PERIOD_DAYS_MAX = 1_830;
const DAY_MS = 86_400_000;

const isPeriod = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { from, to, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  return Object.keys(rest).length === 0 && isLocalDate(from) && isLocalDate(to) && from <= to && Date.parse(to) - Date.parse(from) < PERIOD_DAYS_MAX * DAY_MS;
};

/** `{ "from": "2026-01-01", "to": "2026-03-31" }`, both days included; at most five years. */
export const IsPeriod = (options: FieldOptions = {}): PropertyDecorator =>
  IsShape(isPeriod, 'must be { "from": calendar day, "to": the same or a later day } of five years at most', {
    type: 'object', properties: { from: { type: 'string', format: 'date', example: '2026-01-01' }, to: { type: 'string', format: 'date', example: '2026-03-31' } },
    required: ['from', 'to'], additionalProperties: false, selfRequired: !options.optional,
  }, options);

/** How many calendar months the period touches, in whole or in part. */
export const monthsTouched = ({ from, to }: Period): number => (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7)) + 1;

/** How many calendar months the period is, where it starts with the first day of one and ends with the last day of one; otherwise undefined. */
export function wholeMonths(period: Period): number | undefined {
  const dayAfter = new Date(Date.parse(period.to) + DAY_MS).toISOString().slice(0, 10);
  return period.from.endsWith('-01') && dayAfter.endsWith('-01') ? monthsTouched(period) : undefined;
}
