import { hoursOfDay, type Span } from '../../libs/domain/business-hours.js';
import { companyCalendar, DEFAULT_SETTINGS } from '../../libs/domain/policy/facts.js';
import type { WorkCalendar } from '../../libs/domain/work-calendar.js';
import type { Instant } from '../../libs/kernel/event.js';
import type { ReportView } from '../../libs/kernel/report.js';
import { by } from './stats.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** No interval is followed further than ten years, as in the business hours of the domain. */
const SPAN_DAYS_MAX = 3_660;
const BLOCK_DAYS = 32;
/** So near to the ends of an interval, a day's hours may lie outside of it. */
const EDGE_DAYS = 2;
/** Bounds what is remembered of zones and hours between reports. */
const HOURS_REMEMBERED_MAX = 1_000;

/*
 * Asking a zone for its clock changes costs milliseconds an interval, a report asks for ten thousands of intervals, and all of
 * them lie in the same few hundred days: from when to when the same hours are on a day is worked out once.
 */
const remembered = new Map<string, Map<number, Span>>();

/** The hours of a calendar, by the day's number since 1970. */
class WorkDays {
  readonly #weekdays: ReadonlySet<number>;
  readonly #closed: ReadonlySet<number>;
  readonly #days: Map<number, Span>;
  /** Things stay open for years: what lies well within such a time is summed up a block of days at once. */
  readonly #blocks = new Map<number, number>();

  constructor(readonly calendar: WorkCalendar) {
    const { zone, weekdays, hours, holidays } = calendar;
    this.#weekdays = new Set(weekdays);
    this.#closed = new Set(holidays.map((day) => Date.parse(day) / DAY_MS));
    const key = `${zone} ${hours.from} ${hours.to}`;
    if (remembered.size >= HOURS_REMEMBERED_MAX && !remembered.has(key)) remembered.clear();
    this.#days = remembered.get(key) ?? new Map<number, Span>();
    remembered.set(key, this.#days);
  }

  /** Milliseconds of business hours from one moment to another. */
  msBetween(from: number, to: number): number {
    // A zone's day may begin on the day before in UTC, or end on the day after.
    const first = Math.floor(from / DAY_MS) - 1;
    const last = Math.min(Math.floor(to / DAY_MS) + 1, first + 1 + SPAN_DAYS_MAX);
    let sum = 0;
    for (let day = first; day <= last; ) {
      const isWholeBlock = day % BLOCK_DAYS === 0 && day > first + EDGE_DAYS && day + BLOCK_DAYS <= last - EDGE_DAYS;
      if (isWholeBlock) sum += this.#block(day);
      else if (this.#isWorked(day)) {
        const hours = this.#hoursOn(day);
        sum += Math.max(0, Math.min(hours.until, to) - Math.max(hours.from, from));
      }
      day += isWholeBlock ? BLOCK_DAYS : 1;
    }
    return sum;
  }

  /** All business hours of a block of days, in milliseconds. */
  #block(first: number): number {
    const known = this.#blocks.get(first);
    if (known !== undefined) return known;
    let sum = 0;
    for (let day = first; day < first + BLOCK_DAYS; day += 1) {
      if (!this.#isWorked(day)) continue;
      const { from, until } = this.#hoursOn(day);
      sum += until - from;
    }
    this.#blocks.set(first, sum);
    return sum;
  }

  #isWorked(day: number): boolean {
    const isoWeekday = (((day + 3) % 7) + 7) % 7 + 1; // the first of 1970 was a Thursday
    return this.#weekdays.has(isoWeekday) && !this.#closed.has(day);
  }

  #hoursOn(day: number): Span {
    const known = this.#days.get(day);
    if (known) return known;
    const hours = hoursOfDay(day, this.calendar.hours, this.calendar.zone);
    this.#days.set(day, hours);
    return hours;
  }
}

interface Stay {
  readonly member_id: string;
  readonly zone: string;
  readonly weekdays: readonly number[];
  readonly hours_from: string;
  readonly hours_to: string;
  readonly holidays: readonly string[];
  readonly valid_from: Instant | null;
  readonly valid_to: Instant | null;
}

