import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '../../libs/kernel/event.js';
import { runReport } from '../../libs/projector/run-report.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { calendar } from './calendar.projection.js';
import { calendarStatus, type CalendarAnswer } from './calendar.report.js';

type Any = Said<{ type: string; data: object }>;
const instant = (local: string): Instant => new Date(local).toISOString();
/** A meeting by the hours that were said when it was agreed, each with the offset of that place on that day. */
const meeting = (meetingId: string, ownerId: string, startsAt: string, endsAt: string, zone: string, attendeeIds: readonly string[] = []): Any => ({
  type: 'MeetingScheduled', data: { meetingId, subject: { kind: 'lead', id: 'l1' }, title: meetingId, ownerId, attendeeIds, startsAt: instant(startsAt), endsAt: instant(endsAt), zone },
});
const member = (memberId: string, zone: string): Any => ({ type: 'MemberAdded', data: { memberId, name: memberId, role: 'coordinator', zone } });

const log = new InMemoryLog('2026-03-01T00:00:00.000Z');
log.append<{ type: string; data: object }>(
  member('ada', 'Europe/Zurich'), member('bob', 'America/New_York'), member('cy', 'Asia/Kathmandu'),
  // 10 March: New York has changed its clocks, Europe has not. Ten in New York is three in Zurich, not four.
  meeting('zurich-at-three', 'ada', '2026-03-10T15:00:00+01:00', '2026-03-10T16:00:00+01:00', 'Europe/Zurich', ['bob']),
  meeting('new-york-at-ten', 'bob', '2026-03-10T10:30:00-04:00', '2026-03-10T11:30:00-04:00', 'America/New_York'),
  meeting('new-york-at-nine', 'bob', '2026-03-10T09:00:00-04:00', '2026-03-10T10:00:00-04:00', 'America/New_York'),
  // 29 March, the night that has no half past two in Zurich: from half past one an hour long ends at half past three.
  meeting('over-the-gap', 'ada', '2026-03-29T01:30:00+01:00', '2026-03-29T03:30:00+02:00', 'Europe/Zurich'),
  meeting('right-after', 'ada', '2026-03-29T07:15:00+05:45', '2026-03-29T08:15:00+05:45', 'Asia/Kathmandu', ['cy']),
  meeting('in-the-gap', 'cy', '2026-03-29T06:45:00+05:45', '2026-03-29T07:20:00+05:45', 'Asia/Kathmandu', ['ada']),
  // 25 October, the night that has two half past twos in Zurich: the first ends before the second begins.
  meeting('first-half-past-two', 'ada', '2026-10-25T02:30:00+02:00', '2026-10-25T02:50:00+02:00', 'Europe/Zurich'),
  meeting('second-half-past-two', 'ada', '2026-10-25T02:30:00+01:00', '2026-10-25T02:50:00+01:00', 'Europe/Zurich'),
  meeting('called-off', 'cy', '2026-04-01T09:00:00+00:00', '2026-04-01T10:00:00+00:00', 'UTC'),
  meeting('instead', 'cy', '2026-04-01T09:00:00+00:00', '2026-04-01T10:00:00+00:00', 'UTC'),
  meeting('stays', 'cy', '2026-04-02T09:00:00+00:00', '2026-04-02T10:00:00+00:00', 'UTC'),
  meeting('the-second-called-off', 'cy', '2026-04-02T09:00:00+00:00', '2026-04-02T10:00:00+00:00', 'UTC'),
  { type: 'MeetingCancelled', data: { meetingId: 'the-second-called-off', reason: 'ill', by: 'us' } },
  { type: 'MeetingCancelled', data: { meetingId: 'called-off', reason: 'ill', by: 'us' }, recordedAt: '2026-03-20T00:00:00.000Z' },
  { type: 'CalendarFeedOpened', data: { feedId: 'f1', memberId: 'ada', tokenHash: 'a'.repeat(64) } },
);

