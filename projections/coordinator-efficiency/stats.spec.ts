import { describe, expect, it } from '@jest/globals';
import { balance, distribution, ratio } from './stats.js';

describe('a ratio', () => {
  it('is null where there is nothing to divide by', () => expect(ratio(0, 0)).toEqual({ numerator: 0, denominator: 0, value: null, sampleSize: 0 }));
});

describe('a distribution', () => {
  it('has no median of nothing', () => expect(distribution([])).toEqual({ count: 0, median: null, p90: null, mean: null }));
  it('lies between the two nearest values in proportion', () => expect(distribution([4, 1, 3, 2])).toEqual({ count: 4, median: 2.5, p90: 3.7, mean: 2.5 }));
});

describe('balance', () => {
  it('is 0 where all carry the same', () => expect(balance([2, 2, 2])).toEqual({ members: 3, coefficientOfVariation: 0, gini: 0 }));
  it('is (n−1)/n by Gini where one carries all', () => expect(balance([0, 0, 0, 5])).toEqual({ members: 4, coefficientOfVariation: expect.closeTo(Math.sqrt(3)), gini: 0.75 }));
  it('is unknown where nobody carries anything', () => expect(balance([0, 0])).toEqual({ members: 2, coefficientOfVariation: null, gini: null }));
});
