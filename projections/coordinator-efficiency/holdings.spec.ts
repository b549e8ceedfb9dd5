import { describe, expect, it } from '@jest/globals';
import { ended, heldAgain, heldBy, type Holding } from './holdings.js';

const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T09:00:00.000Z`;
const told = (holdings: readonly Holding[]) => holdings.map(({ memberId, from, until, fromMemberId }) => [memberId, from, until ?? null, fromMemberId ?? null]);
const adaThenCy = heldBy(heldBy([], 'ada', day(1)), 'cy', day(20));

describe('what is handed on', () => {
  it('goes from one to the next', () => expect(told(adaThenCy)).toEqual([['ada', day(1), day(20), null], ['cy', day(20), null, 'ada']]));
  it('was had by whoever is told of late, until the next had it', () =>
    expect(told(heldBy(adaThenCy, 'ben', day(10)))).toEqual([['ada', day(1), day(10), null], ['ben', day(10), day(20), 'ada'], ['cy', day(20), null, 'ben']]));
  it('was had from the beginning by whoever is told of for before', () =>
    expect(told(heldBy(adaThenCy, 'ben', '2025-12-01T09:00:00.000Z'))).toEqual([['ada', day(1), day(1), null], ['ben', day(1), day(20), 'ada'], ['cy', day(20), null, 'ben']]));
  it('is opened again for whoever had it when it was closed, also where that is told late', () => {
    const again = heldAgain(ended(heldBy([], 'ada', day(1)), day(10)), day(20));
    expect(told(again)).toEqual([['ada', day(1), day(10), null], ['ada', day(20), null, null]]);
    expect(told(heldBy(again, 'ben', day(5)))).toEqual([['ada', day(1), day(5), null], ['ben', day(5), day(10), 'ada'], ['ben', day(20), null, null]]);
    expect(told(heldBy(again, 'ben', day(15)))).toEqual([['ada', day(1), day(10), null], ['ben', day(20), null, null]]);
  });
  it('stays closed where the late word falls before its end', () =>
    expect(told(heldBy(ended(heldBy([], 'ada', day(1)), day(10)), 'ben', day(5)))).toEqual([['ada', day(1), day(5), null], ['ben', day(5), day(10), 'ada']]));
});
