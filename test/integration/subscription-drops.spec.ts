import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TimeoutError, UnavailableError, type EventStoreDBClient } from '@eventstore/db-client';
import { contexts } from '../../libs/domain/contexts.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import { EventStoreLogSource, FAILURES_TOLD } from '../../libs/eventstore/subscription.js';
import type { LogBatch } from '../../libs/projector/log-source.js';
import { testEventStore, type TestEventStore } from '../support/event-store.js';

const DROPS = 5;
const EVENTS_MAX = 100;
const LIMITS = { queueEventsMax: 20, nearEventsMax: 10 };

let store: TestEventStore;
let log: EventLog;
beforeAll(async () => {
  store = await testEventStore();
  log = new EventLog(connectEventStore(store.url), new Codec(contexts));
});
afterAll(async () => {
  await disconnectEventStore();
  await store.stop();
});

const metadata = { $correlationId: 'c', $causationId: 'c', actor: { id: 'ada', role: 'coordinator' }, occurredAt: '2026-03-01T00:00:00.000Z', commandId: 'c', commandHash: 'h' } as const;
const scored = (score: number) => log.codec.encode({ type: 'LeadScored', data: { leadId: 'x', score } }, randomUUID(), metadata);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

/** The client with some of its methods replaced. */
const clientWith = (changes: Partial<EventStoreDBClient>): EventStoreDBClient => new Proxy(log.client, {
  get(target, name) {
    const found: unknown = Reflect.get(changes, name) ?? Reflect.get(target, name);
    return typeof found === 'function' && !Reflect.has(changes, name) ? (found.bind(target) as unknown) : found;
  },
});

/** What the server says when it drops a subscriber that is too slow, as the client hands it over. */
const tooSlow = () => new TimeoutError({ name: 'Error', message: '10 ABORTED: Operation timed out: Consumer too slow to handle event while live. Client resubscription required.', code: 10, details: 'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.', metadata: { getMap: () => ({}), get: () => [] } } as never);

/** One reader of a new stream, and what it has read of it. */
async function readerOf(source: EventStoreLogSource) {
  const stream = `lead-${randomUUID()}`;
  const abort = new AbortController();
  const pages = source.subscribe({ afterPosition: await log.head(), eventTypes: ['LeadScored'], signal: abort.signal })[Symbol.asyncIterator]();
  const read: unknown[] = [];
  let written = 0;
  const take = ({ value }: IteratorResult<LogBatch>): LogBatch => {
    for (const event of value.events) if ('data' in event && event.stream === stream) read.push(Reflect.get(event.data, 'score'));
    return value;
  };
  return {
    read,
    next: async () => take(await pages.next()),
    until: async (count: number) => {
      while (read.length < count) take(await pages.next());
    },
    write: async (count: number) => {
      await log.append(stream, written - 1, range(written, written + count).map(scored));
      written += count;
    },
    end: async () => {
      abort.abort();
      await pages.return?.(undefined);
    },
  };
}

describe('a reader that is slower than the log grows', () => {
  it('gives its live subscription up, reads on, and misses and doubles nothing', async () => {
    const failures: unknown[] = [];
    let isLive: () => void = () => undefined;
    let isGivenUp: () => void = () => undefined;
    const live = new Promise<void>((resolve) => (isLive = resolve));
    const givenUp = new Promise<void>((resolve) => (isGivenUp = resolve));
    const subscribeToAll: EventStoreDBClient['subscribeToAll'] = (...args: Parameters<EventStoreDBClient['subscribeToAll']>) =>
      log.client.subscribeToAll(...args).on('confirmation', isLive).on('close', isGivenUp);
    const source = new EventStoreLogSource(new EventLog(clientWith({ subscribeToAll }), log.codec), (error) => failures.push(error), LIMITS);
    const reader = await readerOf(source);
    const first = reader.until(1);
    await live;
    await reader.write(1);
    await first;
    const total = 1_001;
    await reader.write(total - 1);
    await givenUp;
    await reader.until(total);
    expect(reader.read).toEqual(range(0, total));
    await reader.write(3);
    await reader.until(total + 3);
    expect(reader.read).toEqual(range(0, total + 3));
    expect({ resumed: source.resumed, failures }).toEqual({ resumed: 1, failures: [] });
    await reader.end();
  }, 120_000);

  it('is not dropped however long it takes over history', async () => {
    const source = new EventStoreLogSource(log, () => undefined, LIMITS);
    const reader = await readerOf(source);
    await reader.write(1_000);
    await reader.next();
    await reader.write(1_000);
    await reader.until(2_000);
    expect(reader.read).toEqual(range(0, 2_000));
    expect(source.resumed).toBe(0);
    await reader.end();
  }, 120_000);
});

