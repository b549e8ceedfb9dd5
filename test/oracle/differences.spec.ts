import { describe, expect, it } from '@jest/globals';
import { Comparison, same } from './differences.js';

describe('comparing what two say', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['the last digits of a mean', { mean: [410.4303125] }, { mean: [410.4303126] }, true],
    ['more than the last digits', { mean: [410.4303] }, { mean: [410.4304] }, false],
    ['one minor unit of a great sum', 9_000_000_000, 9_000_000_001, false],
    ['a whole number worked out in parts', 0.1 + 0.2 + 0.7, 1, true],
    ['a figure and none', null, 0, false],
    ['a field that only one has', { a: 1 }, { a: 1, b: undefined }, false],
    ['another order', [1, 2], [2, 1], false],
    ['a longer list', [1], [1, 1], false],
    ['a map with another value', new Map([['a', [1]]]), new Map([['a', [2]]]), false],
    ['a map with another key', new Map([['a', 1]]), new Map([['b', 1]]), false],
    ['equal maps', new Map([['a', { b: 0.5 }]]), new Map([['a', { b: 0.5 }]]), true],
    ['not a number twice', Number.NaN, Number.NaN, true],
  ])('%s', (_, one, other, alike) => {
    expect([same(one, other), same(other, one)]).toEqual([alike, alike]);
  });

  it('names only the fields that differ', () => {
    const found = new Comparison();
    found.compare({ group: 'ada' }, { won: 1, mean: 2.5, deep: { a: 1, b: 2 } }, { won: 1, mean: 2.5, deep: { a: 1, b: 3 } });
    expect(found).toMatchObject({ compared: 1, differing: 1, differences: [{ what: { group: 'ada' }, engine: { deep: { b: 2 } }, oracle: { deep: { b: 3 } } }] });
  });
});
