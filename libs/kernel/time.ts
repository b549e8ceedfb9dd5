import { DateTime, IANAZone } from 'luxon';
import type { Instant, LocalDate } from './event.js';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Outside of these years a day or moment is a slip of the pen, and stores and sort orders differ on it. */
const YEAR_MIN = 1900;
const YEAR_MAX = 2200;
const zones = new Map<string, boolean>();
/** Bounds the memory that made-up zone names can take. */
const ZONES_REMEMBERED_MAX = 1_000;

/** The moment in the one spelling that is stored (UTC, milliseconds), or undefined where it is none. The offset is required. */
export function parseInstant(value: unknown): Instant | undefined {
  if (typeof value !== 'string' || !INSTANT.test(value)) return undefined;
  const parsed = DateTime.fromISO(value, { zone: 'utc' });
  return isWithinYears(parsed) ? parsed.toJSDate().toISOString() : undefined;
}

export const isLocalDate = (value: unknown): value is LocalDate => typeof value === 'string' && DAY.test(value) && isWithinYears(DateTime.fromISO(value, { zone: 'utc' }));

const isWithinYears = (parsed: DateTime): boolean => parsed.isValid && parsed.year >= YEAR_MIN && parsed.year <= YEAR_MAX;

export function isZone(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 64) return false;
  const known = zones.get(value);
  if (known !== undefined) return known;
  // Luxon also takes fixed offsets and "local": neither is a place whose clocks change.
  const valid = /^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/.test(value) && IANAZone.isValidZone(value);
  if (zones.size < ZONES_REMEMBERED_MAX) zones.set(value, valid);
  return valid;
}

/** The last millisecond of a calendar day in a zone. Where the clocks go back over midnight, the day ends at the first of the two. */
export function lastInstantOf(day: LocalDate, zone: string): Instant {
  const next = DateTime.fromISO(day, { zone }).plus({ days: 1 }).startOf('day');
  const goneBackMinutes = next.minus({ hours: 3 }).offset - next.offset;
  const first = goneBackMinutes > 0 ? next.minus({ minutes: goneBackMinutes }) : next;
  const end = first.toISODate() === next.toISODate() ? first : next;
  return new Date(end.toMillis() - 1).toISOString();
}

/** The instant `minutes` later (earlier when negative), in elapsed time. */
export const plusMinutes = (at: Instant, minutes: number): Instant => new Date(Date.parse(at) + minutes * 60_000).toISOString();
