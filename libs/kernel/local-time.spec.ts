import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atWallClock, clockChanges, daysAfter, endOfDay, localDay, plusDays, startOfDay } from './local-time.js';

const ZONES = ['UTC', 'Europe/Zurich', 'Atlantic/Azores', 'America/Havana', 'America/St_Johns', 'America/Sao_Paulo', 'Pacific/Apia', 'Africa/Casablanca', 'Asia/Beirut', 'Australia/Lord_Howe'];

describe('the day of a zone', () => {
  it.each([
    ['its only midnight', '2025-06-15', 'Europe/Zurich', '2025-06-14T22:00:00.000Z'],
    ['the first of two midnights of one day', '2025-10-26', 'Atlantic/Azores', '2025-10-26T00:00:00.000Z'],
    ['the first of two midnights of one day, in Havana', '2025-11-02', 'America/Havana', '2025-11-02T04:00:00.000Z'],
    ['the moment that midnight is skipped', '2017-10-15', 'America/Sao_Paulo', '2017-10-15T03:00:00.000Z'],
    ['the midnight after which no earlier day is shown', '2010-11-07', 'America/St_Johns', '2010-11-07T03:30:00.000Z'],
    ['the next day, where the zone skips the whole day', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    ['and that next day', '2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('begins at %s', (_, day, zone, at) => expect(startOfDay(day, zone)).toBe(at));

  it.each([
    ['2025-10-26T00:30:00Z', 'Atlantic/Azores', '2025-10-26'],
    ['2025-10-25T23:59:59Z', 'Atlantic/Azores', '2025-10-25'],
    ['2025-11-02T04:30:00Z', 'America/Havana', '2025-11-02'],
    ['2010-11-07T02:30:30Z', 'America/St_Johns', '2010-11-06'],
    ['2010-11-07T02:35:00Z', 'America/St_Johns', '2010-11-06'],
    ['2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31'],
  ])('that %s falls on in %s is %s', (at, zone, day) => expect(localDay(at, zone)).toBe(day));

  it('holds exactly the moments from its beginning to the beginning of the next', () => {
    const moments = fc.integer({ min: Date.UTC(1985, 0, 1), max: Date.UTC(2037, 0, 1) });
    fc.assert(fc.property(moments, fc.constantFrom(...ZONES), (ms, zone) => {
      const at = new Date(ms).toISOString();
      const day = localDay(at, zone);
      expect(startOfDay(day, zone) <= at).toBe(true);
      expect(endOfDay(day, zone) > at).toBe(true);
    }));
  });

  it('is what the clocks show, but for the minutes before they go back over midnight', () => {
    const moments = fc.integer({ min: Date.UTC(2012, 0, 1), max: Date.UTC(2037, 0, 1) });
    fc.assert(fc.property(moments, fc.constantFrom(...ZONES), (ms, zone) => {
      const shown = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);
      expect(localDay(new Date(ms).toISOString(), zone)).toBe(shown);
    }));
  });
});

describe('the changes of a zone’s clocks', () => {
  it('cut moments into the days that they fall on', () => {
    const years = fc.integer({ min: 1985, max: 2037 });
    fc.assert(fc.property(years, fc.constantFrom(...ZONES), fc.array(fc.integer({ min: 0, max: 365 * 1_440 }), { minLength: 20, maxLength: 20 }), (year, zone, minutes) => {
      const changes = clockChanges(zone, `${year}-01-01T00:00:00.000Z`, `${year}-12-31T23:59:59.999Z`);
      for (const minute of minutes) {
        const at = new Date(Date.UTC(year, 0, 1) + minute * 60_000).toISOString();
        const offset = changes.findLast((change) => change.at <= at)!.offsetSeconds;
        expect(new Date(Date.parse(at) + offset * 1_000).toISOString().slice(0, 10)).toBe(localDay(at, zone));
      }
    }), { numRuns: 60 });
  });

  it.each([['2010-11-07T02:30:30.000Z', '2010-11-06'], ['2010-11-07T02:29:59.000Z', '2010-11-06'], ['2010-11-07T03:30:00.000Z', '2010-11-07']])(
    'give the minutes before they go back over midnight to the day before: %s', (at, day) => {
      const offset = clockChanges('America/St_Johns', at, at).findLast((change) => change.at <= at)!.offsetSeconds;
      expect(new Date(Date.parse(at) + offset * 1_000).toISOString().slice(0, 10)).toBe(day);
    });
});

describe('days later', () => {
  it.each([
    ['the same local time, an hour of elapsed time less over the spring change', '2026-03-26T15:30:00.000Z', 4, 'Europe/Zurich', '2026-03-30T14:30:00.000Z'],
    ['and an hour more over the autumn one', '2026-10-23T14:30:00.000Z', 4, 'Europe/Zurich', '2026-10-27T15:30:00.000Z'],
    ['earlier where negative', '2026-03-30T14:30:00.000Z', -4, 'Europe/Zurich', '2026-03-26T15:30:00.000Z'],
    ['a skipped time is the moment the clocks go on', '2026-03-28T01:30:00.000Z', 1, 'Europe/Zurich', '2026-03-29T01:00:00.000Z'],
    ['of a time shown twice the first', '2026-10-24T00:30:00.000Z', 1, 'Europe/Zurich', '2026-10-25T00:30:00.000Z'],
    ['none leaves the second of them where it is', '2026-10-25T01:30:00.000Z', 0, 'Europe/Zurich', '2026-10-25T01:30:00.000Z'],
    ['half a day is twelve hours', '2026-03-28T12:00:00.000Z', 0.5, 'Europe/Zurich', '2026-03-29T00:00:00.000Z'],
    ['a day and a half is a calendar day and twelve hours', '2026-03-28T12:00:00.000Z', 1.5, 'Europe/Zurich', '2026-03-29T23:00:00.000Z'],
  ])('%s', (_, at, days, zone, expected) => expect(daysAfter(at, days, zone)).toBe(expected));

  it('are calendar days in every zone: the day is as many days later, wherever the zone has it', () =>
    fc.assert(fc.property(fc.integer({ min: Date.UTC(2012, 0, 1), max: Date.UTC(2037, 0, 1) }), fc.constantFrom(...ZONES), fc.integer({ min: 1, max: 90 }), (ms, zone, days) => {
      const at = new Date(ms).toISOString();
      expect(localDay(daysAfter(at, days, zone), zone)).toBe(plusDays(localDay(at, zone), days));
    })));

  it('knows when clocks show a time', () => expect(atWallClock(Date.UTC(2025, 9, 26, 0, 30), 'Atlantic/Azores')).toBe(Date.UTC(2025, 9, 26, 0, 30)));
});
