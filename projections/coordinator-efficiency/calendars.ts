import { DateTime } from 'luxon';
import { addBusinessMinutes, businessMinutesBetween } from '../../libs/domain/business-hours.js';
import { companyCalendar, DEFAULT_SETTINGS } from '../../libs/domain/policy/facts.js';
import type { WorkCalendar } from '../../libs/domain/work-calendar.js';
import type { Instant } from '../../libs/kernel/event.js';
import type { ReportView } from '../../libs/kernel/report.js';
import { by } from './stats.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** No interval is followed further than ten years, as in the business hours of the domain. */
const SPAN_DAYS_MAX = 3_660;
/** Bounds what is remembered of calendars between reports. */
const CALENDARS_REMEMBERED_MAX = 1_000;

interface Hours {
  readonly from: number;
  readonly until: number;
}

/** The hours of a calendar on single days, by the day's number since 1970; null: not worked. */
type Days = Map<number, Hours | null>;

/*
 * Walking a calendar with its zone's clock changes costs milliseconds an interval, a report asks for ten thousands of
 * intervals, and all of them lie in the same few hundred days: each day's hours are worked out once.
 */
const remembered = new Map<string, Days>();

function daysOf(calendar: WorkCalendar): Days {
  const key = JSON.stringify([calendar.zone, calendar.weekdays, calendar.hours, calendar.holidays]);
  const known = remembered.get(key);
  if (known) return known;
  if (remembered.size >= CALENDARS_REMEMBERED_MAX) remembered.clear();
  const days: Days = new Map();
  remembered.set(key, days);
  return days;
}

/** The hours worked on one local day; a day's hours are one stretch. */
function hoursOn(calendar: WorkCalendar, day: number, days: Days): Hours | null {
  const known = days.get(day);
  if (known !== undefined) return known;
  const date = DateTime.fromMillis(day * DAY_MS, { zone: 'utc' }).setZone(calendar.zone, { keepLocalTime: true }).startOf('day');
  const begins = date.toJSDate().toISOString();
  const minutes = businessMinutesBetween(begins, date.plus({ days: 1 }).startOf('day').toJSDate().toISOString(), calendar);
  const hours = minutes === 0 ? null : { from: Date.parse(addBusinessMinutes(begins, 1, calendar)) - MINUTE_MS, until: Date.parse(addBusinessMinutes(begins, minutes, calendar)) };
  days.set(day, hours);
  return hours;
}

/** Milliseconds of business hours from one moment to another. */
function businessMs(from: number, to: number, calendar: WorkCalendar): number {
  const days = daysOf(calendar);
  const last = Math.min(Math.floor(to / DAY_MS) + 1, Math.floor(from / DAY_MS) + SPAN_DAYS_MAX);
  let sum = 0;
  // A zone's day may begin on the day before in UTC, or end on the day after.
  for (let day = Math.floor(from / DAY_MS) - 1; day <= last; day += 1) {
    const hours = hoursOn(calendar, day, days);
    if (hours) sum += Math.max(0, Math.min(hours.until, to) - Math.max(hours.from, from));
  }
  return sum;
}

interface Stay {
  readonly member_id: string;
  readonly zone: string;
  readonly weekdays: number[];
  readonly hours_from: string;
  readonly hours_to: string;
  readonly holidays: string[];
  readonly valid_from: Instant | null;
  readonly valid_to: Instant | null;
}

interface Validity {
  readonly calendar: WorkCalendar;
  readonly from: number;
  readonly until: number;
}

const ALWAYS: readonly Validity[] = [{ calendar: companyCalendar(DEFAULT_SETTINGS), from: -Infinity, until: Infinity }];

/** Everybody's business hours, as they were on each day. */
export class Calendars {
  readonly #byMember: ReadonlyMap<string, readonly Validity[]>;
  readonly #company: readonly Validity[];

  constructor(stays: readonly Stay[]) {
    const validity = ({ zone, weekdays, hours_from, hours_to, holidays, valid_from, valid_to }: Stay): Validity => ({
      calendar: { zone, weekdays, hours: { from: hours_from, to: hours_to }, holidays },
      from: valid_from === null ? -Infinity : Date.parse(valid_from), until: valid_to === null ? Infinity : Date.parse(valid_to),
    });
    this.#byMember = new Map([...by(stays, ({ member_id }) => member_id)].map(([member, list]) => [member, list.map(validity)]));
    this.#company = this.#byMember.get('') ?? ALWAYS;
  }

  /** Whole minutes of the member's business hours between two instants; the company's where they set none, or nobody is named. 0 where the second is not after the first. */
  minutesBetween(memberId: string | null, from: Instant, to: Instant): number {
    const [start, end] = [Date.parse(from), Date.parse(to)];
    let sumMs = 0;
    for (const each of this.#of(memberId)) {
      const [begin, finish] = [Math.max(start, each.from), Math.min(end, each.until)];
      if (finish > begin) sumMs += businessMs(begin, finish, each.calendar);
    }
    return Math.floor(sumMs / MINUTE_MS);
  }

  /** Whether the member works at all in the day that ends at `end`. */
  worksOn(memberId: string, begin: Instant, end: Instant): boolean {
    return this.minutesBetween(memberId, begin, end) > 0;
  }

  #of(memberId: string | null): readonly Validity[] {
    return (memberId === null ? undefined : this.#byMember.get(memberId)) ?? this.#company;
  }
}

/** Reads all calendars as the view knows them: a row or two a member. */
export async function calendarsOf(view: ReportView): Promise<Calendars> {
  return new Calendars(await view.query<Stay>(`SELECT member_id, zone, weekdays, hours_from, hours_to, holidays, valid_from, valid_to FROM ${view.table('roster_calendar')} c ORDER BY member_id, stay`));
}
