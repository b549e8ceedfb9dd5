import { localDay, plusDays, startOfDay } from '../../libs/kernel/local-time.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkpoints, periodBefore, planCurve, plannedUntil, progressOn, type WorkingDays } from './plan-curve.js';
import { converted } from '../exchange-rates/convert.js';
import { cutByShares } from './credit-shares.js';

const WEEK: WorkingDays = { from: null, weekdays: [1, 2, 3, 4, 5], holidays: [] };
const february = { from: '2024-02-01', to: '2024-02-29' };

describe('the plan of a period', () => {
  it('spreads over the working days, the leap day among them', () => {
    const curve = planCurve(february, [WEEK], undefined);
    expect(progressOn(curve, '2024-02-29')).toEqual({ elapsedDays: 20, remainingDays: 1, totalDays: 21, elapsed: 20, total: 21 });
    expect(progressOn(curve, '2024-03-01')).toMatchObject({ elapsedDays: 21, remainingDays: 0 });
  });
  it('leaves out holidays, and follows a calendar from the day it changed', () => {
    const fourDays: WorkingDays = { from: '2024-02-15', weekdays: [1, 2, 3, 4], holidays: [] };
    expect(progressOn(planCurve(february, [{ ...WEEK, holidays: ['2024-02-05'] }, fourDays], undefined), '2024-02-01').totalDays).toBe(18);
  });
  it('has not begun before its first day and is over after its last', () => {
    const curve = planCurve(february, [WEEK], undefined);
    expect([progressOn(curve, '2024-01-15').elapsed, progressOn(curve, '2024-05-01').remainingDays]).toEqual([0, 0]);
  });
  it('follows the weight of each month, spread over a month without working days by all of them', () => {
    const curve = planCurve({ from: '2024-03-30', to: '2024-04-02' }, [WEEK], [1, 3]);
    expect(curve.weights).toEqual([0.5, 0.5, 1.5, 1.5]);
    expect([plannedUntil(curve, '2024-03-31'), progressOn(curve, '2024-04-02').elapsed]).toEqual([1, 2.5]);
  });
  it('is checked at month ends, or on Sundays within one month, and always at its end', () => {
    expect(checkpoints(planCurve({ from: '2023-12-15', to: '2024-03-10' }, [WEEK], undefined))).toEqual(['2023-12-31', '2024-01-31', '2024-02-29', '2024-03-10']);
    expect(checkpoints(planCurve(february, [WEEK], undefined))).toEqual(['2024-02-04', '2024-02-11', '2024-02-18', '2024-02-25', '2024-02-29']);
  });
});

describe('days', () => {
  it('begin where their zone’s clocks say, also when they change', () => {
    expect([startOfDay('2024-03-31', 'Europe/Zurich'), startOfDay('2024-04-01', 'Europe/Zurich')]).toEqual(['2024-03-30T23:00:00.000Z', '2024-03-31T22:00:00.000Z']);
    // Cuba’s clocks skip midnight on that day.
    expect(startOfDay('2024-03-10', 'America/Havana')).toBe('2024-03-10T05:00:00.000Z');
    expect(localDay('2024-01-31T23:30:00.000Z', 'Europe/Zurich')).toBe('2024-02-01');
  });
  it('of the period before are as many months, or as many days', () => {
    expect(periodBefore({ from: '2024-01-01', to: '2024-03-31' })).toEqual({ from: '2023-10-01', to: '2023-12-31' });
    expect(periodBefore({ from: '2024-03-01', to: '2024-03-31' })).toEqual({ from: '2024-02-01', to: '2024-02-29' });
    expect(periodBefore({ from: '2024-03-04', to: '2024-03-10' })).toEqual({ from: '2024-02-26', to: '2024-03-03' });
    expect(plusDays('2024-02-28', 1)).toBe('2024-02-29');
  });
});

describe('shares of a value', () => {
  it('sum to the value whatever the percentages', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 9_000_000_000 }), fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 4 }), (amount, cuts) => {
      const points = [...new Set([0, ...cuts, 100])].sort((a, b) => a - b);
      const shares = points.slice(1).map((point, index) => ({ memberId: `m${index}`, percent: point - points[index]! }));
      const parts = cutByShares(amount, shares);
      expect(parts.reduce((a, b) => a + b, 0)).toBe(amount);
      expect(parts.every((part, index) => Math.abs(part - (amount * shares[index]!.percent) / 100) < 1)).toBe(true);
    }));
  });
  it('cut large amounts exactly', () => {
    const shares = [{ memberId: 'a', percent: 33 }, { memberId: 'b', percent: 67 }];
    expect(cutByShares(Number.MAX_SAFE_INTEGER, shares)).toEqual([2_972_375_754_064_527, 6_034_823_500_676_464]);
    expect(converted({ amountMinor: 9_007_199_254_740_931, currency: 'USD' }, { to: 'EUR', perUnitMicro: 925_137 })).toEqual({ amountMinor: 8_332_893_296_933_261, currency: 'EUR' });
    expect(converted({ amountMinor: Number.MAX_SAFE_INTEGER, currency: 'EUR' }, { to: 'JPY', perUnitMicro: 160_000_000 })).toBeUndefined();
  });
  it('are converted between currencies with different minor units', () => {
    expect(converted({ amountMinor: 1_000, currency: 'USD' }, { to: 'EUR', perUnitMicro: 900_000 })).toEqual({ amountMinor: 900, currency: 'EUR' });
    expect(converted({ amountMinor: 15_000, currency: 'JPY' }, { to: 'EUR', perUnitMicro: 6_000 })).toEqual({ amountMinor: 9_000, currency: 'EUR' });
    expect(converted({ amountMinor: 1, currency: 'EUR' }, undefined)).toBeUndefined();
  });
});
