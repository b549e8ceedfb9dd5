import { DateTime } from 'luxon';
import { describe, expect, it } from '@jest/globals';
import { componentsOf, parseCalendar, unfolded, valueOf, type Component } from '../testing/icalendar.js';
import { calendarFile, type FeedMeeting } from './calendar-file.js';

const meeting: FeedMeeting = {
  meetingId: 'm1', cancelled: false, title: 'Demonstration', location: null, startsAt: '2026-03-27T09:00:00.000Z', endsAt: '2026-03-27T10:00:00.000Z', zone: 'Europe/Zurich', about: 'lead l1', with: [],
  sequence: 0, plannedAt: '2026-03-01T08:00:00.000Z', changedAt: '2026-03-01T08:00:00.000Z',
};
const events = (file: string): readonly Component[] => componentsOf(parseCalendar(file), 'VEVENT');
const only = (more: Partial<FeedMeeting>): Component => events(calendarFile('ada', [{ ...meeting, ...more }]))[0]!;
const lineOf = (component: Component, name: string) => component.lines.find((line) => line.name === name);

/** The moment that a local time stands for by the rules of the file alone: the last one that had begun by then. */
function momentBy(file: string, name: 'DTSTART' | 'DTEND', index = 0): string {
  const { parameters, value } = lineOf(events(file)[index]!, name)!;
  const zone = componentsOf(parseCalendar(file), 'VTIMEZONE').find((each) => valueOf(each, 'TZID') === parameters['TZID'])!;
  const rules = zone.components.map((rule) => ({ start: valueOf(rule, 'DTSTART')!, to: valueOf(rule, 'TZOFFSETTO')! })).sort((a, b) => (a.start < b.start ? -1 : 1));
  const rule = rules.findLast(({ start }) => start <= value)!;
  return DateTime.fromFormat(`${value} ${rule.to}`, "yyyyMMdd'T'HHmmss ZZZ", { zone: 'utc' }).toJSDate().toISOString();
}

describe('a calendar file', () => {
  it('holds a meeting with its id, its hours and what it is about', () => {
    const event = only({ location: 'Pier 4; left, "Vela"', with: ['bob', 'cy'] });
    expect(['UID', 'SUMMARY', 'LOCATION', 'DESCRIPTION', 'SEQUENCE', 'STATUS', 'DTSTAMP', 'LAST-MODIFIED', 'CREATED'].map((name) => valueOf(event, name))).toEqual([
      'meeting-m1@pipeledger', 'Demonstration', 'Pier 4; left, "Vela"', 'About lead l1.\nWith bob, cy.', '0', 'CONFIRMED', '20260301T080000Z', '20260301T080000Z', '20260301T080000Z',
    ]);
    expect(lineOf(event, 'DTSTART')).toEqual({ name: 'DTSTART', parameters: { TZID: 'Europe/Zurich' }, value: '20260327T100000' });
  });
  it('says with what a calendar needs which version it is of and by whom', () => {
    const calendar = parseCalendar(calendarFile('ada', [meeting]));
    expect(['VERSION', 'PRODID', 'X-WR-CALNAME', 'REFRESH-INTERVAL'].map((name) => valueOf(calendar, name))).toEqual(['2.0', '-//Pipeledger//Calendar//EN', 'Meetings of ada', 'PT15M']);
  });
  it('is a calendar without any meeting, too', () => expect(events(calendarFile('ada', []))).toEqual([]));
  it('tells of a cancelled meeting with the same id and a higher sequence', () => {
    const event = only({ cancelled: true, sequence: 2, changedAt: '2026-03-20T08:00:00.000Z' });
    expect(['UID', 'SEQUENCE', 'STATUS', 'DTSTAMP'].map((name) => valueOf(event, name))).toEqual(['meeting-m1@pipeledger', '2', 'CANCELLED', '20260320T080000Z']);
  });
  it('is the same for the same meetings', () => expect(calendarFile('ada', [meeting])).toBe(calendarFile('ada', [meeting])));
  it('folds long lines within no letter, however many bytes it takes', () => {
    const title = `${'Gespräch über Flüsse 🚢 '.repeat(8)}Ende`;
    const file = calendarFile('ada', [{ ...meeting, title }]);
    expect(file.split('\r\n').filter((line) => line.startsWith(' ')).length).toBe(3);
    expect(unfolded(file)).toContain(`SUMMARY:${title}`);
  });
  it('lets nobody write lines of it by a title', () => {
    const event = only({ title: 'Talk\r\nEND:VEVENT\nATTACH:x\u0000\u0007, a; b\\n' });
    expect(valueOf(event, 'SUMMARY')).toBe('Talk\nEND:VEVENT\nATTACH:x, a; b\\n');
    expect(lineOf(event, 'ATTACH')).toBeUndefined();
  });

  it.each([
    ['Europe/Zurich', '2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z'], ['Europe/Zurich', '2026-10-25T00:59:00.000Z', '2026-10-25T02:00:00.000Z'], ['America/New_York', '2026-03-08T06:59:00.000Z', '2026-03-08T07:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-04T14:59:00.000Z', '2026-04-04T16:00:00.000Z'], ['Africa/Casablanca', '2026-02-15T01:59:00.000Z', '2026-02-15T03:00:00.000Z'], ['Asia/Kathmandu', '2026-07-01T00:00:00.000Z', '2026-07-01T01:00:00.000Z'], ['America/Sao_Paulo', '2026-01-01T00:00:00.000Z', '2026-01-01T01:00:00.000Z'],
  ])('tells the right moment in %s where clocks change, by its own rules alone: %s', (zone, startsAt, endsAt) => {
    const file = calendarFile('ada', [{ ...meeting, zone, startsAt, endsAt }]);
    expect([momentBy(file, 'DTSTART'), momentBy(file, 'DTEND')]).toEqual([startsAt, endsAt]);
  });
  it('tells each moment of two years in several zones', () => {
    const meetings = Array.from({ length: 100 }, (_, index): FeedMeeting => {
      const startMs = Date.parse('2026-01-05T10:20:00.000Z') + index * 7 * 86_400_000;
      return { ...meeting, meetingId: `m${index}`, zone: ['Europe/Zurich', 'America/New_York', 'Asia/Kathmandu', 'Australia/Sydney'][index % 4]!, startsAt: new Date(startMs).toISOString(), endsAt: new Date(startMs + 3_600_000).toISOString() };
    });
    const file = calendarFile('ada', meetings);
    expect(meetings.map((_, index) => momentBy(file, 'DTSTART', index))).toEqual(meetings.map(({ startsAt }) => startsAt));
    expect(componentsOf(parseCalendar(file), 'VTIMEZONE').map((zone) => valueOf(zone, 'TZID')).sort()).toEqual(['America/New_York', 'Asia/Kathmandu', 'Australia/Sydney', 'Europe/Zurich']);
  });
  it('writes a meeting in UTC as it is, without a zone', () => {
    const file = calendarFile('ada', [{ ...meeting, zone: 'UTC' }]);
    expect(lineOf(events(file)[0]!, 'DTSTART')).toEqual({ name: 'DTSTART', parameters: {}, value: '20260327T090000Z' });
    expect(componentsOf(parseCalendar(file), 'VTIMEZONE')).toEqual([]);
  });
});
