import { describe, expect, it } from '@jest/globals';
import { projection } from '../kernel/projection.js';
import { rowsOf } from './fold.js';

type Pair = readonly [left: string, right: string];

const pairs = projection<{ readonly pairs: readonly Pair[] }, { type: 'Paired'; data: object }, 'pair'>({
  name: 'pairs',
  version: 1,
  tables: { pair: { comment: 'A pair.', key: ['left_side', 'right_side'], columns: { left_side: { type: 'text', comment: 'Its left.' }, right_side: { type: 'text', comment: 'Its right.' } } } },
  events: ['Paired'],
  key: () => 'all',
  evolve: (state) => state,
  rows: (state) => ({ pair: state.pairs.map(([left, right]) => ({ left_side: left, right_side: right })) }),
});

const rows = (...said: readonly Pair[]) => rowsOf(pairs, { pairs: said }, 'all');

describe('rows with a key of several columns', () => {
  it('are told apart by each of them, however their texts run together', () => expect(rows(['ab', 'c'], ['a', 'bc'], ['', 'abc'])[0]?.cells).toEqual([['ab', 'c'], ['a', 'bc'], ['', 'abc']]));
  it('may not be said twice', () => expect(() => rows(['a', 'b'], ['x', 'y'], ['a', 'b'])).toThrow('pair has two rows a, b of all'));
});