describe('the calendar', () => {
  let kind: StoreKind;
  let store: ReadStore;
  beforeAll(async () => {
    kind = await configuredKind();
    store = await kind.empty();
    await catchUp(store, log, [calendar]);
  });
  afterAll(() => kind.stop());

  const outcome = (query: Readonly<Record<string, unknown>>) => runReport(store, calendarStatus, query);
  const ask = async (query: Readonly<Record<string, unknown>>): Promise<CalendarAnswer> => {
    const answered = await outcome(query);
    if (!answered.ok) throw new Error(JSON.stringify(answered.errors));
    return answered.answer as unknown as CalendarAnswer; // the answer of the report that was asked
  };
  const clashes = async (day: string, more = {}) => (await ask({ from: day, to: day, ...more })).clashes.map(({ memberId, meetingIds, minutes }) => [memberId, ...meetingIds, minutes]);

  it('tells meetings once for each who takes part, with the hour on their own clock', async () => {
    const { total, meetings } = await ask({ from: '2026-03-10', to: '2026-03-10' });
    expect(total).toBe(4);
    expect(meetings.map(({ meetingId, memberId, startsAtForMember }) => [meetingId, memberId, startsAtForMember])).toEqual([
      ['new-york-at-nine', 'bob', '2026-03-10T09:00'], ['zurich-at-three', 'ada', '2026-03-10T15:00'], ['zurich-at-three', 'bob', '2026-03-10T10:00'], ['new-york-at-ten', 'bob', '2026-03-10T10:30'],
    ]);
  });
  it('sees that two meetings clash across zones, between their changes of clocks; one after the other is none', async () => {
    expect(await clashes('2026-03-10')).toEqual([['bob', 'zurich-at-three', 'new-york-at-ten', 30]]);
    expect((await ask({ from: '2026-03-10', to: '2026-03-10' })).clashes).toMatchObject([{ from: instant('2026-03-10T15:30:00+01:00'), until: instant('2026-03-10T16:00:00+01:00') }]);
  });
  it('is not misled by the hour that a night in spring does not have', async () => {
    expect(await clashes('2026-03-29')).toEqual([['ada', 'over-the-gap', 'in-the-gap', 30], ['ada', 'in-the-gap', 'right-after', 5], ['cy', 'in-the-gap', 'right-after', 5]]);
  });
  it('is not misled by the hour that a night in autumn has twice', async () => {
    expect((await ask({ from: '2026-10-25', to: '2026-10-25', tz: 'Europe/Zurich' })).total).toBe(2);
    expect(await clashes('2026-10-25', { tz: 'Europe/Zurich' })).toEqual([]);
  });
  it('forgets a clash with what was called off, and remembers that there was one', async () => {
    for (const day of ['2026-04-01', '2026-04-02']) expect(await clashes(day)).toEqual([]);
    expect(await clashes('2026-04-01', { asOf: '2026-03-15T00:00:00Z' })).toEqual([['cy', 'called-off', 'instead', 60]]);
    expect((await ask({ from: '2026-04-01', to: '2026-04-01' })).meetings.map(({ status }) => status)).toEqual(['cancelled', 'scheduled']);
  });
  it('is one member’s alone where asked for, links included', async () => {
    const answer = await ask({ memberId: 'cy', from: '2026-03-01', to: '2026-12-31' });
    expect(new Set(answer.meetings.map(({ memberId }) => memberId))).toEqual(new Set(['cy']));
    expect(answer.clashes.map(({ memberId }) => memberId)).toEqual(['cy']);
    expect(answer.feeds).toEqual([]);
    expect((await ask({ memberId: 'ada' })).feeds).toMatchObject([{ feedId: 'f1', memberId: 'ada' }]);
  });
  it('is of the two weeks from today on, or of a last day that is over', async () => {
    expect(await ask({ asOf: '2026-03-15T23:30:00Z', tz: 'Europe/Zurich' })).toMatchObject({ from: '2026-03-16', to: '2026-03-30', total: 5 });
    expect(await ask({ asOf: '2026-03-15T23:30:00Z', to: '2026-03-10' })).toMatchObject({ from: '2026-03-10', to: '2026-03-10', total: 4 });
  });
  it('comes as much as asked for, and is counted whole', async () => {
    expect(await ask({ from: '2026-03-10', to: '2026-03-10', limit: '1' })).toMatchObject({ total: 4, meetings: [{ meetingId: 'new-york-at-nine' }] });
  });
  it('is not asked for with what makes no sense', async () => {
    expect(await outcome({ from: '2026-03-10', to: '2026-03-09' })).toMatchObject({ ok: false, errors: [{ field: 'to' }] });
    for (const [name, value] of [['limit', '0'], ['from', '2026-02-30'], ['tz', 'Mars/Olympus'], ['memberId', 'a b'], ['clash', 'true']]) expect(await outcome({ [name!]: value })).toMatchObject({ ok: false, errors: [{ field: name }] });
  });
});
