import { describe, expect, it } from '@jest/globals';
import { Random } from './random.js';

const DRAWS = 20_000;
const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('seeded chance', () => {
  it('gives the same numbers for the same seed, on every machine', () => {
    const random = new Random('a seed');
    expect(draw(3, () => random.whole(0, 999_999))).toEqual([451_488, 28_807, 186_885]);
  });

  it('gives other numbers for another seed and another concern', () => {
    const first = (random: Random): number => random.next();
    expect(new Set([first(new Random('1')), first(new Random('2')), first(new Random('1').fork('a')), first(new Random('1').fork('b'))]).size).toBe(4);
  });

  it('spreads evenly from 0 to below 1', () => {
    const random = new Random('even');
    const values = draw(DRAWS, () => random.next());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(mean(values)).toBeCloseTo(0.5, 1);
  });

  it.each([0, 0.4, 7, 95])('counts what comes at random around its mean: %d', (wanted) => {
    const random = new Random(`poisson ${wanted}`);
    const values = draw(DRAWS, () => random.poisson(wanted));
    expect(Math.abs(mean(values) - wanted)).toBeLessThan(0.02 + wanted * 0.02);
  });

  it('waits around a median, now and then much longer', () => {
    const random = new Random('waits');
    const values = draw(DRAWS, () => random.lognormal(10, 0.5)).sort((a, b) => a - b);
    expect(values[DRAWS / 2]).toBeGreaterThan(9.5);
    expect(values[DRAWS / 2]).toBeLessThan(10.5);
    expect(mean(values)).toBeGreaterThan(10.5);
  });

  it('picks words by their weight', () => {
    const random = new Random('words');
    const words = draw(DRAWS, () => random.word({ often: 3, seldom: 1, never: 0 }));
    expect(words.filter((word) => word === 'often').length / DRAWS).toBeCloseTo(0.75, 1);
    expect(words).not.toContain('never');
  });

  it('has nothing to pick from an empty list', () => expect(() => new Random('x').pick([])).toThrow(RangeError));
});
