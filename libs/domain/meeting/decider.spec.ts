import fc from 'fast-check';
import { describe, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import type { MemberStanding } from '../member/facts.js';
import { CancelMeeting, HoldMeeting, MarkNoShow, RescheduleMeeting, ScheduleMeeting, type MeetingCommand } from './commands.js';
import { meeting, type MeetingFacts } from './decider.js';
import type { MeetingEvent } from './events.js';
import { meetingContext } from './meeting.context.js';

const NOON = '2026-03-02T12:00:00.000Z';
const ONE = '2026-03-02T13:00:00.000Z';
const THREE = '2026-03-02T15:00:00.000Z';
const FOUR = '2026-03-02T16:00:00.000Z';
const meetingId = 'm1';
const subject = { kind: 'deal', id: 'd1' } as const;
const active: MemberStanding = { status: 'active', role: 'coordinator', zone: 'Europe/Zurich' };
const leavesAt = (lastDayEndsAt: string): MemberStanding => ({ status: 'offboarded', role: 'coordinator', zone: 'Europe/Zurich', lastDayEndsAt });
const facts: MeetingFacts = { owner: active, attendees: new Map([['ben', active]]), subjectExists: true };

const scheduled: MeetingEvent = { type: 'MeetingScheduled', data: { meetingId, subject, title: 'Demo', ownerId: 'ada', attendeeIds: [], startsAt: NOON, endsAt: ONE, zone: 'Europe/Zurich' } };
const rescheduled: MeetingEvent = { type: 'MeetingRescheduled', data: { meetingId, startsAt: THREE, endsAt: FOUR, from: { startsAt: NOON, endsAt: ONE }, reason: 'they are late' } };
const held: MeetingEvent = { type: 'MeetingHeld', data: { meetingId, outcome: 'progressed' } };
const cancelled: MeetingEvent = { type: 'MeetingCancelled', data: { meetingId, reason: 'ill', by: 'them' } };
const missed: MeetingEvent = { type: 'MeetingMissed', data: { meetingId } };

const schedule = build(ScheduleMeeting, { meetingId, subject, title: 'Demo', ownerId: 'ada', startsAt: NOON, endsAt: ONE });
const reschedule = build(RescheduleMeeting, { meetingId, startsAt: THREE, endsAt: FOUR, reason: 'they are late' });
const hold = build(HoldMeeting, { meetingId, outcome: 'progressed' });
const cancel = build(CancelMeeting, { meetingId, reason: 'ill', by: 'them' });
const noShow = build(MarkNoShow, { meetingId });

const { given } = deciderSpec(meeting, facts);

describe('a meeting', () => {
  it('is scheduled in the zone of its owner', () => given().when(schedule).then(scheduled));
  it('keeps its attendees, the zone its hour was agreed in and its place', () => {
    const more = { attendeeIds: ['ben'], zone: 'America/New_York', location: 'booth 12' };
    given().when(build(ScheduleMeeting, { ...schedule, ...more })).then({ type: 'MeetingScheduled', data: { meetingId, subject, title: 'Demo', ownerId: 'ada', startsAt: NOON, endsAt: ONE, ...more } });
  });
  it('does not count its owner among the others', () => given().when(build(ScheduleMeeting, { ...schedule, attendeeIds: ['ada'] })).then(scheduled));
  it('can be put on the calendar after it began', () => given().when(schedule, { occurredAt: FOUR }).then(scheduled));
  it('is not scheduled twice', () => given(scheduled).when(schedule).thenRefused('meeting_already_exists'));
  it('must end after it starts', () => given().when(build(ScheduleMeeting, { ...schedule, endsAt: NOON })).thenRefused('meeting_ends_before_it_starts'));
  it('can last a week', () => given().when(build(ScheduleMeeting, { ...schedule, endsAt: '2026-03-09T12:00:00.000Z' })).then({ type: 'MeetingScheduled', data: { ...scheduled.data, endsAt: '2026-03-09T12:00:00.000Z' } }));
  it('lasts a week at most', () => given().when(build(ScheduleMeeting, { ...schedule, endsAt: '2026-03-09T12:00:00.001Z' })).thenRefused('meeting_too_long'));
  it('needs an owner who is known', () => given().when(schedule, { facts: { ...facts, owner: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('needs an owner who has not left when it starts', () => given().when(schedule, { facts: { ...facts, owner: leavesAt(NOON) } }).thenRefused('owner_offboarded'));
  it('can fall in the last hours of its owner', () => given().when(schedule, { facts: { ...facts, owner: leavesAt(ONE) } }).then(scheduled));
  it('needs attendees who are known', () => given().when(build(ScheduleMeeting, { ...schedule, attendeeIds: ['ben', 'cy'] })).thenRefused('attendee_unknown'));
  it('needs attendees who have not left when it starts', () =>
    given().when(build(ScheduleMeeting, { ...schedule, attendeeIds: ['ben'] }), { facts: { ...facts, attendees: new Map([['ben', leavesAt(SPEC_NOW)]]) } }).thenRefused('attendee_offboarded'));
  it('needs a subject that is known', () => given().when(schedule, { facts: { ...facts, subjectExists: false } }).thenRefused('subject_unknown'));

  it('moves to another time', () => given(scheduled).when(reschedule).then(rescheduled));
  it('moves where only its end or its beginning does', () => {
    for (const span of [{ startsAt: NOON, endsAt: THREE }, { startsAt: SPEC_NOW, endsAt: ONE }]) {
      given(scheduled).when(build(RescheduleMeeting, { meetingId, ...span, reason: 'more to say' })).then({ type: 'MeetingRescheduled', data: { meetingId, ...span, from: { startsAt: NOON, endsAt: ONE }, reason: 'more to say' } });
    }
  });
  it('is not moved to the time it has', () => given(scheduled, rescheduled).when(reschedule).thenNothing());
  it('must end after it starts when moved, too', () => given(scheduled).when(build(RescheduleMeeting, { ...reschedule, endsAt: THREE })).thenRefused('meeting_ends_before_it_starts'));
  it('lasts a week at most when moved, too', () => given(scheduled).when(build(RescheduleMeeting, { ...reschedule, endsAt: '2026-04-02T12:00:00.000Z' })).thenRefused('meeting_too_long'));

  it('is held once it has started', () => given(scheduled).when(hold, { occurredAt: NOON }).then(held));
  it('keeps the note of what was said', () => given(scheduled).when(build(HoldMeeting, { ...hold, note: 'wants an offer' }), { occurredAt: ONE }).then({ type: 'MeetingHeld', data: { meetingId, outcome: 'progressed', note: 'wants an offer' } }));
  it('is not held before it starts', () => given(scheduled).when(hold).thenRefused('meeting_not_started'));
  it('is not held at the time it was moved from', () => given(scheduled, rescheduled).when(hold, { occurredAt: NOON }).thenRefused('meeting_not_started'));

  it('is cancelled', () => given(scheduled).when(cancel).then(cancelled));
  it('stays cancelled', () => given(scheduled, cancelled).when(cancel).thenNothing());

  it('is missed by the other side once it has started', () => given(scheduled).when(build(MarkNoShow, { meetingId, note: 'waited 20 minutes' }), { occurredAt: NOON }).then({ type: 'MeetingMissed', data: { meetingId, note: 'waited 20 minutes' } }));
  it('is not missed before it starts', () => given(scheduled).when(noShow).thenRefused('meeting_not_started'));
  it('is missed once', () => given(scheduled, missed).when(noShow).thenNothing());

  it('is final once held, cancelled or missed', () => {
    for (const command of [reschedule, hold, cancel, noShow]) given(scheduled, held).when(command, { occurredAt: FOUR }).thenRefused('meeting_already_closed');
    for (const command of [reschedule, hold, noShow]) given(scheduled, cancelled).when(command, { occurredAt: FOUR }).thenRefused('meeting_already_closed');
    for (const command of [reschedule, hold, cancel]) given(scheduled, missed).when(command, { occurredAt: FOUR }).thenRefused('meeting_already_closed');
  });

  it('is unknown until scheduled', () => {
    for (const command of [reschedule, hold, cancel, noShow]) given().when(command, { occurredAt: FOUR }).thenRefused('meeting_not_found');
  });

  it('does once what is sent twice, after any history', () => {
    const at = fc.integer({ min: 0, max: 5_000 }).map((minutes) => new Date(Date.parse(SPEC_NOW) + minutes * 60_000).toISOString());
    const commands: fc.Arbitrary<MeetingCommand> = fc.oneof(
      fc.tuple(at, at).map(([startsAt, endsAt]) => build(ScheduleMeeting, { ...schedule, startsAt, endsAt })),
      fc.tuple(at, at).map(([startsAt, endsAt]) => build(RescheduleMeeting, { ...reschedule, startsAt, endsAt })),
      fc.constant(hold),
      fc.constant(cancel),
      fc.constant(noShow),
    );
    holdsTwiceIsOnce(meetingContext, commands, fc.constantFrom(facts, { ...facts, subjectExists: false }));
  });
});

describe('a meeting moved late', () => {
  it('is not moved before it was scheduled', () => given(scheduled).when(reschedule, { occurredAt: '2026-03-02T08:59:59.999Z' }).thenRefused('meeting_moved_out_of_order'));
});
