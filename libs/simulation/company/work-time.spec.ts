import { describe, expect, it } from '@jest/globals';
import { Random } from '../random.js';
import { dayAt, dateOf, momentOf, nextAtWork, slotAfterDays, worksOn, type WorkPattern } from './work-time.js';

const DAY = (date: string): number => Date.parse(date) / 86_400_000;
const pattern = (more: Partial<WorkPattern> = {}): WorkPattern => ({
  zone: 'Europe/Copenhagen', weekdays: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1_020, holidays: new Set(), absences: [], ...more,
});
const random = new Random('work time');

describe('when people of the simulation work', () => {
  it('is on the clock of their zone, summer and winter', () => {
    expect(new Date(momentOf('Europe/Copenhagen', DAY('2026-01-15'), 540)).toISOString()).toBe('2026-01-15T08:00:00.000Z');
    expect(new Date(momentOf('Europe/Copenhagen', DAY('2026-07-15'), 540)).toISOString()).toBe('2026-07-15T07:00:00.000Z');
    expect(new Date(momentOf('America/New_York', DAY('2026-07-15'), 540)).toISOString()).toBe('2026-07-15T13:00:00.000Z');
  });

  it('is on the day that their calendar shows', () => {
    expect(dateOf(dayAt('Asia/Singapore', Date.parse('2026-03-01T20:00:00Z')))).toBe('2026-03-02');
    expect(dateOf(dayAt('America/New_York', Date.parse('2026-03-01T02:00:00Z')))).toBe('2026-02-28');
  });

  it('is not at weekends, on holidays, nor while they are away', () => {
    const away = pattern({ holidays: new Set(['2026-03-03']), absences: [{ firstDay: DAY('2026-03-04'), lastDay: DAY('2026-03-05') }] });
    const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06', '2026-03-07'];
    expect(days.filter((day) => worksOn(away, DAY(day)))).toEqual(['2026-03-02', '2026-03-06']);
  });

  it('goes on at once within their hours, else soon after they next begin', () => {
    const within = Date.parse('2026-03-02T10:00:00Z');
    expect(nextAtWork(pattern(), within, random)).toBe(within);
    const fridayEvening = Date.parse('2026-03-06T20:00:00Z');
    const monday = nextAtWork(pattern(), fridayEvening, random);
    expect(monday).toBeGreaterThanOrEqual(Date.parse('2026-03-09T08:00:00Z'));
    expect(monday).toBeLessThan(Date.parse('2026-03-09T09:00:00Z'));
  });

  it('offers quarters of an hour on working days only', () => {
    for (let days = 1; days < 30; days += 1) {
      const at = new Date(slotAfterDays(pattern(), Date.parse('2026-03-02T10:00:00Z'), days, random));
      expect([1, 2, 3, 4, 5]).toContain(at.getUTCDay());
      expect(at.getUTCMinutes() % 15).toBe(0);
      expect(at.getTime()).toBeGreaterThan(Date.parse('2026-03-02T23:00:00Z'));
    }
  });
});
