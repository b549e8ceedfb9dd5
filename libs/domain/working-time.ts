import type { Instant } from '../kernel/event.js';
import { daysAfter } from '../kernel/local-time.js';
import { plusMinutes } from '../kernel/time.js';
import { addBusinessMinutes, businessMinutesBetween } from './business-hours.js';
import type { WorkCalendar } from './work-calendar.js';

/** Whether the calendar's hours are running at that moment. */
export const isWorkingTime = (at: Instant, calendar: WorkCalendar): boolean => businessMinutesBetween(at, plusMinutes(at, 1), calendar) > 0;

/** The moment itself where it lies in the calendar's hours, else when they next begin. */
export const intoWorkingTime = (at: Instant, calendar: WorkCalendar): Instant => (isWorkingTime(at, calendar) ? at : plusMinutes(addBusinessMinutes(at, 1, calendar), -1));

/** The same local time so many calendar days later in the calendar's zone, moved into its hours. */
export const daysLater = (at: Instant, days: number, calendar: WorkCalendar): Instant => intoWorkingTime(daysAfter(at, days, calendar.zone), calendar);
