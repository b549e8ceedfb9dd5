import { DateTime } from 'luxon';
import type { SubjectRef } from '../../libs/domain/subject.js';
import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { localDay, plusDays } from '../../libs/kernel/local-time.js';
import { IsDay, IsListOfIds, IsWhole, IsZone } from '../../libs/kernel/fields.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { together } from '../../libs/kernel/together.js';
import { EndsPeriod, periodOfDays } from '../coordinator-efficiency/period.js';
import type { MeetingStatus } from './calendar.tables.js';
import { clashesIn, MEETING_DAYS_MAX, type Clash } from './clashes.js';

const MEETINGS_MAX = 1_000;
const MINUTE_LENGTH = '2026-03-01T09:00'.length;
const CLASHES_MAX = 500;
const FEEDS_MAX = 500;
const DAYS_DEFAULT = 14;

/** The query string of the calendar. Lists take commas. */
export class CalendarParams {
  @IsListOfIds({ optional: true, max: 50, description: 'Only what these members take part in. Default: everybody.' }) memberId?: string[];
  @IsDay({ optional: true, description: 'First day, in tz. Default: today, or the last day where that is over.' }) from?: LocalDate;
  @EndsPeriod() @IsDay({ optional: true, description: `Last day, included. Default: ${DAYS_DEFAULT} days from the first.` }) to?: LocalDate;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: UTC.' }) tz = 'UTC';
  @IsWhole(1, MEETINGS_MAX, { optional: true, description: 'The most meetings in one answer.' }) limit = 200;
}

export interface CalendarMeeting {
  readonly meetingId: string;
  readonly memberId: string;
  readonly takesPartAs: 'owner' | 'attendee';
  readonly status: MeetingStatus;
  readonly title: string;
  readonly location: string | null;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** Where its hour was agreed. */
  readonly zone: string;
  /** What the clock shows where the member is when it starts: `2026-03-29T10:00`. */
  readonly startsAtForMember: string;
  readonly with: readonly string[];
  readonly subject: SubjectRef;
}

export interface CalendarAnswer {
  readonly tz: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly total: number;
  readonly meetings: readonly CalendarMeeting[];
  readonly clashes: readonly Clash[];
  readonly feeds: readonly { readonly feedId: string; readonly memberId: string; readonly openedAt: Instant }[];
}

interface MeetingRow {
  readonly meeting_id: string;
  readonly member_id: string;
  readonly takes_part_as: 'owner' | 'attendee';
  readonly status: MeetingStatus;
  readonly title: string;
  readonly location: string | null;
  readonly starts_at: Instant;
  readonly ends_at: Instant;
  readonly zone: string;
  readonly member_zone: string | null;
  readonly with_ids: readonly string[];
  readonly subject_kind: SubjectRef['kind'];
  readonly subject_id: string;
}

const meetingOf = (row: MeetingRow): CalendarMeeting => ({
  meetingId: row.meeting_id, memberId: row.member_id, takesPartAs: row.takes_part_as, status: row.status, title: row.title, location: row.location, startsAt: row.starts_at, endsAt: row.ends_at, zone: row.zone,
  startsAtForMember: DateTime.fromISO(row.starts_at, { zone: row.member_zone ?? row.zone }).toISO({ includeOffset: false })!.slice(0, MINUTE_LENGTH), with: row.with_ids, subject: { kind: row.subject_kind, id: row.subject_id },
});

/** Who meets when, what clashes, and which links show it. @throws ReadStoreError */
export async function calendarReport(view: ReportView, { memberId, from: fromGiven, to: toGiven, tz, limit }: CalendarParams): Promise<CalendarAnswer> {
  const today = localDay(view.now, tz);
  const from = fromGiven ?? (toGiven !== undefined && toGiven < today ? toGiven : today);
  const { to, since, until } = periodOfDays(from, toGiven ?? plusDays(from, DAYS_DEFAULT), tz);
  const members = memberId?.length ? memberId : undefined;
  const where = `m.starts_at >= $1::timestamptz - interval '${MEETING_DAYS_MAX} days' AND m.starts_at < $2::timestamptz AND m.ends_at > $1::timestamptz AND ($3::text[] IS NULL OR m.member_id = ANY ($3::text[]))`;
  const counted = view.query<{ total: number }>(`SELECT count(*) AS total FROM ${view.table('calendar_meeting')} m WHERE ${where}`, [since, until, members ?? null]);
  const rows = view.query<MeetingRow>(
    `SELECT m.*, w.zone AS member_zone FROM ${view.table('calendar_meeting')} m LEFT JOIN ${view.table('calendar_member')} w ON w.member_id = m.member_id
     WHERE ${where} ORDER BY m.starts_at, m.meeting_id, m.member_id LIMIT $4`, [since, until, members ?? null, limit]);
  const feeds = view.query<CalendarAnswer['feeds'][number]>(
    `SELECT f.feed_id AS "feedId", f.member_id AS "memberId", f.opened_at AS "openedAt" FROM ${view.table('calendar_feed')} f WHERE $1::text[] IS NULL OR f.member_id = ANY ($1::text[]) ORDER BY f.opened_at, f.feed_id LIMIT $2`, [members ?? null, FEEDS_MAX]);
  const found = await together({ clashes: clashesIn(view, since, until, members, CLASHES_MAX), rows, counted, feeds });
  return { tz, from, to, total: found.counted[0]?.total ?? 0, meetings: found.rows.map(meetingOf), clashes: found.clashes, feeds: found.feeds };
}

export const calendarStatus = report({
  name: 'calendar',
  version: 1,
  title: 'Calendar',
  description: 'Meetings of members in a period, each once for everyone who takes part; where somebody would have to be in two at once; and the links by which calendars subscribe.',
  projections: ['calendar'],
  params: CalendarParams,
  figures: [
    { name: 'total', title: 'Meetings', unit: 'count', definition: 'Meetings that take up some of the period, whatever became of them, once for each who takes part.' },
    { name: 'meetings', title: 'The meetings', unit: 'records', definition: 'The meetings themselves in the order they start; startsAtForMember is what the clock shows where the member is.' },
    { name: 'clashes', title: 'Clashes', unit: 'records', definition: 'Pairs of meetings yet to be held that overlap for one member, and the time that both take. Moments are compared: zones and changes of clocks do not matter.' },
    { name: 'feeds', title: 'Calendar links', unit: 'records', definition: 'Secret links that are open.' },
  ],
  run: calendarReport,
});
