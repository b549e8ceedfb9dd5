import { DateTime } from 'luxon';
import type { LocalDate } from '../../libs/kernel/event.js';
import { plusDays } from '../../libs/kernel/local-time.js';

const DAY_MS = 86_400_000;
/** The longest period a target can have is five years; nothing is counted further. */
const PERIOD_DAYS_MAX = 1_830;

/** Working days from a day on. */
export interface WorkingDays {
  /** First day it holds for; null: since ever. */
  readonly from: LocalDate | null;
  readonly weekdays: readonly number[];
  readonly holidays: readonly LocalDate[];
}

export interface PlanPeriod {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** How a target is spread over the days of its period. */
export interface PlanCurve {
  readonly days: readonly LocalDate[];
  /** Whether people work on each day. */
  readonly working: readonly boolean[];
  /** Weight of each day: 1 a working day without a seasonal curve. */
  readonly weights: readonly number[];
}

const dayAt = (ms: number): LocalDate => new Date(ms).toISOString().slice(0, 10);
const isoWeekday = (ms: number): number => new Date(ms).getUTCDay() || 7;
const monthOf = (day: LocalDate): string => day.slice(0, 7);

/** Later versions come later in `calendars`; a day before the first version has the first. */
function worksOn(ms: number, day: LocalDate, calendars: readonly WorkingDays[]): boolean {
  const calendar = calendars.findLast(({ from }) => from === null || from <= day) ?? calendars[0];
  return calendar !== undefined && calendar.weekdays.includes(isoWeekday(ms)) && !calendar.holidays.includes(day);
}

/**
 * Spreads a period over its days: evenly over the working days, or by a weight for each calendar month that the period
 * touches, evenly over that month's working days within the period. A month without a working day spreads over all its days.
 */
export function planCurve({ from, to }: PlanPeriod, calendars: readonly WorkingDays[], monthWeights: readonly number[] | undefined): PlanCurve {
  const days: LocalDate[] = [];
  const working: boolean[] = [];
  const last = Date.parse(to);
  for (let ms = Date.parse(from); ms <= last && days.length < PERIOD_DAYS_MAX; ms += DAY_MS) {
    const day = dayAt(ms);
    days.push(day);
    working.push(worksOn(ms, day, calendars));
  }
  if (!monthWeights) return { days, working, weights: working.map(Number) };
  const months = [...new Set(days.map(monthOf))];
  const counts = new Map(months.map((month) => [month, { all: 0, working: 0 }]));
  days.forEach((day, index) => {
    const count = counts.get(monthOf(day))!; // every day's month is there
    count.all += 1;
    if (working[index]) count.working += 1;
  });
  const weights = days.map((day, index) => {
    const count = counts.get(monthOf(day))!; // every day's month is there
    const weight = monthWeights[months.indexOf(monthOf(day))] ?? 0;
    return count.working === 0 ? weight / count.all : working[index] ? weight / count.working : 0;
  });
  return { days, working, weights };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Where a period stands on a day. A day has elapsed when it is over: today is among the remaining ones. */
export interface Progress {
  readonly elapsedDays: number;
  readonly remainingDays: number;
  readonly totalDays: number;
  /** Share of the plan that is over: `elapsed` of `total`; both in working days where there is no seasonal curve. */
  readonly elapsed: number;
  readonly total: number;
}

export function progressOn({ days, working, weights }: PlanCurve, today: LocalDate): Progress {
  const over = days.filter((day) => day < today).length;
  const elapsedDays = working.slice(0, over).filter(Boolean).length;
  const totalDays = working.filter(Boolean).length;
  const total = sum(weights);
  return { elapsedDays, remainingDays: totalDays - elapsedDays, totalDays, elapsed: over === days.length ? total : sum(weights.slice(0, over)), total };
}

/** Share of the plan up to the end of a day, as weight of the curve. */
export const plannedUntil = ({ days, weights }: PlanCurve, day: LocalDate): number => sum(weights.filter((_, index) => days[index]! <= day));

/** The checkpoints of a period: the last day of each calendar month, or of each week (Sunday) where it touches one month only; always its last day. */
export function checkpoints({ days }: PlanCurve): LocalDate[] {
  const oneMonth = monthOf(days[0]!) === monthOf(days.at(-1)!); // a period has a day
  return days.filter((day, index) => index === days.length - 1 || (oneMonth ? isoWeekday(Date.parse(day)) === 7 : monthOf(days[index + 1]!) !== monthOf(day)));
}

/** The period before: as many months earlier where it is whole months, otherwise the same number of days before. */
export function periodBefore({ from, to }: PlanPeriod): PlanPeriod {
  const before = plusDays(from, -1);
  const months = from.endsWith('-01') && plusDays(to, 1).endsWith('-01') ? (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7)) + 1 : 0;
  if (months > 0) return { from: DateTime.fromISO(from, { zone: 'utc' }).minus({ months }).toISODate()!, to: before }; // a valid day gives a day
  return { from: plusDays(from, -(Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1)), to: before };
}
