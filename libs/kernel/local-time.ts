import { IANAZone } from 'luxon';
import type { Instant, LocalDate } from './event.js';

/*
 * The one place that says which calendar day a moment falls on in a zone, when a day begins, and when its clocks show a time.
 * Reports, rules, deciders and read models all ask here; SQL gets the moments worked out here and knows no zones.
 */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAY_LENGTH = '2026-01-01'.length;
/** Halving the widest gap there ever was, a whole day, comes down to one millisecond in 28 steps. */
const SEARCH_STEPS_MAX = 40;
/** Asking a zone is dear, and the same days are asked for again and again. */
const STARTS_REMEMBERED_MAX = 50_000;

const starts = new Map<string, number>();

/** Milliseconds that a zone's clocks are ahead of UTC at a moment. */
const offsetMs = (zone: IANAZone, at: number): number => Math.round(zone.offset(at) * MINUTE_MS);

const isoDay = (ms: number): LocalDate => new Date(ms).toISOString().slice(0, DAY_LENGTH);

/** The calendar day so many days later; earlier where negative. Whole days. */
export const plusDays = (day: LocalDate, days: number): LocalDate => isoDay(Date.parse(day) + days * DAY_MS);

/** How many days the second lies after the first. */
export const daysFrom = (from: LocalDate, to: LocalDate): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/**
 * The calendar day that a moment falls on in a zone. Days follow each other without a gap: each ends where the next begins.
 * Where clocks go back over midnight, the day begins for good when they show it for the last time.
 */
export function localDay(at: Instant, zone: string): LocalDate {
  const ms = Date.parse(at);
  const shown = isoDay(ms + offsetMs(IANAZone.create(zone), ms));
  return ms < startMs(shown, zone) ? plusDays(shown, -1) : shown;
}

/**
 * The moment a calendar day begins in a zone: from then on its clocks never again show an earlier day. Where midnight is skipped, the moment
 * they go on; where it comes twice on the same day, the first; a day that a zone has skipped begins, and ends, where the next begins.
 */
export const startOfDay = (day: LocalDate, zone: string): Instant => new Date(startMs(day, zone)).toISOString();

/** The moment a calendar day is over in a zone: when the next begins. */
export const endOfDay = (day: LocalDate, zone: string): Instant => startOfDay(plusDays(day, 1), zone);

function startMs(day: LocalDate, zoneName: string): number {
  const key = `${zoneName} ${day}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const found = startOn(Date.parse(day), IANAZone.create(zoneName));
  if (starts.size >= STARTS_REMEMBERED_MAX) starts.clear();
  starts.set(key, found);
  return found;
}

function startOn(midnight: number, zone: IANAZone): number {
  const [before, after] = [offsetMs(zone, midnight - DAY_MS), offsetMs(zone, midnight + DAY_MS)];
  if (before === after) return midnight - after;
  const change = clockChangeBetween(midnight - DAY_MS, midnight + DAY_MS, zone);
  return change < midnight - after ? midnight - after : Math.min(change, midnight - before);
}

/**
 * When the clocks of a zone show `wall` (a wall-clock time written as if it were UTC): the first time, where they show it twice;
 * where they skip it, the moment they go on.
 */
export function atWallClock(wall: number, zoneName: string): number {
  const zone = IANAZone.create(zoneName);
  const candidates = [offsetMs(zone, wall - DAY_MS), offsetMs(zone, wall + DAY_MS)].map((offset) => ({ at: wall - offset, offset }));
  const shown = candidates.filter(({ at, offset }) => offsetMs(zone, at) === offset).map(({ at }) => at);
  if (shown.length > 0) return Math.min(...shown);
  const [late, early] = candidates.map(({ at }) => at) as [number, number]; // mapped from a list of two
  return clockChangeBetween(Math.min(early, late), Math.max(early, late), zone);
}

/**
 * The same time of day so many calendar days later in a zone, earlier where negative: days are as long as the calendar has them.
 * A fraction of a day is hours: that much of 24. Of a time that the clocks show twice on that day the first; of one they skip, the moment they go on.
 */
export function daysAfter(at: Instant, days: number, zoneName: string): Instant {
  const whole = Math.trunc(days);
  const ms = Date.parse(at);
  const there = whole === 0 ? ms : atWallClock(ms + offsetMs(IANAZone.create(zoneName), ms) + whole * DAY_MS, zoneName);
  return new Date(there + Math.round((days - whole) * DAY_MS)).toISOString();
}

/** The first millisecond of the new offset, by halving. */
function clockChangeBetween(before: number, after: number, zone: IANAZone): number {
  let low = before;
  let high = after;
  const old = offsetMs(zone, low);
  for (let step = 0; step < SEARCH_STEPS_MAX && high - low > 1; step += 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(zone, middle) === old) low = middle;
    else high = middle;
  }
  return high;
}

/** From a moment on, the clocks of a zone are so many seconds ahead of UTC. */
export interface ClockChange {
  readonly at: Instant;
  readonly offsetSeconds: number;
}

/** No zone changes its clocks twice within so short a time; Morocco's month of Ramadan is the shortest known. */
const CHANGE_STEP_MS = 7 * DAY_MS;
const YEARS_REMEMBERED_MAX = 5_000;
const changesByYear = new Map<string, readonly ClockChange[]>();

/**
 * What a zone's clocks show from one moment to another, for statements that cut many moments into days: the first entry holds at `from`, the last at
 * `until`. A moment plus the seconds of the last entry at or before it falls on exactly the day that `localDay` says.
 */
export function clockChanges(zoneName: string, from: Instant, until: Instant): readonly ClockChange[] {
  const changes: ClockChange[] = [];
  for (let year = Number(from.slice(0, 4)) - 1; year <= Number(until.slice(0, 4)) + 1; year += 1) changes.push(...changesOf(zoneName, year));
  const first = { at: new Date(Date.UTC(Number(from.slice(0, 4)) - 1, 0, 1)).toISOString() };
  return [{ ...first, offsetSeconds: offsetMs(IANAZone.create(zoneName), Date.parse(first.at)) / 1_000 }, ...changes];
}

function changesOf(zoneName: string, year: number): readonly ClockChange[] {
  const key = `${zoneName} ${year}`;
  const known = changesByYear.get(key);
  if (known) return known;
  const zone = IANAZone.create(zoneName);
  const changes: ClockChange[] = [];
  const end = Date.UTC(year + 1, 0, 1);
  for (let at = Date.UTC(year, 0, 1); at < end; at += CHANGE_STEP_MS) {
    const next = Math.min(at + CHANGE_STEP_MS, end);
    const [before, after] = [offsetMs(zone, at), offsetMs(zone, next)];
    if (before !== after) changes.push({ at: countsFrom(clockChangeBetween(at, next, zone), before, after), offsetSeconds: after / 1_000 });
  }
  if (changesByYear.size >= YEARS_REMEMBERED_MAX) changesByYear.clear();
  changesByYear.set(key, changes);
  return changes;
}

/** Where clocks go back over midnight, the minutes they had shown of the new day belong to the day before, as `startOfDay` has it. */
function countsFrom(change: number, before: number, after: number): Instant {
  const shown = Math.floor((change - 1 + before) / DAY_MS);
  const again = Math.floor((change + after) / DAY_MS);
  return new Date(again < shown ? shown * DAY_MS - before : change).toISOString();
}
