import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';

/* Days as a wall clock and a calendar count them, read off the clocks that the platform shows: nothing in common with the engine. */

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show, as if it were UTC. */
function shownMs(ms: number, zone: string): number {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(zone, format);
  return Date.parse(`${format.format(ms).replace(' ', 'T')}Z`) + (ms % 1_000);
}

/** Days from one moment to another by the calendar and the clock on the wall of a zone. */
export const lapsedDays = (from: number, to: number, zone: string): number => (shownMs(to, zone) - shownMs(from, zone)) / DAY_MS;

/** Where a member works: by their last work calendar, else where they joined; the company's zone where they are not known. */
export function zoneOf(events: readonly Recorded<DomainEvent>[], member: string): string {
  const said = events.map(({ type, data, occurredAt }) => ({ type, occurredAt, data: data as Record<string, unknown> }));
  const own = said.filter(({ type, data }) => (type === 'MemberAdded' || type === 'WorkCalendarSet') && data['memberId'] === member);
  const calendars = own.filter(({ type }) => type === 'WorkCalendarSet').sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt));
  const zone = (calendars.at(-1) ?? own.at(-1))?.data['zone'];
  const company = said.filter(({ type, data }) => type === 'PolicySet' && 'zone' in (data['settings'] as object)).at(-1)?.data['settings'] as { zone?: string } | undefined;
  return typeof zone === 'string' ? zone : (company?.zone ?? 'UTC');
}
