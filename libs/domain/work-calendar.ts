import { ArrayMaxSize, ArrayMinSize } from 'class-validator';
import type { LocalDate } from '../kernel/event.js';
import { IsShape, type FieldOptions } from '../kernel/fields.js';
import { isLocalDate } from '../kernel/time.js';

/** From an hour of the day to a later one, `HH:mm` on the wall clock of the calendar's zone; `24:00` is the end of the day. */
export interface WorkHours {
  readonly from: string;
  readonly to: string;
}

/** When work is done: the ISO weekdays (1 = Monday) and hours of a zone, less its holidays. */
export interface WorkCalendar {
  readonly zone: string;
  readonly weekdays: readonly number[];
  readonly hours: WorkHours;
  readonly holidays: readonly LocalDate[];
}

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const HOLIDAYS_MAX = 1_000;

const isWorkHours = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { from, to, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  return Object.keys(rest).length === 0 && typeof from === 'string' && TIME_OF_DAY.test(from) && typeof to === 'string' && (TIME_OF_DAY.test(to) || to === '24:00') && from < to;
};

const isWeekdays = (value: unknown): boolean =>
  Array.isArray(value) && new Set(value).size === value.length && value.every((day) => Number.isInteger(day) && Number(day) >= 1 && Number(day) <= 7);

const isHolidays = (value: unknown): boolean => Array.isArray(value) && new Set(value).size === value.length && value.every(isLocalDate);

const all = (...decorators: PropertyDecorator[]): PropertyDecorator => (target, key) => {
  for (const decorate of decorators) decorate(target, key);
};

/** `{ "from": "09:00", "to": "17:00" }` within one day. */
export const IsWorkHours = (options: FieldOptions = {}): PropertyDecorator =>
  IsShape(isWorkHours, 'must be { "from": HH:mm, "to": a later HH:mm, 24:00 at most }', {
    type: 'object', properties: { from: { type: 'string', example: '09:00' }, to: { type: 'string', example: '17:00' } }, required: ['from', 'to'], additionalProperties: false, selfRequired: !options.optional,
  }, options);

/** ISO weekdays, 1 = Monday, each once. */
export const IsWeekdays = (options: FieldOptions = {}): PropertyDecorator =>
  all(IsShape(isWeekdays, 'must list ISO weekdays, 1 (Monday) to 7, each once', { type: 'array', items: { type: 'integer', minimum: 1, maximum: 7 }, minItems: 1, maxItems: 7 }, options), ArrayMinSize(1));

/** Days on which nobody works, each once. */
export const IsHolidays = (options: FieldOptions = {}): PropertyDecorator =>
  all(IsShape(isHolidays, 'must list calendar days, such as 2026-12-25, each once', { type: 'array', items: { type: 'string', format: 'date' }, maxItems: HOLIDAYS_MAX }, options), ArrayMaxSize(HOLIDAYS_MAX));

/** The one spelling of a list whose order says nothing: two callers who mean the same send the same. */
export const inOrder = <T extends number | string>(items: readonly T[]): T[] => [...items].sort((a, b) => (a < b ? -1 : Number(a > b)));

/** Whether two lists hold the same items, in whatever order. */
export const sameItems = <T extends number | string>(a: readonly T[], b: readonly T[]): boolean => JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
