import { IANAZone } from 'luxon';
import type { LocalDate } from '../../kernel/event.js';
import type { Random } from '../random.js';

const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** The longest that anyone of the company is away in one go, and a margin. */
const DAYS_LOOKED_THROUGH_MAX = 60;
/** People do not all start at the stroke of the hour. */
const WARM_UP_MINUTES_MAX = 50;

/** Days are whole numbers: days since 1970-01-01 on the calendar of a zone. */
export const dateOf = (day: number): LocalDate => new Date(day * DAY_MS).toISOString().slice(0, 10);
export const isoWeekday = (day: number): number => ((day + 3) % 7) + 1;

export interface Absence {
  readonly firstDay: number;
  readonly lastDay: number;
}

/** When somebody works. */
export interface WorkPattern {
  readonly zone: string;
  readonly weekdays: readonly number[];
  /** Minutes after midnight, by the clock on the wall. */
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly holidays: ReadonlySet<LocalDate>;
  readonly absences: readonly Absence[];
}

const offsets = new Map<string, number>();
/** Zones times days of the longest simulation. */
const OFFSETS_REMEMBERED_MAX = 50_000;

/** Minutes that the zone is ahead of UTC at noon of a day: clocks change at night, outside of all hours worked here. */
function offsetMinutes(zone: string, day: number): number {
  const key = `${zone} ${day}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offset = IANAZone.create(zone).offset(day * DAY_MS + DAY_MS / 2);
  if (offsets.size >= OFFSETS_REMEMBERED_MAX) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** The day that a zone's calendar shows at a moment. */
export function dayAt(zone: string, atMs: number): number {
  const utcDay = Math.floor(atMs / DAY_MS);
  return Math.floor((atMs + offsetMinutes(zone, utcDay) * MINUTE_MS) / DAY_MS);
}

/** The moment when a zone's clocks show a minute of a day. */
export const momentOf = (zone: string, day: number, minute: number): number => day * DAY_MS + (minute - offsetMinutes(zone, day)) * MINUTE_MS;

const isAway = (absences: readonly Absence[], day: number): boolean => absences.some(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);

export const worksOn = (pattern: WorkPattern, day: number): boolean =>
  pattern.weekdays.includes(isoWeekday(day)) && !pattern.holidays.has(dateOf(day)) && !isAway(pattern.absences, day);

/** The moment itself where somebody is at work then, else soon after they next start. */
export function nextAtWork(pattern: WorkPattern, atMs: number, random: Random): number {
  const first = dayAt(pattern.zone, atMs);
  for (let day = first; day < first + DAYS_LOOKED_THROUGH_MAX; day += 1) {
    if (!worksOn(pattern, day)) continue;
    const from = momentOf(pattern.zone, day, pattern.fromMinute);
    if (atMs <= from) return from + random.next() * WARM_UP_MINUTES_MAX * MINUTE_MS;
    if (atMs < momentOf(pattern.zone, day, pattern.toMinute)) return atMs;
  }
  return atMs + DAY_MS;
}

/** A quarter of an hour on somebody's next working day, `days` calendar days from a moment or later. */
export function slotAfterDays(pattern: WorkPattern, atMs: number, days: number, random: Random): number {
  const first = dayAt(pattern.zone, atMs) + Math.max(1, Math.round(days));
  const lastStart = pattern.toMinute - 60;
  const minute = pattern.fromMinute + 15 * random.whole(1, Math.floor((lastStart - pattern.fromMinute) / 15));
  for (let day = first; day < first + DAYS_LOOKED_THROUGH_MAX; day += 1) if (worksOn(pattern, day)) return momentOf(pattern.zone, day, minute);
  return momentOf(pattern.zone, first, minute);
}
