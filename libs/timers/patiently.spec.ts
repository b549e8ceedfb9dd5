import { describe, expect, it } from '@jest/globals';
import { patiently } from './patiently.js';

class Away extends Error {}
const isAway = (error: unknown): boolean => error instanceof Away;
/** Fails as often as told. */
const afterFailures = (failures: number) => async (): Promise<string> => {
  failures -= 1;
  if (failures >= 0) throw new Away('away');
  return 'here';
};
const what = 'the event store at ESDB_URL';
const impatient = { silenceMsMax: -1, pauseMs: 1 };

describe('what does not answer yet', () => {
  it('is waited for while it lives, whatever the limit, and that is told once', async () => {
    const told: string[] = [];
    const report = (sentence: string): void => void told.push(sentence);
    expect(await patiently(afterFailures(5), { what, isAway, lives: () => true, report }, impatient)).toBe('here');
    expect(told).toEqual(['waiting for the event store at ESDB_URL, which does not answer yet']);
  });

  it('is given up at the limit when it shows no sign of life', async () => {
    const waited = patiently(afterFailures(5), { what, isAway, lives: () => false, report: () => undefined }, impatient);
    await expect(waited).rejects.toThrow('away');
  });

  it('is not waited for where it answered that it cannot', async () => {
    const refusing = async (): Promise<string> => { throw new TypeError('oops'); };
    const waited = patiently(refusing, { what, isAway, lives: () => true, report: () => undefined });
    await expect(waited).rejects.toThrow('oops');
  });
});
