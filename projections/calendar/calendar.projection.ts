import type { CalendarFeedEvent } from '../../libs/domain/calendar-feed/events.js';
import type { MeetingEvent } from '../../libs/domain/meeting/events.js';
import type { MemberEvent } from '../../libs/domain/member/events.js';
import type { SubjectRef } from '../../libs/domain/subject.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import { projection, type Row, type Rows } from '../../libs/kernel/projection.js';
import { calendarTables, type CalendarTable, type MeetingStatus } from './calendar.tables.js';

interface Meeting {
  readonly kind: 'meeting';
  readonly status: MeetingStatus;
  readonly title: string;
  readonly location?: string;
  readonly ownerId: string;
  readonly attendeeIds: readonly string[];
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly zone: string;
  readonly subject: SubjectRef;
  readonly sequence: number;
  readonly plannedAt: Instant;
  readonly changedAt: Instant;
}

interface Whereabouts {
  readonly kind: 'member';
  readonly zone: string;
  /** When it was said to hold from: what is told late of before changes nothing. */
  readonly since: Instant;
}

interface Feed {
  readonly kind: 'feed';
  readonly memberId: string;
  readonly openedAt: Instant;
}

type CalendarState = Meeting | Whereabouts | Feed;
type ZoneEvent = Extract<MemberEvent, { type: 'MemberAdded' | 'WorkCalendarSet' }>;
type CalendarEvent = MeetingEvent | CalendarFeedEvent | ZoneEvent;

function keyOf({ data }: Recorded<CalendarEvent>): string {
  if ('meetingId' in data) return `meeting:${data.meetingId}`;
  return 'feedId' in data ? `feed:${data.feedId}` : `member:${data.memberId}`;
}

function planned({ data, recordedAt }: Recorded<CalendarEvent> & { type: 'MeetingScheduled' }): Meeting {
  const { title, location, ownerId, attendeeIds, startsAt, endsAt, zone, subject } = data;
  return { kind: 'meeting', status: 'scheduled', title, ownerId, attendeeIds, startsAt, endsAt, zone, subject, sequence: 0, plannedAt: recordedAt, changedAt: recordedAt, ...(location && { location }) };
}

function evolve(state: CalendarState | undefined, event: Recorded<CalendarEvent>): CalendarState | undefined {
  switch (event.type) {
    case 'MeetingScheduled': return planned(event);
    case 'MemberAdded':
    case 'WorkCalendarSet': return state?.kind === 'member' && state.since > event.occurredAt ? state : { kind: 'member', zone: event.data.zone, since: event.occurredAt };
    case 'CalendarFeedOpened': return { kind: 'feed', memberId: event.data.memberId, openedAt: event.occurredAt };
    case 'CalendarFeedRevoked': return undefined;
    default: break;
  }
  if (state?.kind !== 'meeting') return state;
  const changed = { ...state, changedAt: event.recordedAt };
  switch (event.type) {
    case 'MeetingRescheduled': return { ...changed, startsAt: event.data.startsAt, endsAt: event.data.endsAt, sequence: state.sequence + 1 };
    case 'MeetingCancelled': return { ...changed, status: 'cancelled', sequence: state.sequence + 1 };
    case 'MeetingHeld': return { ...changed, status: 'held' };
    case 'MeetingMissed': return { ...changed, status: 'missed' };
  }
}

function meetingRows(meeting: Meeting, meetingId: string): readonly Row[] {
  const { status, title, location, ownerId, attendeeIds, startsAt, endsAt, zone, subject, sequence, plannedAt, changedAt } = meeting;
  const everyone = [ownerId, ...attendeeIds];
  return everyone.map((memberId): Row => ({
    meeting_id: meetingId, member_id: memberId, takes_part_as: memberId === ownerId ? 'owner' : 'attendee', status, title, location: location ?? null, starts_at: startsAt, ends_at: endsAt, zone,
    subject_kind: subject.kind, subject_id: subject.id, with_ids: everyone.filter((id) => id !== memberId), sequence, planned_at: plannedAt, changed_at: changedAt,
  }));
}

function rows(state: CalendarState, key: string): Rows<CalendarTable> {
  const id = key.slice(key.indexOf(':') + 1);
  switch (state.kind) {
    case 'meeting': return { meeting: meetingRows(state, id) };
    case 'member': return { member: [{ member_id: id, zone: state.zone }] };
    case 'feed': return { feed: [{ feed_id: id, member_id: state.memberId, opened_at: state.openedAt }] };
  }
}

/** Who meets when, what became of it, and which links show it. */
export const calendar = projection<CalendarState, CalendarEvent, CalendarTable>({
  name: 'calendar',
  version: 2,
  tables: calendarTables,
  /** Where a member is, is decided by when their hours were set, not by what was told last. */
  revises: ['member'],
  events: ['MeetingScheduled', 'MeetingRescheduled', 'MeetingHeld', 'MeetingCancelled', 'MeetingMissed', 'MemberAdded', 'WorkCalendarSet', 'CalendarFeedOpened', 'CalendarFeedRevoked'],
  key: keyOf,
  evolve,
  rows,
});
