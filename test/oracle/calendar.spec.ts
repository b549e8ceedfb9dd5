import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DomainEvent } from '../../libs/kernel/event.js';
import type { Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { calendar } from '../../projections/calendar/calendar.projection.js';
import { calendarStatus } from '../../projections/calendar/calendar.report.js';
import { compareCalendar } from './calendar.compare.js';
import type { Question } from './calendar.js';
import { steps, type Step } from './coordinator-efficiency.histories.js';
import type { At } from './differences.js';
import { momentAt, withLive } from './live.js';
import { oracleRuns } from './runs.js';

const HISTORIES = 3;
const STEPS = 1_500;
const QUESTIONS = 12;
/** So that the meetings of one history lie close enough to clash. */
const QUARTERS_MAX = 6;
const MEMBERS = ['ada', 'ben', 'cyd', 'dan'];
const ZONES = ['Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'UTC'];
const QUARTER_MS = 15 * 60_000;
/** Clocks go forward in Europe on the 29th. */
const STARTS_AT = Date.UTC(2026, 2, 20, 6);
const iso = (ms: number): string => new Date(ms).toISOString();

/** Meetings planned, moved, held, missed and cancelled; members who move to another zone; links opened and revoked. */
function meetingHistory(taken: readonly Step[]): Said<DomainEvent>[] {
  let clock = STARTS_AT;
  const open: string[] = [];
  const feeds: { feedId: string; memberId: string }[] = [];
  const said: Said<DomainEvent>[] = MEMBERS.slice(0, 3).map((memberId, index) => ({ type: 'MemberAdded', stream: `member-${memberId}`, recordedAt: iso(clock), data: { memberId, name: 'n', role: 'coordinator', zone: ZONES[index] } }));
  taken.forEach(({ what, who, which, quarters, late }, index) => {
    clock += quarters * QUARTER_MS;
    const say = (type: string, stream: string, data: object): void => void said.push({ type, stream, data, occurredAt: iso(clock - late * QUARTER_MS), recordedAt: iso(clock) });
    const ownerId = MEMBERS[who % MEMBERS.length]!;
    // At night as well, some of them over midnight, some of them over days.
    const startsAt = clock + (which % 96) * QUARTER_MS;
    const times = { startsAt: iso(startsAt), endsAt: iso(startsAt + (which % 50 === 0 ? 300 : 1 + (what % 8)) * QUARTER_MS) };
    const meetingId = open[which % Math.max(1, open.length)];
    const choice = what % 20;
    if (choice < 9 || meetingId === undefined) {
      const id = `m${String(index).padStart(5, '0')}`;
      open.push(id);
      say('MeetingScheduled', `meeting-${id}`, { meetingId: id, subject: { kind: which % 2 ? 'lead' : 'deal', id: 's' }, title: 't', ownerId, attendeeIds: MEMBERS.filter((each, place) => each !== ownerId && (which >> place) % 3 === 0), zone: ZONES[which % ZONES.length], ...times });
    } else if (choice < 12) say('MeetingRescheduled', `meeting-${meetingId}`, { meetingId, ...times, from: times, reason: 'r' });
    else if (choice < 17) {
      open.splice(open.indexOf(meetingId), 1);
      say(['MeetingHeld', 'MeetingCancelled', 'MeetingMissed'][which % 3]!, `meeting-${meetingId}`, { meetingId, outcome: 'progressed', reason: 'r', by: 'us' });
    } else if (choice === 17) say('WorkCalendarSet', `member-${ownerId}`, { memberId: ownerId, zone: ZONES[which % ZONES.length], weekdays: [1, 2, 3, 4, 5], hours: { from: '09:00', to: '17:00' }, holidays: [] });
    else if (choice === 18) {
      feeds.push({ feedId: `f${index}`, memberId: ownerId });
      say('CalendarFeedOpened', `calendarFeed-f${index}`, { ...feeds.at(-1), tokenHash: 'x' });
    } else {
      const feed = feeds.pop();
      if (feed) say('CalendarFeedRevoked', `calendarFeed-${feed.feedId}`, feed);
    }
  });
  return said;
}

const day = (offset: number): string => iso(STARTS_AT + offset * 86_400_000).slice(0, 10);

describe('the calendar against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  it('agrees on every meeting, clash and link of any history, days, zone and moment of knowledge', async () => {
    const question = fc.record({
      first: fc.nat(45), days: fc.nat(9), tz: fc.constantFrom(...ZONES), who: fc.option(fc.uniqueArray(fc.constantFrom(...MEMBERS), { minLength: 1, maxLength: 2 }), { freq: 2, nil: undefined }), known: fc.option(fc.double({ min: 0.2, max: 1, noNaN: true })),
    });
    const seen = { meetings: 0, clashes: 0 };
    await fc.assert(fc.asyncProperty(steps(STEPS, QUARTERS_MAX), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      await withLive(kind, [calendar], calendarStatus, meetingHistory(taken), async (live) => {
        const asked = questions.map(({ first, days, tz, who, known }): At<Question> => ({ asked: { from: day(first), to: day(first + days), tz, ...(who && { who }) }, ...(known !== null && { asOf: momentAt(live.log, known) }) }));
        const { found, meetings, clashes } = await compareCalendar(live, asked);
        expect(found.differences).toEqual([]);
        seen.meetings += meetings;
        seen.clashes += clashes;
      });
    }), oracleRuns(HISTORIES));
    expect(seen.meetings).toBeGreaterThan(HISTORIES * QUESTIONS * 10);
    expect(seen.clashes).toBeGreaterThan(HISTORIES * QUESTIONS);
  });
});
