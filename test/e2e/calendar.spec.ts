import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpenCalendarFeed, RevokeCalendarFeed } from '../../libs/domain/calendar-feed/commands.js';
import { CancelMeeting, RescheduleMeeting, ScheduleMeeting } from '../../libs/domain/meeting/commands.js';
import { AddMember, OffboardMember } from '../../libs/domain/member/commands.js';
import { componentsOf, parseCalendar, valueOf } from '../../libs/testing/icalendar.js';
import { fieldOf, type Sent } from '../support/api.js';
import { problemIn } from '../support/problems.js';
import { runningEngine, type RunningEngine } from '../support/running-engine.js';
import { freshId, inDays, Scene } from './samples/scene.js';

let engine: RunningEngine;
/** Where the log ended once the meetings below were in it. */
let scheduled: number;
const meetingId = freshId('meeting');
const startsAt = inDays(3);
const endsAt = inDays(3.04);

beforeAll(async () => {
  engine = await runningEngine();
  const scene = new Scene();
  const subject = scene.subject();
  scheduled = await engine.carryOut(
    ...scene.steps,
    ...['ada', 'bob', 'zoe'].map((memberId) => ({ command: AddMember, fields: { memberId, name: memberId, role: 'coordinator', zone: 'Europe/Zurich' }, occurredAt: inDays(-9) })),
    { command: ScheduleMeeting, fields: { meetingId, subject, title: 'Demonstration', ownerId: 'ada', attendeeIds: ['bob'], startsAt, endsAt } },
    { command: ScheduleMeeting, fields: { meetingId: freshId('meeting'), subject, title: 'Not hers', ownerId: 'zoe', startsAt, endsAt } },
  );
});

afterAll(() => engine.stop());

const open = (body: unknown, headers = {}): Promise<Sent> => engine.raw({ method: 'POST', path: '/v1/calendar-links', body, headers });
const link = async (memberId: string): Promise<{ readonly path: string; readonly feedId: string }> => {
  const { status, body, text } = await open({ memberId });
  if (status !== 201) throw new Error(text);
  return { path: String(fieldOf(body, 'path')), feedId: String(fieldOf(body, 'id')) };
};
const problemOf = (sent: Sent) => problemIn(engine, sent);
/** What the calendar shows once the views hold what was written. */
async function shown(path: string, position: number) {
  await engine.get(`/v1/reports/calendar?minPosition=${position}&waitMs=30000`);
  const { text } = await engine.get(path);
  return componentsOf(parseCalendar(text), 'VEVENT').map((event) => Object.fromEntries(['UID', 'SUMMARY', 'SEQUENCE', 'STATUS'].map((name) => [name, valueOf(event, name)])));
}

