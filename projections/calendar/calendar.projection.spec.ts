import { describe, it } from '@jest/globals';
import { projectionSpec } from '../../libs/testing/projection-spec.js';
import { calendar } from './calendar.projection.js';

const { given } = projectionSpec(calendar);
const at = (hour: number): string => `2026-01-06T${String(hour).padStart(2, '0')}:00:00.000Z`;
const scheduled = { type: 'MeetingScheduled', data: { meetingId: 'm1', subject: { kind: 'deal', id: 'd1' }, title: 'Demo', ownerId: 'ada', attendeeIds: ['bob'], startsAt: at(9), endsAt: at(10), zone: 'Europe/Zurich', location: 'Pier 4' }, recordedAt: at(1) } as const;
const moved = { type: 'MeetingRescheduled', data: { meetingId: 'm1', startsAt: at(14), endsAt: at(15), from: { startsAt: at(9), endsAt: at(10) }, reason: 'storm' }, recordedAt: at(2) } as const;

describe('a meeting in the calendar', () => {
  it('is there for each who takes part, with the others', () =>
    given(scheduled).thenRows('meeting',
      { meeting_id: 'm1', member_id: 'ada', takes_part_as: 'owner', status: 'scheduled', title: 'Demo', location: 'Pier 4', starts_at: at(9), ends_at: at(10), zone: 'Europe/Zurich', subject_kind: 'deal', subject_id: 'd1', with_ids: ['bob'], sequence: 0, planned_at: at(1), changed_at: at(1) },
      { meeting_id: 'm1', member_id: 'bob', takes_part_as: 'attendee', status: 'scheduled', title: 'Demo', location: 'Pier 4', starts_at: at(9), ends_at: at(10), zone: 'Europe/Zurich', subject_kind: 'deal', subject_id: 'd1', with_ids: ['ada'], sequence: 0, planned_at: at(1), changed_at: at(1) }));
  it('moves, and is another version of itself', () => {
    const row = { starts_at: at(14), ends_at: at(15), sequence: 1, planned_at: at(1), changed_at: at(2), status: 'scheduled' };
    given(scheduled, moved).thenRows('meeting', row, row);
  });
  it('stays when it is cancelled, as another version again', () => {
    const row = { status: 'cancelled', sequence: 2, starts_at: at(14) };
    given(scheduled, moved, { type: 'MeetingCancelled', data: { meetingId: 'm1', reason: 'ill', by: 'us' } }).thenRows('meeting', row, row);
  });
  it('is held or missed without being another version', () => {
    given(scheduled, { type: 'MeetingHeld', data: { meetingId: 'm1', outcome: 'progressed' } }).thenRows('meeting', { status: 'held', sequence: 0 }, { status: 'held', sequence: 0 });
    given(scheduled, { type: 'MeetingMissed', data: { meetingId: 'm1' } }).thenRows('meeting', { status: 'missed', sequence: 0 }, { status: 'missed', sequence: 0 });
  });
});

describe('a calendar link', () => {
  const opened = { type: 'CalendarFeedOpened', data: { feedId: 'f1', memberId: 'ada', tokenHash: 'a'.repeat(64) }, occurredAt: at(3) } as const;
  it('is listed without anything of its secret while it is open', () => given(opened).thenRows('feed', { feed_id: 'f1', member_id: 'ada', opened_at: at(3) }));
  it('is gone once revoked', () => given(opened, { type: 'CalendarFeedRevoked', data: { feedId: 'f1', memberId: 'ada' } }).thenRows('feed'));
});

describe('a member in the calendar', () => {
  const added = { type: 'MemberAdded', data: { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'UTC' } } as const;
  it('is where their calendar says', () => {
    given(added).thenRows('member', { member_id: 'ada', zone: 'UTC' });
    given(added, { type: 'WorkCalendarSet', data: { memberId: 'ada', zone: 'Asia/Kathmandu', weekdays: [1], hours: { from: '09:00', to: '17:00' }, holidays: [] } }).thenRows('member', { member_id: 'ada', zone: 'Asia/Kathmandu' });
  });
});
