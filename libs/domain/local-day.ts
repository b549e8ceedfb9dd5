import { DateTime } from 'luxon';
import type { Instant, LocalDate } from '../kernel/event.js';

/** The moment a calendar day is over in a zone: its last midnight, daylight saving heeded. */
export const endOfDay = (day: LocalDate, zone: string): Instant => DateTime.fromISO(day, { zone }).plus({ days: 1 }).startOf('day').toJSDate().toISOString();
