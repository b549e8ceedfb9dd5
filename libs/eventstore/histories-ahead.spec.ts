import { describe, expect, it } from '@jest/globals';
import type { Recorded } from '../kernel/event.js';
import { recorded } from '../testing/in-memory-log.js';
import { HistoriesAhead, HISTORY_AHEAD_EVENTS_MAX, KEPT_AFTER_MS, READS_AHEAD_AT_ONCE } from './histories-ahead.js';

const NOON = Date.parse('2026-03-02T12:00:00.000Z');
const at = (ms: number): string => new Date(NOON + ms).toISOString();
const event: Recorded = recorded({ type: 'FollowUpScheduled', data: {} }, 100, at(0));

/** An event store whose answers come when the test lets them. */
function setUp(lengthOf: (stream: string) => number = () => 1) {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const time = { nowMs: NOON };
  let failure: Error | undefined;
  const read = async (stream: string): Promise<Recorded[]> => {
    asked.push(stream);
    await new Promise<void>((resolve) => waiting.push(resolve));
    if (failure) throw failure;
    return Array.from({ length: lengthOf(stream) }, () => event);
  };
  const ahead = new HistoriesAhead({ read }, () => time.nowMs);
  const answerAll = async (): Promise<void> => {
    for (; waiting.length > 0; await new Promise((resolve) => setImmediate(resolve))) waiting.splice(0).forEach((answer) => answer());
    await ahead.settled();
  };
  return { ahead, asked, time, answerAll, fail: (error: Error) => void (failure = error) };
}

const foreseen = (count: number, inMs = 1_000) => Array.from({ length: count }, (_, index) => ({ stream: `followUp-${index}`, neededAt: at(inMs) }));

describe('histories read ahead', () => {
  it('are given once each: who takes one is about to make it untrue', async () => {
    const { ahead, answerAll } = setUp();
    ahead.foresee(foreseen(2));
    await answerAll();
    expect(ahead.take('followUp-1')).toEqual([event]);
    expect(ahead.take('followUp-1')).toBeUndefined();
    expect(ahead.take('followUp-0')).toEqual([event]);
  });

  it('are read a few at a time, in their order, and once however often they are foreseen', async () => {
    const { ahead, asked, answerAll } = setUp();
    const all = foreseen(3 * READS_AHEAD_AT_ONCE);
    ahead.foresee(all);
    ahead.foresee(all);
    expect(asked).toEqual(all.slice(0, READS_AHEAD_AT_ONCE).map(({ stream }) => stream));
    await answerAll();
    ahead.foresee(all);
    expect(asked).toEqual(all.map(({ stream }) => stream));
  });

  it('are not read for what is past: it is being done already', () => {
    const { ahead, asked } = setUp();
    ahead.foresee(foreseen(3, -1));
    expect(asked).toEqual([]);
  });

  it('are forgotten when the stream is written to, and when nobody came for them', async () => {
    const { ahead, time, answerAll } = setUp();
    ahead.foresee(foreseen(2));
    await answerAll();
    ahead.forget('followUp-0');
    expect(ahead.take('followUp-0')).toBeUndefined();
    time.nowMs += 1_000 + KEPT_AFTER_MS + 1;
    ahead.foresee([]);
    expect(ahead.take('followUp-1')).toBeUndefined();
  });

  it('leave out a history that is too long to hold', async () => {
    const { ahead, answerAll } = setUp((stream) => (stream === 'followUp-0' ? HISTORY_AHEAD_EVENTS_MAX + 1 : HISTORY_AHEAD_EVENTS_MAX));
    ahead.foresee(foreseen(2));
    await answerAll();
    expect(ahead.take('followUp-0')).toBeUndefined();
    expect(ahead.take('followUp-1')).toHaveLength(HISTORY_AHEAD_EVENTS_MAX);
  });

  it('are given up when the event store does not answer, and read when they are foreseen anew', async () => {
    const { ahead, asked, answerAll, fail } = setUp();
    ahead.foresee(foreseen(2 * READS_AHEAD_AT_ONCE));
    fail(new Error('the event store does not answer'));
    await answerAll();
    expect(asked).toHaveLength(READS_AHEAD_AT_ONCE);
    expect(ahead.take('followUp-0')).toBeUndefined();
    ahead.foresee(foreseen(1));
    expect(asked).toHaveLength(READS_AHEAD_AT_ONCE + 1);
  });
});
