import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { businessMinutesBetween } from '../../libs/domain/business-hours.js';
import { Calendars } from './calendars.js';

const ZONES = ['Europe/Zurich', 'America/Los_Angeles', 'Asia/Tokyo', 'Asia/Kolkata', 'UTC', 'America/Santiago', 'Pacific/Auckland'];
const HOURS = [{ from: '09:00', to: '17:00' }, { from: '00:00', to: '24:00' }, { from: '12:00', to: '22:30' }, { from: '01:30', to: '03:15' }];
/** Around the last Sunday of March, when Europe's clocks go forward. */
const STARTS_AT = Date.UTC(2026, 2, 25);
const MINUTE_MS = 60_000;
const iso = (minute: number): string => new Date(STARTS_AT + minute * MINUTE_MS).toISOString();
const stay = (more: object = {}) => ({ member_id: 'ada', zone: 'Europe/Zurich', weekdays: [1, 2, 3, 4, 5], hours_from: '09:00', hours_to: '17:00', holidays: [] as string[], valid_from: null, valid_to: null, ...more });

describe('business minutes from remembered days', () => {
  it('are those of the domain, in any zone, over any change of the clocks', () => {
    fc.assert(fc.property(fc.constantFrom(...ZONES), fc.constantFrom(...HOURS), fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), fc.nat(20_000), fc.oneof(fc.nat(20_000), fc.nat(400_000)), (zone, hours, weekdays, from, length) => {
      const calendars = new Calendars([stay({ zone, weekdays, hours_from: hours.from, hours_to: hours.to, holidays: ['2026-04-01'] })]);
      expect(calendars.minutesBetween('ada', iso(from), iso(from + length))).toBe(businessMinutesBetween(iso(from), iso(from + length), { zone, weekdays, hours, holidays: ['2026-04-01'] }));
    }), { numRuns: 150 });
  });

  it('of years are summed up the same, whatever was asked before', () => {
    const calendar = { zone: 'Europe/Zurich', weekdays: [1, 2, 3, 4, 5], hours: { from: '08:00', to: '16:30' }, holidays: ['2026-12-25'] };
    const calendars = new Calendars([stay({ hours_from: '08:00', hours_to: '16:30', holidays: ['2026-12-25'] })]);
    fc.assert(fc.property(fc.nat(1_000_000), fc.nat(1_500_000), (from, length) => {
      expect(calendars.minutesBetween('ada', iso(from), iso(from + length))).toBe(businessMinutesBetween(iso(from), iso(from + length), calendar));
    }), { numRuns: 60 });
  });

  it('follow the calendar as it was on each day', () => {
    const changed = '2026-03-03T00:00:00.000Z';
    const calendars = new Calendars([stay({ zone: 'UTC', valid_to: changed }), stay({ zone: 'UTC', hours_from: '09:00', hours_to: '10:00', valid_from: changed })]);
    expect(calendars.minutesBetween('ada', '2026-03-02T16:00:00.000Z', '2026-03-03T12:00:00.000Z')).toBe(120);
  });

  it('are the company’s for a member who set none', () =>
    expect(new Calendars([stay({ member_id: '', zone: 'UTC', hours_to: '12:00' })]).minutesBetween('ben', '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z')).toBe(180));

  it('are the company’s on the clocks of the member’s zone, as the company’s were on each day', () => {
    const changed = '2026-03-03T00:00:00.000Z';
    const company = [stay({ member_id: '', zone: 'UTC', valid_to: changed }), stay({ member_id: '', zone: 'UTC', hours_to: '10:00', valid_from: changed })];
    const calendars = new Calendars(company, new Map([['ben', 'America/New_York']]));
    expect(calendars.minutesBetween('ben', '2026-03-02T13:00:00.000Z', '2026-03-02T15:00:00.000Z')).toBe(60);
    expect(calendars.minutesBetween('ben', '2026-03-03T13:00:00.000Z', '2026-03-04T00:00:00.000Z')).toBe(60);
    expect(calendars.minutesBetween(null, '2026-03-02T13:00:00.000Z', '2026-03-02T15:00:00.000Z')).toBe(120);
  });

  it('are from nine to five in the member’s zone where nobody has set any', () =>
    expect(new Calendars([], new Map([['ben', 'Asia/Tokyo']])).minutesBetween('ben', '2026-03-01T23:00:00.000Z', '2026-03-02T23:00:00.000Z')).toBe(480));
});
