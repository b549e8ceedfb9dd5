import { describe, expect, it } from '@jest/globals';
import { projection, type AnyProjection } from '../kernel/projection.js';
import { recorded } from '../testing/in-memory-log.js';
import { fold, NO_ENTITY, rowsOf } from './fold.js';

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

describe('an event that is an entity of its own', () => {
  const alone = (...said: readonly Pair[]): AnyProjection => ({ ...pairs, keyPerEvent: true, evolve: () => ({ pairs: said }) });
  const folded = (definition: AnyProjection) => fold(definition, NO_ENTITY, recorded({ type: 'Paired', data: {} }, 1, '2026-01-01T00:00:00.000Z'), '1');

  it('opens its rows, and nothing of it is kept', () => expect(folded(alone(['a', 'b'], ['x', 'y']))).toEqual({
    entity: NO_ENTITY, changes: [{ table: 'pair', closed: undefined, opened: ['a', 'b'] }, { table: 'pair', closed: undefined, opened: ['x', 'y'] }],
  }));
  it('may not say a row twice, nor one of a table that is not declared', () => {
    expect(() => folded(alone(['a', 'b'], ['x', 'y'], ['a', 'b']))).toThrow('pair has two rows a, b of 1');
    expect(() => folded({ ...alone(), rows: () => ({ other: [] }) })).toThrow('pairs has no table other');
  });
});
