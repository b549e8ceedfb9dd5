import type { Instant } from '../../libs/kernel/event.js';

/*
 * Which stretches of time cover a moment? An index on their beginnings or on their ends must look at half of all history to tell.
 * So each stretch is filed under one number (a relational interval tree: Kriegel, Pötke, Seidl 2000): of the minutes it covers, the
 * one that the highest power of two divides. A stretch that covers a given minute can only be filed under one number a power,
 * and a plain B-tree finds those.
 */

const MINUTE_MS = 60_000;
/** Minutes are counted from here: before any moment that the engine takes, so that none is negative. */
const ORIGIN_MS = Date.UTC(1899, 0, 1);
/** 2^28 minutes are 510 years: beyond any moment that the engine takes. */
const LEVELS = 28;

const minuteOf = (at: Instant): number => Math.floor((Date.parse(at) - ORIGIN_MS) / MINUTE_MS);

/** The number that a stretch is filed under; `until` does not lie before `from`. */
export function fileOf(from: Instant, until: Instant): number {
  const [first, last] = [minuteOf(from), minuteOf(until)];
  for (let level = LEVELS; level >= 0; level -= 1) {
    const file = Math.floor(last / 2 ** level) * 2 ** level;
    if (file >= first) return file;
  }
  return last; // every whole number is a multiple of one
}

/** All numbers that a stretch which covers the moment can be filed under. */
export function filesAt(at: Instant): number[] {
  const minute = minuteOf(at);
  return Array.from({ length: LEVELS + 1 }, (_, level) => Math.floor(minute / 2 ** (level + 1)) * 2 ** (level + 1) + 2 ** level);
}
