import type { Instant, LocalDate } from '../kernel/event.js';
import { atWallClock, localDay } from '../kernel/local-time.js';
import type { WorkCalendar, WorkHours } from './work-calendar.js';

/** Ten years: no interval is followed further, however few hours a calendar has. */
const SPAN_DAYS_MAX = 3_660;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Milliseconds, `until` excluded. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * The instant that is `minutes` of the calendar's business hours after `at`. From outside the hours, counting starts when they next begin;
 * a count that ends with a day's hours ends there, not the next morning. 0 is `at` itself.
 * Where the calendar has too few hours, the answer is the end of the ten years looked through.
 */
export function addBusinessMinutes(at: Instant, minutes: number, calendar: WorkCalendar): Instant {
  if (minutes <= 0) return at;
  const start = Date.parse(at);
  let leftMs = minutes * MINUTE_MS;
  for (const { from, until } of workSpans(start, calendar)) {
    const begin = Math.max(from, start);
    if (until - begin >= leftMs) return new Date(begin + leftMs).toISOString();
    leftMs -= Math.max(0, until - begin);
  }
  return new Date(start + SPAN_DAYS_MAX * DAY_MS).toISOString();
}

/** Whole minutes of the calendar's business hours from `a` to `b`; 0 when `b` is not after `a`; at most those of ten years. */
export function businessMinutesBetween(a: Instant, b: Instant, calendar: WorkCalendar): number {
  const start = Date.parse(a);
  const end = Date.parse(b);
  let sumMs = 0;
  for (const { from, until } of workSpans(start, calendar)) {
    if (from >= end) break;
    sumMs += Math.max(0, Math.min(until, end) - Math.max(from, start));
  }
  return Math.floor(sumMs / MINUTE_MS);
}

/** The hours worked on each working day from the day of `start` on, in order. */
function* workSpans(start: number, { zone, weekdays, hours, holidays }: WorkCalendar): Generator<Span> {
  const closed = new Set<LocalDate>(holidays);
  const firstDay = Date.parse(localDay(new Date(start).toISOString(), zone)) / DAY_MS;
  for (let days = 0; days < SPAN_DAYS_MAX; days += 1) {
    const date = new Date((firstDay + days) * DAY_MS);
    const isoWeekday = date.getUTCDay() || 7;
    if (!weekdays.includes(isoWeekday) || closed.has(date.toISOString().slice(0, 10))) continue;
    yield hoursOfDay(firstDay + days, hours, zone);
  }
}

/** From when to when hours of the day are on one day of a zone; `day` counts the days since the first of 1970. */
export function hoursOfDay(day: number, { from, to }: WorkHours, zone: string): Span {
  return { from: atWallClock(day * DAY_MS + timeOfDayMs(from), zone), until: atWallClock(day * DAY_MS + timeOfDayMs(to), zone) };
}

const timeOfDayMs = (time: string): number => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE_MS;
