import { describe, expect, it } from '@jest/globals';
import { parseParams } from '../../libs/kernel/report-params.js';
import { CoordinatorEfficiencyParams } from './coordinator-efficiency.params.js';
import { partsOf, periodFrom, periodOfDays, previousPeriod } from './period.js';

const span = ({ from, to }: { from: string; to: string }): string => `${from}..${to}`;

describe('a period', () => {
  it('is an hour short on the day the clocks go forward', () => expect(periodOfDays('2026-03-29', '2026-03-29', 'Europe/Zurich')).toMatchObject({ since: '2026-03-28T23:00:00.000Z', until: '2026-03-29T22:00:00.000Z' }));
  it('is an hour long on the day they go back', () => expect(periodOfDays('2026-10-25', '2026-10-25', 'Europe/Zurich')).toMatchObject({ since: '2026-10-24T22:00:00.000Z', until: '2026-10-25T23:00:00.000Z' }));
  it('holds the leap day', () => expect(span(periodFrom({ from: '2024-02-01' }, '2026-01-01T00:00:00.000Z', 'UTC'))).toBe('2024-02-01..2024-02-29'));
  it('is the present month of the zone where nothing is said', () => expect(span(periodFrom({}, '2026-03-31T23:30:00.000Z', 'Europe/Zurich'))).toBe('2026-04-01..2026-04-30'));
  it('follows the month before where it is a whole month', () => expect(span(previousPeriod(periodOfDays('2024-03-01', '2024-03-31', 'UTC')))).toBe('2024-02-01..2024-02-29'));
  it('follows the quarter before where it is a whole quarter', () => expect(span(previousPeriod(periodOfDays('2026-01-01', '2026-03-31', 'UTC')))).toBe('2025-10-01..2025-12-31'));
  it('follows as many days where it is not', () => expect(span(previousPeriod(periodOfDays('2026-03-05', '2026-03-11', 'UTC')))).toBe('2026-02-26..2026-03-04'));
});

describe('the parts of a period', () => {
  const parts = (from: string, to: string, unit: Parameters<typeof partsOf>[1], fiscal?: number) => partsOf(periodOfDays(from, to, 'Europe/Zurich'), unit, fiscal).map((part) => `${part.label} ${span(part)}`);
  it('are cut where the period begins and ends', () => expect(parts('2026-01-31', '2026-03-02', 'month')).toEqual(['2026-01 2026-01-31..2026-01-31', '2026-02 2026-02-01..2026-02-28', '2026-03 2026-03-01..2026-03-02']));
  it('number weeks as ISO does', () => expect(parts('2026-12-30', '2027-01-05', 'week')).toEqual(['2026-W53 2026-12-30..2027-01-03', '2027-W01 2027-01-04..2027-01-05']));
  it('begin with the fiscal year', () => {
    expect(parts('2026-01-01', '2026-06-30', 'quarter', 4)).toEqual(['FY2025-Q4 2026-01-01..2026-03-31', 'FY2026-Q1 2026-04-01..2026-06-30']);
    expect(parts('2026-01-01', '2026-12-31', 'year', 11)).toEqual(['FY2025 2026-01-01..2026-10-31', 'FY2026 2026-11-01..2026-12-31']);
  });
});

describe('the parameters of a report on a period', () => {
  const errors = (query: object) => { const parsed = parseParams(CoordinatorEfficiencyParams, { ...query }); return parsed.ok ? [] : parsed.errors.map(({ field }) => field); };
  it('refuse an end before the beginning', () => expect(errors({ from: '2026-03-02', to: '2026-03-01' })).toEqual(['to']));
  it('refuse more days than figures are made for', () => expect(errors({ from: '2000-01-01', to: '2026-03-01' })).toEqual(['to']));
  it('refuse more groups than anybody reads', () => {
    expect(errors({ from: '2025-01-01', to: '2026-03-01', groupBy: 'day' })).toEqual(['groupBy']);
    expect(errors({ from: '2025-01-01', to: '2026-03-01', groupBy: 'week' })).toEqual([]);
    expect(errors({ from: '2025-02-01', to: '2026-03-01', groupBy: 'day' })).toEqual([]);
  });
  it('take one day', () => expect(errors({ from: '2026-03-02', to: '2026-03-02' })).toEqual([]));
});
