import { ValidateBy, type ValidationArguments } from 'class-validator';
import { DateTime } from 'luxon';
import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { daysFrom, localDay, plusDays, startOfDay } from '../../libs/kernel/local-time.js';
import { isLocalDate } from '../../libs/kernel/time.js';

/** Days of a zone, and the instants they begin and end at; `until` is excluded. */
export interface Period {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly tz: string;
  readonly since: Instant;
  readonly until: Instant;
}

export const PERIOD_DAYS_MAX = 3_700;
const WEEK_LENGTH = '2026-W01'.length;
const MONTH_LENGTH = '2026-01'.length;
export const UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Unit = (typeof UNITS)[number];

const iso = (moment: DateTime): LocalDate => moment.toISODate()!; // days of valid periods are valid

/** The period of whole days from `from` to `to`, both included. */
export const periodOfDays = (from: LocalDate, to: LocalDate, tz: string): Period => ({ from, to, tz, since: startOfDay(from, tz), until: startOfDay(plusDays(to, 1), tz) });

/** Left out: the month of the other end, or the present month. */
export function periodFrom({ from, to }: { readonly from?: LocalDate; readonly to?: LocalDate }, now: Instant, tz: string): Period {
  const first = from ?? iso(DateTime.fromISO(to ?? localDay(now, tz), { zone: 'utc' }).startOf('month'));
  return periodOfDays(first, to ?? iso(DateTime.fromISO(first, { zone: 'utc' }).endOf('month')), tz);
}

/** The period right before; of whole months where the period is, otherwise of as many days. */
export function previousPeriod({ from, to, tz }: Period): Period {
  const first = DateTime.fromISO(from, { zone: 'utc' });
  const next = DateTime.fromISO(to, { zone: 'utc' }).plus({ days: 1 });
  if (first.day === 1 && next.day === 1) return periodOfDays(iso(first.minus({ months: Math.round(next.diff(first, 'months').months) })), plusDays(from, -1), tz);
  return periodOfDays(plusDays(from, -(daysFrom(from, to) + 1)), plusDays(from, -1), tz);
}

/** The calendar unit that holds a day, as its first day. Years and quarters start with the fiscal year. */
function unitStart(day: DateTime, unit: Unit, fiscalStartMonth: number): DateTime {
  if (unit === 'day' || unit === 'week' || unit === 'month') return day.startOf(unit);
  const shift = { months: fiscalStartMonth - 1 };
  return day.startOf('month').minus(shift).startOf(unit).plus(shift);
}

function label(start: DateTime, unit: Unit, fiscalStartMonth: number): string {
  const fiscal = fiscalStartMonth === 1 ? '' : 'FY';
  const shifted = start.minus({ months: fiscalStartMonth - 1 });
  switch (unit) {
    case 'day': return iso(start);
    case 'week': return start.toISOWeekDate()!.slice(0, WEEK_LENGTH); // a valid day has a week
    case 'month': return iso(start).slice(0, MONTH_LENGTH);
    case 'quarter': return `${fiscal}${shifted.year}-Q${shifted.quarter}`;
    case 'year': return `${fiscal}${shifted.year}`;
  }
}

/** Part of a period: a calendar unit, cut where the period begins or ends within it. A fiscal year bears the number of the year it starts in. */
export interface Part extends Period {
  readonly label: string;
}

/** The calendar units of a period, in order. */
export function partsOf({ from, to, tz }: Period, unit: Unit, fiscalStartMonth = 1): Part[] {
  const parts: Part[] = [];
  let start = unitStart(DateTime.fromISO(from, { zone: 'utc' }), unit, fiscalStartMonth);
  for (let count = 0; count <= PERIOD_DAYS_MAX && iso(start) <= to; count += 1) {
    const next = start.plus(unit === 'quarter' ? { months: 3 } : { [`${unit}s`]: 1 });
    const first = iso(start) < from ? from : iso(start);
    const last = plusDays(iso(next), -1);
    parts.push({ ...periodOfDays(first, last > to ? to : last, tz), label: label(start, unit, fiscalStartMonth) });
    start = next;
  }
  return parts;
}

/** The last day of a period: not before `from`, and less than `daysMax` after it. */
export const EndsPeriod = (daysMax = PERIOD_DAYS_MAX): PropertyDecorator =>
  ValidateBy({
    name: 'endsPeriod',
    validator: {
      validate: (to: unknown, args?: ValidationArguments) => {
        const from: unknown = args && Reflect.get(args.object, 'from');
        if (!isLocalDate(to) || !isLocalDate(from)) return true; // another check names it
        const days = daysFrom(from, to);
        return days >= 0 && days < daysMax;
      },
      defaultMessage: () => (daysMax === Infinity ? 'to must not lie before from' : `to must not lie before from, nor ${daysMax} days or more after it`),
    },
  });

/** A report of more groups than this is one nobody reads and everybody waits for. */
export const PARTS_MAX = 400;
const UNIT_DAYS_MIN: Readonly<Record<Unit, number>> = { day: 1, week: 7, month: 28, quarter: 90, year: 365 };
export const isUnitName = (value: unknown): value is Unit => UNITS.some((unit) => unit === value);

/** What a period is grouped by: no unit of which it has more than PARTS_MAX. */
export const MakesFewParts = (): PropertyDecorator =>
  ValidateBy({
    name: 'makesFewParts',
    validator: {
      validate: (group: unknown, args?: ValidationArguments) => {
        const [from, to]: unknown[] = [args && Reflect.get(args.object, 'from'), args && Reflect.get(args.object, 'to')];
        return !isUnitName(group) || !isLocalDate(from) || !isLocalDate(to) || daysFrom(from, to) / UNIT_DAYS_MIN[group] < PARTS_MAX;
      },
      defaultMessage: (args) => `groupBy ${args?.value} makes more than ${PARTS_MAX} groups of this period; ask for a shorter one`,
    },
  });

/** Half of a pair of parameters: says nothing without the other. */
export const GoesWith = (other: string): PropertyDecorator =>
  ValidateBy({
    name: 'goesWith',
    validator: {
      validate: (_: unknown, args?: ValidationArguments) => args !== undefined && Reflect.get(args.object, other) !== undefined,
      defaultMessage: (args) => `${args?.property} needs ${other} beside it`,
    },
  });
