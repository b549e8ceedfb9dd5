import type { LocalDate } from '../../kernel/event.js';
import type { Period } from '../../domain/period.js';

/** The calendar quarter a day lies in. */
export function quarterOf(day: LocalDate): Period {
  const year = Number(day.slice(0, 4));
  const first = Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3;
  return { from: dayText(Date.UTC(year, first, 1)), to: dayText(Date.UTC(year, first + 3, 0)) };
}

/** The quarter that ends the day before this one begins. */
export const quarterBefore = ({ from }: Period): Period => quarterOf(dayText(Date.parse(from) - 1));

/** All quarters from a day to another one, in order. */
export function quartersBetween(first: LocalDate, last: LocalDate): Period[] {
  const quarters = [quarterOf(first)];
  // Ends: each quarter starts after the one before.
  for (let next = quarterAfter(quarters[0]!); next.from <= last; next = quarterAfter(next)) quarters.push(next);
  return quarters;
}

const quarterAfter = ({ to }: Period): Period => quarterOf(dayText(Date.parse(to) + 86_400_000));
const dayText = (atMs: number): LocalDate => new Date(atMs).toISOString().slice(0, 10);
