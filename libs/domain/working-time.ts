import { DateTime } from 'luxon';
import type { Instant, LocalDate } from '../kernel/event.js';
import { plusMinutes } from '../kernel/time.js';
import { addBusinessMinutes, businessMinutesBetween } from './business-hours.js';
import type { WorkCalendar } from './work-calendar.js';

const DAY_MINUTES = 1_440;

/** Whether the calendar's hours are running at that moment. */
export const isWorkingTime = (at: Instant, calendar: WorkCalendar): boolean => businessMinutesBetween(at, plusMinutes(at, 1), calendar) > 0;

/** The moment itself where it lies in the calendar's hours, else when they next begin. */
export const intoWorkingTime = (at: Instant, calendar: WorkCalendar): Instant => (isWorkingTime(at, calendar) ? at : plusMinutes(addBusinessMinutes(at, 1, calendar), -1));

/** So many days of 24 hours later, moved into the calendar's hours. */
export const daysLater = (at: Instant, days: number, calendar: WorkCalendar): Instant => intoWorkingTime(plusMinutes(at, Math.round(days * DAY_MINUTES)), calendar);

/** The calendar day of a moment in a zone. */
export const localDay = (at: Instant, zone: string): LocalDate => DateTime.fromISO(at, { zone }).toFormat('yyyy-MM-dd');
