import { DateTime, IANAZone } from 'luxon';
import type { Instant, LocalDate } from './event.js';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const zones = new Map<string, boolean>();
/** Bounds the memory that made-up zone names can take. */
const ZONES_REMEMBERED_MAX = 1_000;

/** The moment in the one spelling that is stored (UTC, milliseconds), or undefined where it is none. The offset is required. */
export function parseInstant(value: unknown): Instant | undefined {
  if (typeof value !== 'string' || !INSTANT.test(value)) return undefined;
  const parsed = DateTime.fromISO(value, { zone: 'utc' });
  return parsed.isValid && parsed.year >= 1900 && parsed.year <= 2200 ? parsed.toJSDate().toISOString() : undefined;
}

export const isLocalDate = (value: unknown): value is LocalDate => typeof value === 'string' && DAY.test(value) && DateTime.fromISO(value, { zone: 'utc' }).isValid;

export function isZone(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 64) return false;
  const known = zones.get(value);
  if (known !== undefined) return known;
  // Luxon also takes fixed offsets and "local": neither is a place whose clocks change.
  const valid = /^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/.test(value) && IANAZone.isValidZone(value);
  if (zones.size < ZONES_REMEMBERED_MAX) zones.set(value, valid);
  return valid;
}

/** The instant `minutes` later (earlier when negative), in elapsed time. */
export const plusMinutes = (at: Instant, minutes: number): Instant => new Date(Date.parse(at) + minutes * 60_000).toISOString();