interface Validity {
  readonly days: WorkDays;
  readonly from: number;
  readonly until: number;
}

/** The hours of a company that has set none. */
const { hours: DEFAULT_HOURS, ...DEFAULT_CALENDAR } = companyCalendar(DEFAULT_SETTINGS);
const ALWAYS: Stay = {
  ...DEFAULT_CALENDAR, member_id: '', hours_from: DEFAULT_HOURS.from, hours_to: DEFAULT_HOURS.to, valid_from: null, valid_to: null,
};

const validity = ({ zone, weekdays, hours_from, hours_to, holidays, valid_from, valid_to }: Stay): Validity => ({
  days: new WorkDays({ zone, weekdays, hours: { from: hours_from, to: hours_to }, holidays }),
  from: valid_from === null ? -Infinity : Date.parse(valid_from), until: valid_to === null ? Infinity : Date.parse(valid_to),
});

/** Everybody's business hours, as they were on each day. */
export class Calendars {
  readonly #byMember: ReadonlyMap<string, readonly Validity[]>;
  readonly #companyStays: readonly Stay[];
  /** The company's hours on the clocks of a zone, once asked for. */
  readonly #byZone = new Map<string, readonly Validity[]>();
  readonly #company: readonly Validity[];

  /** @param zones of members, by their ids: where they set no hours, the company's are theirs, on the clocks of their zone */
  constructor(stays: readonly Stay[], readonly zones: ReadonlyMap<string, string> = new Map()) {
    const byMember = by(stays, ({ member_id }) => member_id);
    this.#byMember = new Map([...byMember].map(([member, list]) => [member, list.map(validity)]));
    this.#companyStays = byMember.get('') ?? [ALWAYS];
    this.#company = this.#companyStays.map(validity);
  }

  /**
   * Whole minutes of the member's business hours between two instants; the company's in their zone where they set none, the company's own
   * where nobody is named. 0 where the second is not after the first.
   */
  minutesBetween(memberId: string | null, from: Instant, to: Instant): number {
    const [start, end] = [Date.parse(from), Date.parse(to)];
    let sumMs = 0;
    for (const each of this.#of(memberId)) {
      const [begin, finish] = [Math.max(start, each.from), Math.min(end, each.until)];
      if (finish > begin) sumMs += each.days.msBetween(begin, finish);
    }
    return Math.floor(sumMs / MINUTE_MS);
  }

  /** Whether the member works at all in the day that ends at `end`. */
  worksOn(memberId: string, begin: Instant, end: Instant): boolean {
    return this.minutesBetween(memberId, begin, end) > 0;
  }

  #of(memberId: string | null): readonly Validity[] {
    if (memberId === null) return this.#company;
    const zone = this.zones.get(memberId);
    return this.#byMember.get(memberId) ?? (zone === undefined ? this.#company : this.#companyIn(zone));
  }

  #companyIn(zone: string): readonly Validity[] {
    const known = this.#byZone.get(zone);
    if (known) return known;
    const made = this.#companyStays.map((stay) => validity({ ...stay, zone }));
    this.#byZone.set(zone, made);
    return made;
  }
}

/** Reads all calendars as the view knows them: a row or two a member. */
export async function calendarsOf(view: ReportView): Promise<Calendars> {
  const stays = await view.query<Stay>(
    `SELECT member_id, zone, weekdays, hours_from, hours_to, holidays, valid_from, valid_to
     FROM ${view.table('roster_calendar')} c
     ORDER BY member_id, stay`);
  const zones = await view.query<{ member_id: string; zone: string }>(
    `SELECT DISTINCT ON (member_id) member_id, zone
     FROM ${view.table('roster_stay')} s
     WHERE zone IS NOT NULL
     ORDER BY member_id, stay DESC`);
  return new Calendars(stays, new Map(zones.map(({ member_id: id, zone }) => [id, zone])));
}
