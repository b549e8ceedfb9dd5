import ical, { ICalEventStatus } from 'ical-generator';
import { DateTime } from 'luxon';
import type { Instant } from '../kernel/event.js';
import { vtimezone } from './vtimezone.js';

/** How often calendars are told to look again. */
export const REFRESH_SECONDS = 900;
const PRODUCT = { company: 'Pipeledger', product: 'Calendar', language: 'EN' };
/** Zones are told from before the first meeting on: it may start on the very day the clocks change. */
const ZONE_MARGIN_MS = 8 * 86_400_000;

/** A meeting as its member's calendar shows it. */
export interface FeedMeeting {
  readonly meetingId: string;
  readonly cancelled: boolean;
  readonly title: string;
  readonly location: string | null;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly zone: string;
  readonly about: string;
  readonly with: readonly string[];
  readonly sequence: number;
  readonly plannedAt: Instant;
  readonly changedAt: Instant;
}

/** Text may hold line ends and tabs, but no other control characters (RFC 5545, 3.3.11). */
const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');

/** A member's meetings as an iCalendar file (RFC 5545). The same meetings always give the same file. */
export function calendarFile(memberId: string, meetings: readonly FeedMeeting[]): string {
  const starts = meetings.map(({ startsAt }) => Date.parse(startsAt));
  const ends = meetings.map(({ endsAt }) => Date.parse(endsAt));
  const [fromMs, untilMs] = [Math.min(...starts) - ZONE_MARGIN_MS, Math.max(...ends)];
  const file = ical({ name: `Meetings of ${memberId}`, prodId: PRODUCT, ttl: REFRESH_SECONDS, timezone: { name: null, generator: (zone) => vtimezone(zone, fromMs, untilMs) } });
  for (const { meetingId, cancelled, title, location, startsAt, endsAt, zone, about, with: others, sequence, plannedAt, changedAt } of meetings) {
    const description = [`About ${about}.`, ...(others.length > 0 ? [`With ${others.join(', ')}.`] : [])].join('\n');
    const event = file.createEvent({
      id: `meeting-${meetingId}@pipeledger`, sequence, status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      start: DateTime.fromISO(startsAt, { zone, locale: 'en' }), end: DateTime.fromISO(endsAt, { zone, locale: 'en' }), timezone: zone, summary: printable(title), description,
      stamp: new Date(changedAt), created: new Date(plannedAt), lastModified: new Date(changedAt),
    });
    if (location) event.location(printable(location));
  }
  return `${file.toString()}\r\n`; // each line ends with one (3.1), the last as well
}
