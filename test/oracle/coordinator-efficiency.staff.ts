import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';

/*
 * Who was who and who worked when, counted quarter by quarter of an hour on the clocks of each zone: slow, and without
 * a line in common with the engine, its tables or its business hours.
 */

const QUARTER_MS = 15 * 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, { day: string; time: string; weekday: number }>();

/** Day, time of day and ISO weekday that the clocks of a zone show. */
export function clockAt(ms: number, zone: string): { day: string; time: string; weekday: number } {
  const key = `${zone}${ms}`;
  const found = known.get(key);
  if (found) return found;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(zone, format);
  const [day, time] = format.format(ms).split(' ') as [string, string]; // "2026-03-29 03:00"
  const shown = { day, time, weekday: new Date(`${day}T00:00:00Z`).getUTCDay() || 7 };
  known.set(key, shown);
  return shown;
}

/** The first quarter of an hour of a day, and the first after it. */
export function boundsOf(day: string, zone: string): { begin: number; end: number } {
  let begin = Date.parse(`${day}T00:00:00Z`) - 96 * QUARTER_MS;
  while (clockAt(begin, zone).day < day) begin += QUARTER_MS;
  let end = begin;
  while (clockAt(end, zone).day === day) end += QUARTER_MS;
  return { begin, end };
}

interface Hours { zone: string; weekdays: readonly number[]; from: string; to: string; holidays: readonly string[] }
export interface Standing { role: string; team: string | null; region: string | null }

type Event = Recorded<DomainEvent & { data: any }>; // eslint-disable-line @typescript-eslint/no-explicit-any -- plain events, read by hand
const ABOUT_STAFF = new Set(['MemberAdded', 'RoleChanged', 'MemberMovedToTeam', 'MemberOffboarded', 'WorkCalendarSet', 'CapacitySet', 'AbsenceRecorded', 'PolicySet']);

/** Everything the log says of the staff. */
export class Staff {
  private readonly events: readonly Event[];

  constructor(events: readonly Event[]) {
    this.events = events.filter(({ type }) => ABOUT_STAFF.has(type));
  }

  /** Changes of a kind in the order they took effect; of one moment, as they were told. */
  #changes(types: readonly string[], member: string | undefined) {
    return this.events.filter(({ type, data }) => types.includes(type) && data.memberId === member).sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt));
  }

  get members(): string[] {
    return [...new Set(this.events.filter(({ type }) => type === 'MemberAdded').map(({ data }) => String(data.memberId)))];
  }

  standing(member: string | null, at: number): Standing {
    const standing: Standing = { role: 'unknown', team: null, region: null };
    if (member === null) return standing;
    this.#changes(['MemberAdded', 'RoleChanged', 'MemberMovedToTeam'], member).forEach(({ data, occurredAt }, index) => {
      if (index > 0 && Date.parse(occurredAt) > at) return;
      standing.role = data.role ?? standing.role;
      standing.team = data.teamId ?? standing.team;
      standing.region = data.region ?? standing.region;
    });
    return standing;
  }

  capacity(member: string, at: number): number | null {
    let capacity: number | null = null;
    this.#changes(['CapacitySet'], member).forEach(({ data, occurredAt }, index) => {
      if (index === 0 || Date.parse(occurredAt) <= at) capacity = data.openItemsMax;
    });
    return capacity;
  }

  away(member: string, day: string): boolean {
    return this.events.some(({ type, data }) => type === 'AbsenceRecorded' && data.memberId === member && data.firstDay <= day && day <= data.lastDay);
  }

  /** Whoever has left carries no work any more. */
  hasLeft(member: string, at: number): boolean {
    return this.events.some(({ type, data }) => type === 'MemberOffboarded' && data.memberId === member && Date.parse(data.leftAt) <= at);
  }

  #hours(member: string | null, at: number): Hours {
    const own = member === null ? [] : this.#changes(['WorkCalendarSet'], member);
    const company = this.#changes(['PolicySet'], undefined);
    let hours: Hours = { zone: 'UTC', weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', holidays: [] };
    (own.length > 0 ? own : company).forEach(({ type, data, occurredAt }, index) => {
      if (index > 0 && Date.parse(occurredAt) > at) return;
      if (type === 'WorkCalendarSet') hours = { zone: data.zone, weekdays: data.weekdays, from: data.hours.from, to: data.hours.to, holidays: data.holidays };
      else hours = { ...hours, ...(data.settings.zone && { zone: data.settings.zone }), ...(data.settings.businessHours && data.settings.businessHours), ...(data.settings.businessDays && { weekdays: data.settings.businessDays }), ...(data.settings.holidays && { holidays: data.settings.holidays }) };
    });
    const [joined] = member === null || own.length > 0 ? [] : this.#changes(['MemberAdded'], member);
    return joined ? { ...hours, zone: joined.data.zone } : hours;
  }

  /** Minutes of business hours, adding quarters of an hour one by one. */
  businessMinutes(member: string | null, from: number, to: number): number {
    let sumMs = 0;
    let hours = this.#hours(member, from);
    const changes = this.events.filter(({ type }) => type === 'WorkCalendarSet' || type === 'PolicySet').map(({ occurredAt }) => Date.parse(occurredAt));
    for (let at = from, next = from; at < to; at = next) {
      next = Math.min(to, (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS, ...changes.filter((change) => change > at));
      if (changes.includes(at)) hours = this.#hours(member, at);
      const { day, time, weekday } = clockAt(Math.floor(at / QUARTER_MS) * QUARTER_MS, hours.zone);
      if (hours.weekdays.includes(weekday) && !hours.holidays.includes(day) && hours.from <= time && time < hours.to) sumMs += next - at;
    }
    return Math.floor(sumMs / 60_000);
  }
}
