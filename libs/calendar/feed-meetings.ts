import type { Instant } from '../kernel/event.js';
import { withView } from '../projector/open-view.js';
import type { ReadStore } from '../readstore/sql.js';
import type { FeedMeeting } from './calendar-file.js';

const PROJECTION = 'calendar';
const PAST_DAYS = 90;
const AHEAD_DAYS = 730;
const MEETINGS_MAX = 2_000;
const DAY_MS = 86_400_000;

interface Row extends Omit<FeedMeeting, 'about' | 'cancelled'> {
  readonly status: string;
  readonly subject_kind: string;
  readonly subject_id: string;
}

const inDays = (now: Instant, days: number): Instant => new Date(Date.parse(now) + days * DAY_MS).toISOString();

/** A member's meetings of the last three months and the next two years, cancelled ones too, earliest first. @throws NoSuchProjection, ReadStoreError */
export function feedMeetings(store: ReadStore, memberId: string): Promise<readonly FeedMeeting[]> {
  return withView(store, [PROJECTION], undefined, async (view) => {
    const rows = await view.query<Row>(
      `SELECT m.meeting_id AS "meetingId", m.status, m.title, m.location, m.starts_at AS "startsAt", m.ends_at AS "endsAt", m.zone, m.subject_kind, m.subject_id, m.with_ids AS "with", m.sequence, m.planned_at AS "plannedAt", m.changed_at AS "changedAt"
       FROM ${view.table('calendar_meeting')} m WHERE m.member_id = $1 AND m.starts_at >= $2::timestamptz AND m.starts_at < $3::timestamptz ORDER BY m.starts_at, m.meeting_id LIMIT $4`,
      [memberId, inDays(view.now, -PAST_DAYS), inDays(view.now, AHEAD_DAYS), MEETINGS_MAX]);
    return rows.map(({ status, subject_kind: kind, subject_id: id, ...meeting }) => ({ ...meeting, cancelled: status === 'cancelled', about: `${kind} ${id}` }));
  });
}
