import { describe, expect, it } from '@jest/globals';
import { formatProblem, toDay, toInstant } from './convert-date.js';

const instant = (text: string, zone = 'UTC', format?: string, time = '00:00') => {
  const made = toInstant(text, format, zone, time);
  return made.ok ? made.value : made.reason;
};

describe('the moment that a text names', () => {
  it('is the start of the day in the zone where the text is a day', () => {
    expect(instant('2017-03-01')).toBe('2017-03-01T00:00:00.000Z');
    expect(instant('2017-03-01', 'Europe/Zurich')).toBe('2017-02-28T23:00:00.000Z');
    expect(instant('2017-07-01', 'Europe/Zurich')).toBe('2017-06-30T22:00:00.000Z');
    expect(instant('2017-03-01', 'America/New_York')).toBe('2017-03-01T05:00:00.000Z');
  });

  it('is another time of that day where the map says so', () => {
    expect(instant('2017-03-01', 'Europe/Zurich', undefined, '17:30')).toBe('2017-03-01T16:30:00.000Z');
    expect(instant('01.03.2017', 'Europe/Zurich', 'dd.MM.yyyy', '17:30')).toBe('2017-03-01T16:30:00.000Z');
  });

  it('is read in the zone where the text has a time and no offset', () => {
    expect(instant('2017-07-01T09:15', 'Europe/Zurich')).toBe('2017-07-01T07:15:00.000Z');
    expect(instant('2017-07-01 09:15:30', 'Europe/Zurich')).toBe('2017-07-01T07:15:30.000Z');
    expect(instant('7/1/2017 9:15 PM', 'America/New_York', 'M/d/yyyy h:mm a', '12:00')).toBe('2017-07-02T01:15:00.000Z');
  });

  it('is that moment in every zone where the text has an offset', () => {
    expect(instant('2017-07-01T09:15:00+05:30', 'Europe/Zurich')).toBe('2017-07-01T03:45:00.000Z');
    expect(instant('2017-07-01T09:15:00Z', 'Europe/Zurich')).toBe('2017-07-01T09:15:00.000Z');
  });

  it('is the first of the two where the clocks go back', () => {
    expect(instant('2026-10-25T02:30', 'Europe/Zurich')).toBe('2026-10-25T00:30:00.000Z');
    expect(instant('2026-10-25T02:30+01:00', 'Europe/Zurich')).toBe('2026-10-25T01:30:00.000Z');
  });

  it('is on its own day where the clocks go back over its midnight', () => {
    expect(instant('2010-11-07', 'America/St_Johns')).toBe('2010-11-07T03:30:00.000Z');
    expect(instant('2025-10-26', 'Atlantic/Azores')).toBe('2025-10-26T00:00:00.000Z');
  });
  it('is the moment the clocks go on where they skip it', () => {
    expect(instant('2026-03-29T02:30', 'Europe/Zurich')).toBe('2026-03-29T01:30:00.000Z');
    // In São Paulo that day began at one.
    expect(instant('2017-10-15', 'America/Sao_Paulo')).toBe('2017-10-15T03:00:00.000Z');
  });

  it('is refused where it is none, with what was expected', () => {
    expect(instant('31.02.2017', 'UTC', 'dd.MM.yyyy')).toBe('"31.02.2017" is no date like dd.MM.yyyy');
    for (const text of ['soon', '2017', '2017-W05', '20170301', '2017-02-30', '1066-10-14', '2017-3-1']) expect(instant(text)).toMatch(/is no date in ISO 8601/);
  });
});

describe('the day that a text names', () => {
  it('is the one written, which no zone moves', () => {
    expect(toDay('2017-03-01', undefined)).toEqual({ ok: true, value: '2017-03-01' });
    expect(toDay('2017-03-01T23:59:00-08:00', undefined)).toEqual({ ok: true, value: '2017-03-01' });
    expect(toDay('1.3.17', 'd.M.yy')).toEqual({ ok: true, value: '2017-03-01' });
    expect(toDay('1.3.17', undefined).ok).toBe(false);
  });
});

describe('a pattern for dates', () => {
  it('can say year, month and day, or it is told before the first row', () => {
    for (const format of ['dd.MM.yyyy', 'M/d/yy', 'yyyy-MM-dd HH:mm', 'd LLL yyyy', 'yyyyMMdd']) expect(formatProblem(format)).toBeUndefined();
    for (const format of ['DD.MM.YYYY', 'HH:mm', 'MM.yyyy', 'date']) expect(formatProblem(format)).toMatch(/is no pattern for a date/);
  });
});
