import { describe, expect, it } from '@jest/globals';
import { textTable } from '../text-table.js';
import { rebuildEstimate } from './rebuild-progress.js';

const at = (position: number, events: number, elapsedMs: number) => ({ phase: 'filling' as const, position, head: 1_000, events, elapsedMs });

describe('the progress of a rebuild', () => {
  it('is estimated from how far it came since it began', () => {
    expect(rebuildEstimate(at(250, 50, 2_000), 0)).toEqual({ percent: 25, eventsPerSecond: 25, left: '6 s' });
  });

  it('does not count what an earlier run had filled', () => {
    expect(rebuildEstimate(at(750, 10, 1_000), 500)).toEqual({ percent: 75, eventsPerSecond: 10, left: '1 s' });
  });

  it('says nothing of what it cannot know yet, and is done with an empty log', () => {
    expect(rebuildEstimate(at(500, 0, 0), 500)).toEqual({ percent: 50, eventsPerSecond: 0, left: '…' });
    expect(rebuildEstimate({ ...at(-1, 0, 5), head: -1 }, 0).percent).toBe(100);
  });
});

describe('a table of text', () => {
  it('has columns as wide as they must be, numbers to the right', () => {
    expect(textTable(['name', 'count'], [['a', '5'], ['longer', '1,200']])).toBe('name    count\na           5\nlonger  1,200\n');
  });
});
