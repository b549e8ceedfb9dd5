import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileOf, filesAt } from './spans.js';

const moment = fc.date({ min: new Date('1900-01-01T00:00:00.000Z'), max: new Date('2200-12-31T23:59:59.999Z'), noInvalidDate: true }).map((date) => date.toISOString());

describe('a stretch of time', () => {
  it('is filed where every moment that it covers looks for it', () => {
    fc.assert(fc.property(moment, moment, moment, (a, b, c) => {
      const [from, at, until] = [a, b, c].sort() as [string, string, string];
      expect(filesAt(at)).toContain(fileOf(from, until));
    }), { numRuns: 2_000 });
  });
  it('is found where it begins and ends at the same moment', () => fc.assert(fc.property(moment, (at) => expect(filesAt(at)).toContain(fileOf(at, at)))));
  it('is looked for under few numbers, however long history is', () => expect(filesAt('2026-03-29T01:00:00.000Z')).toHaveLength(29));
});
