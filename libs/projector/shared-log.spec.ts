import { afterEach, describe, expect, it } from '@jest/globals';
import { InMemoryLog } from '../testing/in-memory-log.js';
import { opened } from '../testing/counter-projection.js';
import type { LogBatch, LogSource, Subscription } from './log-source.js';
import { EVENTS_KEPT_MAX, SharedLog, STALL_MS_MAX } from './shared-log.js';

/** A log that counts who reads it. */
class CountedLog extends InMemoryLog implements LogSource {
  subscriptions = 0;
  open = 0;

  override async *subscribe(subscription: Subscription): AsyncIterable<LogBatch> {
    this.subscriptions += 1;
    this.open += 1;
    try {
      yield* super.subscribe(subscription);
    } finally {
      this.open -= 1;
    }
  }
}

const logOf = (events: number, pageEvents?: number): CountedLog => {
  const log = new CountedLog('2026-01-01T00:00:00.000Z', pageEvents);
  log.append(...Array.from({ length: events }, (_, index) => opened(`a${index}`)));
  return log;
};

const aborts: AbortController[] = [];
afterEach(() => aborts.splice(0).forEach((abort) => abort.abort()));

/** A reader that a test steps through the log. */
function readerOf(shared: SharedLog, afterPosition: number | null = null): { next(): Promise<LogBatch>; positions(until: number): Promise<number[]>; leave(): void } {
  const abort = new AbortController();
  aborts.push(abort);
  const pages = shared.subscribe({ afterPosition, eventTypes: ['AccountOpened'], signal: abort.signal })[Symbol.asyncIterator]();
  const next = async (): Promise<LogBatch> => {
    const { value, done } = await pages.next();
    if (done) throw new Error('the subscription ended');
    return value; // not done, so it is a page
  };
  return {
    next,
    async positions(until) {
      const seen: number[] = [];
      for (let page = await next(); ; page = await next()) {
        seen.push(...page.events.map(({ position }) => position));
        if (page.lastPosition >= until) return seen;
      }
    },
    leave: () => abort.abort(),
  };
}

const all = (log: InMemoryLog): number[] => log.entries.map(({ position }) => position);

describe('readers of one log', () => {
  it('share a subscription where they are at the same place, however small its pages', async () => {
    const log = logOf(200, 1);
    const shared = new SharedLog(log, []);
    const first = readerOf(shared);
    for (let page = 0; page < 100; page += 1) await first.next();
    const second = readerOf(shared); // a hundred pages late
    const head = await log.head();
    expect(await second.positions(head)).toEqual(all(log));
    await first.positions(head);
    expect(log.subscriptions).toBe(1);
  });

  it('who come too late share among themselves, and join those ahead when they have come to them', async () => {
    const log = logOf(EVENTS_KEPT_MAX * 2);
    const shared = new SharedLog(log, []);
    const head = await log.head();
    const first = readerOf(shared);
    await first.positions(head);
    const late = [readerOf(shared), readerOf(shared)];
    expect(await Promise.all(late.map((each) => each.positions(head)))).toEqual([all(log), all(log)]);
    expect(log.subscriptions).toBe(2);
    const more = log.append(opened('new'));
    for (const each of [first, ...late]) expect(await each.positions(more)).toEqual([more]);
    expect(log).toMatchObject({ subscriptions: 2, open: 1 });
  });

  it('are held up by the slowest of them only until it counts as stalled; it goes on without gap or repeat', async () => {
    let nowMs = 0;
    const log = logOf(EVENTS_KEPT_MAX * 3);
    const shared = new SharedLog(log, [], () => nowMs);
    const head = await log.head();
    const stalled = readerOf(shared);
    const seen = (await stalled.next()).events.map(({ position }) => position);
    nowMs = STALL_MS_MAX; // all this time it asks for nothing more
    expect(await readerOf(shared).positions(head)).toEqual(all(log));
    expect([...seen, ...(await stalled.positions(head))]).toEqual(all(log));
  });
});
