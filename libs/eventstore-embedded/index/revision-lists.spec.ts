import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { RevisionLists } from './revision-lists.js';

const STREAMS = 4;

describe('the revisions of streams', () => {
  it('are found again after any appends and any that were undone', () => {
    const step = fc.record({ stream: fc.nat(STREAMS - 1), undo: fc.boolean(), count: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const lists = new RevisionLists();
        const expected = Array.from({ length: STREAMS }, (): number[] => []);
        for (let stream = 0; stream < STREAMS; stream++) lists.addStream();
        let ordinal = 0;
        for (const { stream, undo, count } of steps) {
          for (let each = 0; each < count; each++) {
            const list = expected[stream] ?? [];
            if (!undo) {
              lists.append(stream, ordinal);
              list.push(ordinal++);
            } else if (list.pop() !== undefined) {
              lists.removeLast(stream);
            }
          }
        }
        for (const [stream, list] of expected.entries()) {
          const all: number[] = [];
          if (list.length > 0) lists.slice(stream, 0, list.length, all);
          expect(all).toEqual(list);
          expect(list.map((_, revision) => lists.at(stream, revision))).toEqual(list);
          const half: number[] = [];
          const from = Math.floor(list.length / 2);
          if (from < list.length) lists.slice(stream, from, list.length, half);
          expect(half).toEqual(list.slice(from));
        }
      }),
    );
  });

  it('that do not exist are an error, not a zero', () => {
    const lists = new RevisionLists();
    lists.addStream();
    expect(() => lists.at(0, 0)).toThrow(RangeError);
  });
});
