import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { addBusinessMinutes, businessMinutesBetween } from './business-hours.js';
import type { WorkCalendar } from './work-calendar.js';

const office: WorkCalendar = { zone: 'Europe/Zurich', weekdays: [1, 2, 3, 4, 5], hours: { from: '09:00', to: '17:00' }, holidays: ['2026-04-03', '2026-04-06'] };
const daily: WorkCalendar = { ...office, weekdays: [1, 2, 3, 4, 5, 6, 7], holidays: [] };
const around: WorkCalendar = { ...daily, hours: { from: '00:00', to: '24:00' } };
const night = (from: string, to: string): WorkCalendar => ({ ...daily, hours: { from, to } });
const HOUR = 60;

/** Both ways round: the end lies `minutes` after the start, and no others were counted. */
const spans = (from: string, to: string, minutes: number, calendar: WorkCalendar): void => {
  expect(addBusinessMinutes(from, minutes, calendar)).toBe(new Date(to).toISOString());
  expect(businessMinutesBetween(from, to, calendar)).toBe(minutes);
};

describe('business hours', () => {
  it('count within one day', () => spans('2026-03-02T09:30:00+01:00', '2026-03-02T11:00:00+01:00', 90, office));
  it('stop in the evening and go on next morning', () => spans('2026-03-02T16:00:00+01:00', '2026-03-03T10:00:00+01:00', 2 * HOUR, office));
  it('end with the day where the count ends with it', () => spans('2026-03-02T09:00:00+01:00', '2026-03-02T17:00:00+01:00', 8 * HOUR, office));
  it('start in the morning for what comes in at night', () => spans('2026-03-02T03:00:00+01:00', '2026-03-02T09:01:00+01:00', 1, office));
  it('start next morning for what comes in after the last hour', () => spans('2026-03-02T17:00:00+01:00', '2026-03-03T09:01:00+01:00', 1, office));
  it('leave out the weekend', () => spans('2026-03-06T16:00:00+01:00', '2026-03-09T10:00:00+01:00', 2 * HOUR, office));
  it('start on Monday for what comes in on Saturday', () => spans('2026-03-07T12:00:00+01:00', '2026-03-09T09:30:00+01:00', 30, office));
  it('leave out holidays, here Good Friday and Easter Monday', () => spans('2026-04-02T16:00:00+02:00', '2026-04-07T10:00:00+02:00', 2 * HOUR, office));
  it('know the weekdays that are worked', () => spans('2026-03-02T16:00:00+01:00', '2026-03-04T10:00:00+01:00', 2 * HOUR, { ...office, weekdays: [1, 3] }));
  it('keep the seconds', () => expect(addBusinessMinutes('2026-03-02T08:00:30.250Z', 1, office)).toBe('2026-03-02T08:01:30.250Z'));
  it('count whole minutes', () => expect(businessMinutesBetween('2026-03-02T08:00:00.000Z', '2026-03-02T08:01:59.999Z', office)).toBe(1));
  it('count nothing backwards', () => expect(businessMinutesBetween('2026-03-03T12:00:00.000Z', '2026-03-02T12:00:00.000Z', office)).toBe(0));
  it('count nothing outside the hours', () => expect(businessMinutesBetween('2026-03-06T17:00:00+01:00', '2026-03-09T09:00:00+01:00', office)).toBe(0));
  it('are where they are for no minutes at all', () => expect(addBusinessMinutes('2026-03-07T12:00:00.000Z', 0, office)).toBe('2026-03-07T12:00:00.000Z'));
  it('fall on the day it is in their own zone', () => spans('2026-03-01T23:30:00Z', '2026-03-02T00:30:00Z', HOUR, { ...office, zone: 'Asia/Tokyo', hours: { from: '08:00', to: '17:00' } }));
  it('fall on the day it is at the far end of the world', () => spans('2026-03-06T21:00:00Z', '2026-03-08T20:30:00Z', 30, { ...office, zone: 'Pacific/Auckland' }));
});