describe('a calendar that a person subscribes to', () => {
  it('shows their meetings, moved and cancelled ones as new versions of themselves', async () => {
    const { path } = await link('ada');
    const event = { UID: `meeting-${meetingId}@pipeledger`, SUMMARY: 'Demonstration' };
    expect(await shown(path, scheduled)).toEqual([{ ...event, SEQUENCE: '0', STATUS: 'CONFIRMED' }]);
    const moved = await engine.carryOut({ command: RescheduleMeeting, fields: { meetingId, startsAt: inDays(4), endsAt: inDays(4.04), reason: 'Storm.' } });
    expect(await shown(path, moved)).toEqual([{ ...event, SEQUENCE: '1', STATUS: 'CONFIRMED' }]);
    expect(await shown((await link('bob')).path, moved)).toEqual([{ ...event, SEQUENCE: '1', STATUS: 'CONFIRMED' }]);
    const cancelled = await engine.carryOut({ command: CancelMeeting, fields: { meetingId, reason: 'Ill.', by: 'us' } });
    expect(await shown(path, cancelled)).toEqual([{ ...event, SEQUENCE: '2', STATUS: 'CANCELLED' }]);
  });

  it('is text/calendar, and not sent again while nothing has changed', async () => {
    const { path } = await link('ada');
    const { status, headers, text } = await engine.get(path);
    expect({ status, type: headers['content-type'], text: text.slice(0, 15), cached: headers['cache-control'] }).toEqual({ status: 200, type: 'text/calendar; charset=utf-8', text: 'BEGIN:VCALENDAR', cached: 'private, max-age=900' });
    expect(await engine.raw({ method: 'GET', path, headers: { 'If-None-Match': String(headers['etag']) } })).toMatchObject({ status: 304, text: '' });
    expect((await engine.raw({ method: 'GET', path, headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
  });

  it('is closed at once when its link is revoked, while other links stay', async () => {
    const [first, second] = [await link('ada'), await link('ada')];
    await engine.carryOut({ command: RevokeCalendarFeed, fields: { feedId: first.feedId, reason: 'Lost the telephone.' } });
    expect(await problemOf(await engine.get(first.path))).toMatchObject({ status: 410, code: 'link_revoked' });
    expect((await engine.get(second.path)).status).toBe(200);
  });

  it('is closed when its member leaves', async () => {
    const { path } = await link('zoe');
    expect((await engine.get(path)).status).toBe(200);
    await engine.carryOut({ command: OffboardMember, fields: { memberId: 'zoe' } });
    expect(await problemOf(await engine.get(path))).toMatchObject({ status: 410, code: 'link_revoked' });
    expect(await problemOf(await open({ memberId: 'zoe' }))).toMatchObject({ status: 422, code: 'owner_offboarded' });
  });

  it('is not found with any other secret, and does not say how far it was right', async () => {
    const { path, feedId } = await link('ada');
    const secret = /([^/]+)\.ics$/.exec(path)![1]!;
    const other = `${secret[0] === 'A' ? 'B' : 'A'}${secret.slice(1)}`;
    const wrong = [other, secret.slice(1), `${secret}A`, '', 'x', '%00', '..', `${secret.slice(0, -1)}*`, secret.toLowerCase() + secret.toUpperCase()].map((each) => `/v1/calendars/${feedId}/${each}.ics`);
    for (const address of [...wrong, `/v1/calendars/${feedId}/${secret}`, `/v1/calendars/${feedId}/${secret}.ICS`, `/v1/calendars/${freshId('feed')}/${secret}.ics`, `/v1/calendars/a%20b/${secret}.ics`]) {
      const { status, headers } = await engine.get(address);
      expect({ address, status, type: headers['content-type'] }).toEqual({ address, status: 404, type: 'application/problem+json; charset=utf-8' });
    }
  });
});

describe('a calendar link', () => {
  it('is shown once, and nothing that is kept opens it', async () => {
    const { body, headers } = await open({ memberId: 'ada' });
    const [path, feedId] = [String(fieldOf(body, 'path')), String(fieldOf(body, 'id'))];
    expect(body).toMatchObject({ stream: `calendarFeed-${feedId}`, events: [{ type: 'CalendarFeedOpened' }], replayed: false, url: `${engine.url}${path}` });
    expect(headers).toMatchObject({ 'cache-control': 'no-store', location: `/v1/calendar-feeds/${feedId}` });
    const secret = /([^/]+)\.ics$/.exec(path)![1]!;
    for (const place of [`/v1/calendar-feeds/${feedId}`, `/v1/calendar-feeds/${feedId}/history`, `/v1/reports/calendar?memberId=ada&waitMs=30000&minPosition=${String(fieldOf(body, 'position'))}`]) {
      const { status, text } = await engine.get(place);
      expect({ status, told: text.includes(feedId), secret: text.includes(secret) }).toEqual({ status: 200, told: true, secret: false });
    }
  });

  it('can be opened for a secret of one’s own', async () => {
    const feedId = freshId('feed');
    const secret = 'A'.repeat(43);
    await engine.carryOut({ command: OpenCalendarFeed, fields: { feedId, memberId: 'ada', tokenHash: '0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a' } }); // its SHA-256
    expect((await engine.get(`/v1/calendars/${feedId}/${secret}.ics`)).status).toBe(200);
  });

  it('sent again with the same key is another one, and refused', async () => {
    const key = { 'Idempotency-Key': freshId('key') };
    expect((await open({ memberId: 'ada' }, key)).status).toBe(201);
    expect(await problemOf(await open({ memberId: 'ada' }, key))).toMatchObject({ status: 409, code: 'command_id_reused' });
  });

  it.each<[string, unknown, number, string, readonly string[]]>([
    ['nobody', {}, 400, 'validation_failed', ['memberId']], ['a stranger', { memberId: 'nobody' }, 422, 'owner_unknown', []], ['a number', { memberId: 5 }, 400, 'validation_failed', ['memberId']], ['an id that is none', { memberId: 'ada', feedId: 'a b' }, 400, 'validation_failed', ['feedId']],
    ['a hash', { memberId: 'ada', tokenHash: 'a'.repeat(64) }, 400, 'validation_failed', ['tokenHash']], ['a surplus field', { memberId: 'ada', label: 'phone' }, 400, 'validation_failed', ['label']], ['a list', [], 400, 'validation_failed', ['']],
    ['a moment that is none', { memberId: 'ada', occurredAt: 'now' }, 400, 'validation_failed', ['occurredAt']],
  ])('is not opened for %s', async (_, body, status, code, fields) => {
    expect(await problemOf(await open(body))).toEqual({ status, code, fields });
  });

  it('is not for roles that only look', async () => {
    expect(await problemOf(await open({ memberId: 'ada' }, { 'Pipeledger-Role': 'analyst' }))).toMatchObject({ status: 403, code: 'forbidden' });
  });
});
