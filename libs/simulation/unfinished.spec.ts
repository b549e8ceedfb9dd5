import { describe, expect, it } from '@jest/globals';
import { planOf } from './options.js';
import { unfinishedFrom, unfinishedText } from './unfinished.js';

describe('what a log ends with', () => {
  const { id } = planOf({ seed: 7, months: 9, team: 9, end: '2026-11-27', events: 15_000 });

  it('is an unfinished simulation when that was left long before its end, and says what plays the rest', () => {
    const found = unfinishedFrom(id, '2026-05-04T10:00:00.000Z')!;
    expect(found).toEqual({ simulation: id, until: '2026-05-04', end: '2026-11-27', command: 'pipeledger simulate --seed 7 --months 9 --team 9 --end 2026-11-27 --events 15000' });
    expect(unfinishedText(found)).toContain('2026-05-04 of 2026-11-27');
  });
  it('is one of as many events as come by themselves when nobody said how many', () => expect(unfinishedFrom('simulation-1-12m-20p-2026-11-01', '2026-01-01T00:00:00.000Z')!.command).toBe('pipeledger simulate --seed 1 --months 12 --team 20 --end 2026-11-01'));
  it('is none when it was played to its last days', () => expect(unfinishedFrom(id, '2026-11-25T10:00:00.000Z')).toBeUndefined());
  it('is none when it is anything else', () => expect([unfinishedFrom('import-4', '2026-01-01T00:00:00.000Z'), unfinishedFrom('simulation-x', '2026-01-01T00:00:00.000Z')]).toEqual([undefined, undefined]));
});