describe('a reader whom the server drops', () => {
  it('misses and doubles nothing; each drop is counted, none is warned of', async () => {
    const failures: unknown[] = [];
    const subscribeToAll: EventStoreDBClient['subscribeToAll'] = (...args: Parameters<EventStoreDBClient['subscribeToAll']>) => {
      const subscription = log.client.subscribeToAll(...args);
      // Dropped with its first event on the way.
      return subscription.once('data', () => setImmediate(() => subscription.emit('error', tooSlow())));
    };
    const source = new EventStoreLogSource(new EventLog(clientWith({ subscribeToAll }), log.codec), (error) => failures.push(error), LIMITS);
    const reader = await readerOf(source);
    let written = 0;
    // Some events come with the reading after a drop and not with a live subscription: until there have been a few
    // drops.
    for (; source.resumed < DROPS && written < EVENTS_MAX; written += 1) {
      const next = reader.until(written + 1);
      await reader.write(1);
      await next;
    }
    expect(reader.read).toEqual(range(0, written));
    expect({ resumed: source.resumed, failures }).toEqual({ resumed: DROPS, failures: [] });
    await reader.end();
  }, 120_000);

  it('is told of once when nothing helps, and goes on when something does', async () => {
    const failures: unknown[] = [];
    let broken = FAILURES_TOLD + 2;
    const readAll = ((...args: Parameters<EventStoreDBClient['readAll']>) => {
      if (broken-- <= 0) return log.client.readAll(...args);
      return new Readable({ objectMode: true, read() { this.destroy(new UnavailableError({ message: 'down', code: 14, details: 'down', metadata: { getMap: () => ({}), get: () => [] } } as never)); } });
    }) as EventStoreDBClient['readAll'];
    const source = new EventStoreLogSource(new EventLog(clientWith({ readAll }), log.codec), (error) => failures.push(error), LIMITS);
    const reader = await readerOf(source);
    await reader.write(2);
    await reader.until(2);
    expect({ read: reader.read, failures, resumed: source.resumed }).toEqual({ read: [0, 1], failures: [expect.any(UnavailableError)], resumed: 1 });
    await reader.end();
  }, 120_000);

  it('knows that it has the whole log although the server never says so', async () => {
    const subscribeToAll: EventStoreDBClient['subscribeToAll'] = (...args: Parameters<EventStoreDBClient['subscribeToAll']>) => {
      const subscription = log.client.subscribeToAll(...args);
      const emit = subscription.emit.bind(subscription) as (...all: unknown[]) => boolean;
      return Object.assign(subscription, { emit: (name: string, ...rest: unknown[]) => name !== 'caughtUp' && emit(name, ...rest) });
    };
    const reader = await readerOf(new EventStoreLogSource(new EventLog(clientWith({ subscribeToAll }), log.codec)));
    await reader.write(1);
    for (let page = await reader.next(); !page.caughtUp; page = await reader.next());
    const next = reader.next();
    await reader.write(1);
    expect(await next).toMatchObject({ caughtUp: true });
    expect(reader.read).toEqual([0, 1]);
    await reader.end();
  });
});
