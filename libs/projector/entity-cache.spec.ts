import { describe, expect, it } from '@jest/globals';
import { EntityCache } from './entity-cache.js';
import type { Entity } from './fold.js';

const entity = (n: number): Entity => ({ state: { n }, rows: [] });

describe('the cache of entities', () => {
  it('gives the newest of an entity, whichever generation holds an older one', () => {
    const cache = new EntityCache(4);
    const [first, second] = [entity(1), entity(2)];
    cache.set('a', first);
    cache.set('b', entity(0)); // the younger generation is full: now it is the elder
    cache.set('a', second);
    expect(cache.get('a')).toBe(second);
    cache.set('c', entity(0));
    expect(cache.get('a')).toBe(second);
  });

  it('keeps what is asked for and forgets the rest, within its bound', () => {
    const cache = new EntityCache(100);
    const kept = entity(-1);
    cache.set('kept', kept);
    for (let n = 0; n < 1_000; n += 1) {
      cache.set(`passing ${n}`, entity(n));
      expect(cache.get('kept')).toBe(kept);
    }
    const left = Array.from({ length: 1_000 }, (_, n) => n).filter((n) => cache.get(`passing ${n}`) !== undefined);
    expect(left.length).toBeGreaterThanOrEqual(48);
    expect(left.length).toBeLessThanOrEqual(100);
    expect(Math.min(...left)).toBeGreaterThanOrEqual(900);
  });
});
