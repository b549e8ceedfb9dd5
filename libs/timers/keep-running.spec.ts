import { describe, expect, it } from '@jest/globals';
import { keepRunning, type Part, type RestartLimits } from './keep-running.js';

const LIMITS: RestartLimits = { pauseMsMin: 1, pauseMsMax: 4, fastFailuresMax: 3, steadyMs: 60_000 };

class FakePart implements Part {
  end: (how: string) => void = () => undefined;
  readonly ended = new Promise<string>((resolve) => { this.end = resolve; });
  async stop(): Promise<void> { this.end('stopped'); }
}

describe('a part that is kept running', () => {
  it('is started again when it ends, and not when it is stopped', async () => {
    const first = new FakePart();
    const started: FakePart[] = [];
    let again: (part: FakePart) => void = () => undefined;
    const next = new Promise<FakePart>((resolve) => { again = resolve; });
    const told: string[] = [];
    const kept = keepRunning('the part', first, async () => {
      const part = new FakePart();
      started.push(part);
      return part;
    }, (sentence) => {
      told.push(sentence);
      if (sentence.includes('runs again')) again(kept.now() as FakePart); // FakeParts are all that is started here
    }, LIMITS);
    expect(kept.now()).toBe(first);
    first.end('SIGKILL');
    const second = await next;
    expect(second).toBe(started[0]);
    await kept.stop();
    expect(started).toHaveLength(1);
    expect(told).toEqual(['the part ended (SIGKILL); starting it again in 1 ms', 'the part runs again']);
  });

  it('is given up after too many failures in a row, with the last reason', async () => {
    const first = new FakePart();
    let starts = 0;
    const kept = keepRunning('the part', first, async () => {
      starts += 1;
      throw new Error('the log is damaged');
    }, () => undefined, LIMITS);
    first.end('SIGKILL');
    expect(await kept.failed).toBe('the part ended 4 times in a row (the log is damaged)');
    expect(starts).toBe(3);
    expect(kept.now()).toBeUndefined();
    await kept.stop();
  });

  it('is stopped when it was being started while the stop came', async () => {
    const first = new FakePart();
    const late = new FakePart();
    let begun: () => void = () => undefined;
    const starting = new Promise<void>((resolve) => { begun = resolve; });
    let finish: (part: FakePart) => void = () => undefined;
    const kept = keepRunning('the part', first, () => new Promise<FakePart>((resolve) => { finish = resolve; begun(); }), () => undefined, LIMITS);
    first.end('SIGKILL');
    await starting;
    const stopped = kept.stop();
    finish(late);
    await stopped;
    expect(await late.ended).toBe('stopped');
  });
});