describe('business hours on the day the clocks go forward (Zurich, 29 March 2026, 02:00 to 03:00)', () => {
  it('begin an hour sooner after the evening before', () => spans('2026-03-28T16:00:00+01:00', '2026-03-29T10:00:00+02:00', 2 * HOUR, daily));
  it('are 23 around the clock', () => spans('2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00', 23 * HOUR, around));
  it('are 23 around the clock where midnight itself is skipped (Cairo, 24 April 2026)', () => spans('2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z', 23 * HOUR, { ...around, zone: 'Africa/Cairo' }));
  it('begin with the change where their beginning is skipped', () => spans('2026-03-29T00:00:00+01:00', '2026-03-29T03:30:00+02:00', 30, night('02:30', '04:00')));
  it('end with the change where their end is skipped', () => expect(businessMinutesBetween('2026-03-29T00:00:00+01:00', '2026-03-29T12:00:00+02:00', night('01:00', '02:30'))).toBe(HOUR));
  it('are none where they are skipped altogether', () => expect(businessMinutesBetween('2026-03-29T00:00:00+01:00', '2026-03-29T12:00:00+02:00', night('02:15', '02:45'))).toBe(0));
  it('go on the day after where they are skipped altogether', () => expect(addBusinessMinutes('2026-03-29T00:00:00+01:00', 10, night('02:15', '02:45'))).toBe('2026-03-30T00:25:00.000Z'));
});

describe('business hours on the day the clocks go back (Zurich, 25 October 2026, 03:00 to 02:00)', () => {
  it('begin an hour later after the evening before', () => spans('2026-10-24T16:00:00+02:00', '2026-10-25T10:00:00+01:00', 2 * HOUR, daily));
  it('are 25 around the clock', () => spans('2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00', 25 * HOUR, around));
  it('begin the first time the clocks show their beginning', () => spans('2026-10-25T00:00:00+02:00', '2026-10-25T03:00:00+01:00', 90, night('02:30', '04:00')));
  it('end the first time the clocks show their end', () => expect(businessMinutesBetween('2026-10-25T00:00:00+02:00', '2026-10-25T12:00:00+01:00', night('01:00', '02:30'))).toBe(90));
  it('are half an hour more where the clocks move by half an hour (Lord Howe, 5 April 2026)', () =>
    expect(businessMinutesBetween('2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z', { ...around, zone: 'Australia/Lord_Howe' })).toBe(24 * HOUR + 30));
});

describe('business hours, whatever the calendar', () => {
  it('come to an end where there are next to none', () => {
    const oneMinuteAWeek: WorkCalendar = { ...office, weekdays: [7], hours: { from: '09:00', to: '09:01' } };
    expect(addBusinessMinutes('2026-03-02T08:00:00.000Z', 500_000, oneMinuteAWeek)).toBe('2036-03-09T08:00:00.000Z');
    expect(businessMinutesBetween('1950-01-01T00:00:00.000Z', '2150-01-01T00:00:00.000Z', oneMinuteAWeek)).toBe(523);
  });

  it('skip a whole day that a zone skipped (Samoa, 30 December 2011)', () =>
    expect(businessMinutesBetween('2011-12-29T12:00:00Z', '2012-01-01T12:00:00Z', { ...around, zone: 'Pacific/Apia' })).toBe(3 * 24 * HOUR));

  it('count back exactly what was added', () => {
    const hour = fc.integer({ min: 0, max: 23 });
    const calendars = fc.record({
      zone: fc.constantFrom('UTC', 'Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns'),
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      hours: fc.tuple(hour, hour).map(([a, b]) => ({ from: `${String(Math.min(a, b)).padStart(2, '0')}:00`, to: `${String(Math.max(a, b)).padStart(2, '0')}:45` })),
      holidays: fc.constant<readonly string[]>(['2026-03-29', '2026-05-01', '2026-10-26']),
    });
    const at = fc.integer({ min: 0, max: 525_600 }).map((minutes) => new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString());
    fc.assert(
      fc.property(calendars, at, fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 5_000 }), (calendar, from, some, more) => {
        const first = addBusinessMinutes(from, some, calendar);
        expect(businessMinutesBetween(from, first, calendar)).toBe(some);
        expect(addBusinessMinutes(first, more, calendar)).toBe(addBusinessMinutes(from, some + more, calendar));
      }),
      { numRuns: 150, examples: [[{ zone: 'Europe/Zurich', weekdays: [7], hours: { from: '00:00', to: '23:45' }, holidays: [] }, '2026-03-28T12:00:00.000Z', 100, 0]] },
    );
  });
});
