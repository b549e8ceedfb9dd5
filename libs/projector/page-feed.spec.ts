import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { recorded } from '../testing/in-memory-log.js';
import { ARRIVAL_TURNS_MAX, BATCH_EVENTS, BATCH_EVENTS_MAX, GATHER_BEHIND_MS, GATHER_MS } from './limits.js';
import type { LogBatch, LogEntry } from './log-source.js';
import { PageFeed } from './page-feed.js';

/** A source that a test fills page by page. */
class Pages implements AsyncIterable<LogBatch> {
  readonly #pages: LogBatch[] = [];
  #ended: { readonly error?: Error } | undefined;
  #wake: () => void = () => undefined;
  #position = 0;

  give(events: number, caughtUp: boolean): void {
    const page: LogEntry[] = Array.from({ length: events }, () => recorded({ type: 'AccountOpened', data: {} }, (this.#position += 1), '2026-01-01T00:00:00.000Z'));
    this.#pages.push({ events: page, lastPosition: this.#position, caughtUp });
    this.#wake();
  }

  end(error?: Error): void {
    this.#ended = error ? { error } : {};
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<LogBatch> {
    for (;;) {
      const page = this.#pages.shift();
      if (page) yield page;
      else if (this.#ended) {
        if (this.#ended.error) throw this.#ended.error;
        return;
      } else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

let pages: Pages;
let feed: PageFeed;
let reading: Promise<void>;
let abort: AbortController;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  abort = new AbortController();
  pages = new Pages();
  feed = new PageFeed(abort.signal);
  reading = feed.pump(pages);
});

afterEach(async () => {
  abort.abort();
  pages.end();
  await reading;
  jest.useRealTimers();
});

/** Lets everything run that waits for nothing but its turn. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The sizes of the batches handed over, as they come. */
function taking(): number[] {
  const sizes: number[] = [];
  const take = async (): Promise<void> => {
    for (let fed = await feed.take(); fed; fed = await feed.take()) sizes.push(fed.events.length);
  };
  take().catch(() => sizes.push(-1));
  return sizes;
}

describe('a feed that is behind the log', () => {
  it('gathers small pages into one batch', async () => {
    await jest.advanceTimersByTimeAsync(GATHER_BEHIND_MS); // the first batch has been long ago
    const sizes = taking();
    pages.give(1, true);
    await settle();
    expect(sizes).toEqual([1]);
    for (let page = 0; page < BATCH_EVENTS - 1; page += 1) pages.give(1, false);
    await settle();
    await settle();
    expect(sizes).toEqual([1]);
    pages.give(1, false);
    await settle();
    expect(sizes).toEqual([1, BATCH_EVENTS]);
  });

  it('waits no longer than more keeps coming', async () => {
    await jest.advanceTimersByTimeAsync(GATHER_BEHIND_MS);
    const sizes = taking();
    pages.give(1, true);
    await settle();
    for (let page = 0; page < 3; page += 1) {
      pages.give(7, false);
      await settle();
      await jest.advanceTimersByTimeAsync(GATHER_MS - 1);
    }
    expect(sizes).toEqual([1]);
    await jest.advanceTimersByTimeAsync(1);
    for (let turn = 0; turn < ARRIVAL_TURNS_MAX; turn += 1) await settle();
    expect(sizes).toEqual([1, 21]);
  });

  it('waits no longer than its limit, whatever keeps coming', async () => {
    await jest.advanceTimersByTimeAsync(GATHER_BEHIND_MS);
    const sizes = taking();
    pages.give(1, true);
    await settle();
    for (let waitedMs = 0; waitedMs < GATHER_BEHIND_MS - GATHER_MS; waitedMs += GATHER_MS - 1) {
      pages.give(1, false);
      await settle();
      await jest.advanceTimersByTimeAsync(GATHER_MS - 1);
    }
    expect(sizes).toEqual([1]);
    for (let waitedMs = 0; waitedMs < GATHER_MS * 2; waitedMs += GATHER_MS - 1) {
      pages.give(1, false);
      await settle();
      await jest.advanceTimersByTimeAsync(GATHER_MS - 1);
    }
    for (let turn = 0; turn < ARRIVAL_TURNS_MAX; turn += 1) await settle();
    expect(sizes.length).toBe(2);
  });

  it('hands over what is left when the source ends', async () => {
    const sizes = taking();
    pages.give(3, false);
    pages.end();
    await settle();
    expect(sizes).toEqual([3]);
  });

  it('takes no more into a batch than one transaction may have', async () => {
    for (let page = 0; page < 4; page += 1) pages.give(BATCH_EVENTS_MAX / 2, false);
    await settle();
    await jest.advanceTimersByTimeAsync(GATHER_BEHIND_MS);
    const sizes = taking();
    await settle();
    await settle();
    expect(sizes[0]).toBe(BATCH_EVENTS_MAX);
  });
});

describe('a feed that has caught up', () => {
  it('hands over the first event at once and gathers for a moment after that', async () => {
    await jest.advanceTimersByTimeAsync(GATHER_BEHIND_MS);
    const sizes = taking();
    pages.give(1, true);
    await settle();
    expect(sizes).toEqual([1]);
    pages.give(2, true);
    pages.give(3, true);
    await settle();
    expect(sizes).toEqual([1]);
    await jest.advanceTimersByTimeAsync(GATHER_MS);
    expect(sizes).toEqual([1, 5]);
  });
});

it('throws what the source threw, after what it gave', async () => {
  const sizes = taking();
  pages.give(2, true);
  pages.end(new Error('the log is gone'));
  await settle();
  await jest.advanceTimersByTimeAsync(GATHER_BEHIND_MS);
  expect(sizes).toEqual([2, -1]);
});
