import type { Instant } from '../../libs/kernel/event.js';
import type { ReportView } from '../../libs/kernel/report.js';

/** Two meetings that one member would have to be in at the same time. */
export interface Clash {
  readonly memberId: string;
  readonly meetingIds: readonly [string, string];
  /** The time that both take. */
  readonly from: Instant;
  readonly until: Instant;
  readonly minutes: number;
}

interface ClashRow {
  readonly member_id: string;
  readonly first_id: string;
  readonly second_id: string;
  readonly from_at: Instant;
  readonly until_at: Instant;
}

const MINUTE_MS = 60_000;
/** No meeting is longer, so that whatever reaches into a period began within so long before it. */
export const MEETING_DAYS_MAX = 7;

/**
 * Meetings yet to be held that overlap for a member. Moments are compared, not hours on a wall: ten in Zurich and nine in London
 * are the same time, also on the days between their changes of clocks. One that starts as the other ends is none.
 */
export async function clashesIn(view: ReportView, since: Instant, until: Instant, memberIds: readonly string[] | undefined, limit: number): Promise<readonly Clash[]> {
  const table = view.table('calendar_meeting');
  // For either of them, although the one follows from the other: what begins in so few days is found by its index.
  const inReach = (meeting: string): string => `${meeting}.starts_at >= $1::timestamptz - interval '${MEETING_DAYS_MAX} days' AND ${meeting}.starts_at < $2::timestamptz`;
  const rows = await view.query<ClashRow>(
    `SELECT a.member_id, a.meeting_id AS first_id, b.meeting_id AS second_id, greatest(a.starts_at, b.starts_at) AS from_at, least(a.ends_at, b.ends_at) AS until_at
     FROM ${table} a JOIN ${table} b ON b.member_id = a.member_id AND (a.starts_at, a.meeting_id) < (b.starts_at, b.meeting_id) AND b.starts_at < a.ends_at
     WHERE a.status = 'scheduled' AND b.status = 'scheduled' AND ${inReach('a')} AND ${inReach('b')} AND least(a.ends_at, b.ends_at) > $1::timestamptz AND ($3::text[] IS NULL OR a.member_id = ANY ($3::text[]))
     ORDER BY from_at, a.member_id, a.meeting_id, b.meeting_id LIMIT $4`, [since, until, memberIds ?? null, limit]);
  return rows.map(({ member_id: memberId, first_id: first, second_id: second, from_at: from, until_at: to }) => ({ memberId, meetingIds: [first, second], from, until: to, minutes: Math.round((Date.parse(to) - Date.parse(from)) / MINUTE_MS) }));
}
