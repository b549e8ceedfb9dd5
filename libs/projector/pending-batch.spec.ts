import { describe, expect, it } from '@jest/globals';
import type { DomainEvent, Recorded } from '../kernel/event.js';
import { projection } from '../kernel/projection.js';
import { fold, NO_ENTITY, type Entity } from './fold.js';
import { PendingBatch } from './pending-batch.js';

interface Ranked extends DomainEvent {
  readonly type: 'Ranked';
  readonly data: { readonly names: readonly string[]; readonly points: Readonly<Record<string, number>> };
}
type State = Ranked['data'];

/** One row a name, in the order of the ranking. */
const ranking = projection<State, Ranked, 'place'>({
  name: 'ranking',
  version: 1,
  tables: { place: { comment: 'A name.', key: ['name'], columns: { name: { type: 'text', comment: 'It.' }, points: { type: 'integer', comment: 'Its points.' } } } },
  events: ['Ranked'],
  key: () => 'all',
  evolve: (_, { data }) => data,
  rows: ({ names, points }) => ({ place: names.map((name) => ({ name, points: points[name] ?? 0 })) }),
});

const at = (position: number, names: readonly string[], points: State['points']): Recorded<Ranked> => ({
  type: 'Ranked', data: { names, points }, id: `e${position}`, stream: 's', position, revision: position, recordedAt: '2026-01-01T00:00:00.000Z', occurredAt: '2026-01-01T00:00:00.000Z', actor: { id: 'ada', role: 'coordinator' }, correlationId: 'c', causationId: 'c',
} as Recorded<Ranked>);

function folded(events: readonly Recorded<Ranked>[], before: Entity = NO_ENTITY): { batch: PendingBatch; entity: Entity } {
  const batch = new PendingBatch();
  let entity = before;
  for (const event of events) {
    const step = fold(ranking, entity, event, 'all');
    batch.change('all', step.changes, event);
    entity = step.entity;
  }
  return { batch, entity };
}

describe('a pending batch', () => {
  it('knows a row that it opened itself, also when the row has changed its place since', () => {
    const { batch } = folded([at(1, ['a', 'b'], { a: 1, b: 2 }), at(2, ['b', 'a'], { a: 1, b: 2 }), at(3, ['b', 'a'], { a: 1, b: 5 })]);
    const { opened, closed, passed } = batch.tables.get('place')!;
    expect(closed).toEqual([]);
    expect(passed.map(({ cells, fromPosition, toPosition }) => [cells, fromPosition, toPosition])).toEqual([[['b', 2], 1, 3]]);
    expect([...opened.values()].map(({ cells, fromPosition }) => [cells, fromPosition])).toEqual([[['a', 1], 1], [['b', 5], 3]]);
  });

  it('ends what was true before it, once, and leaves alone what stays as it was', () => {
    const { entity } = folded([at(1, ['a', 'b'], { a: 1, b: 2 })]);
    const { batch } = folded([at(2, ['b', 'a'], { a: 1, b: 3 }), at(3, ['b'], { b: 3 })], entity);
    const { opened, closed, passed } = batch.tables.get('place')!;
    expect(closed.map(({ cells, toPosition }) => [cells, toPosition])).toEqual([[['b', 2], 2], [['a', 1], 3]]);
    expect(passed).toEqual([]);
    expect([...opened.values()].map(({ cells, fromPosition }) => [cells, fromPosition])).toEqual([[['b', 3], 2]]);
  });
});
