import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PulseQueue } from './pulse-queue.js';

describe('what is still to happen', () => {
  it('happens in the order of time, and at one moment in the order in which it was planned', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (moments) => {
      const queue = new PulseQueue();
      moments.forEach((atMs) => queue.push(atMs, () => undefined));
      const popped = moments.map(() => queue.pop()!);
      expect(popped.map(({ atMs }) => atMs)).toEqual([...moments].sort((a, b) => a - b));
      expect(popped.every((pulse, index) => index === 0 || pulse.atMs > popped[index - 1]!.atMs || pulse.order > popped[index - 1]!.order)).toBe(true);
      expect(queue.pop()).toBeUndefined();
    }));
  });
});
