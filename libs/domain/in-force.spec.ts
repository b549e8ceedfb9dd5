import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { inForce, placed, sinceEver, standingAt, standingNow, type Change } from './in-force.js';

interface Terms {
  readonly owner: string;
  readonly amount?: number;
}

const JAN = '2026-01-01T00:00:00.000Z';
const FEB = '2026-02-01T00:00:00.000Z';
const MAR = '2026-03-01T00:00:00.000Z';
const history = (...entries: Change<Terms>[]): readonly Change<Terms>[] => entries.reduce<readonly Change<Terms>[]>(placed, []);
const nobody: Terms = { owner: 'nobody' };

describe('what is in force', () => {
  const told = history({ at: JAN, owner: 'ada' }, { at: MAR, owner: 'cy' }, { at: FEB, owner: 'ben' });

  it('is decided by when it happened, not by when it was told', () => {
    expect(told.map(({ owner }) => owner)).toEqual(['ada', 'ben', 'cy']);
    expect([JAN, '2026-02-15T00:00:00.000Z', MAR].map((at) => inForce(told, at)?.owner)).toEqual(['ada', 'ben', 'cy']);
  });
  it('is of one moment what was told last', () => expect(inForce(history({ at: JAN, owner: 'ada' }, { at: JAN, owner: 'ben' }), JAN)?.owner).toBe('ben'));
  it('is the first before the first', () => expect(inForce(told, '2025-01-01T00:00:00.000Z')?.owner).toBe('ada'));
  it('is nothing where nothing was said', () => expect(inForce([], JAN)).toBeUndefined());
  it('keeps what a change leaves out', () => {
    const parts = history({ at: JAN, owner: 'ada', amount: 1 }, { at: MAR, owner: 'cy' }, { at: FEB, amount: 2 });
    expect(standingAt(nobody, parts, FEB)).toEqual({ owner: 'ada', amount: 2 });
    expect(standingNow(nobody, parts)).toEqual({ owner: 'cy', amount: 2 });
  });
  it('is since ever what was first said of each field', () =>
    expect(sinceEver({ owner: 'nobody', amount: 0, zone: 'UTC' }, [{ at: JAN, owner: 'ada' }, { at: FEB, amount: 2, owner: 'ben' }, { at: MAR, amount: 3 }])).toEqual({ owner: 'ada', amount: 2, zone: 'UTC' }));

  it('is the same in whatever order things of different moments are told', () => {
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 28 }), { minLength: 1, maxLength: 10 });
    fc.assert(fc.property(days.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([one, other]) => {
      const of = (order: readonly number[]): readonly Change<Terms>[] => history(...order.map((day) => ({ at: `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`, amount: day })));
      expect(of(one)).toEqual(of(other));
    }));
  });
});
