import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BACKWARDS, binaryEvent, END, EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';

import { type SpawnedEventStoreServer, spawnEventStoreServer } from '../../../../libs/eventstore-embedded/spawn-server.js';
import { collect, numbered, numbers, sign, take } from '../events.js';
import { newStream } from '../servers.js';

const EVENT_BYTES = 64 * 1024;
const EVENTS = 2_000;
/** 125 MiB lie in the log; a server that buffered them for even one reader would show it. */
const GROWTH_MB_MAX = 90;

describe('an embedded server under pressure', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-pressure-'));
  const stream = newStream('large');
  const links = newStream('links');
  let server: SpawnedEventStoreServer;
  let client: EventStoreDBClient;
  const large = () => binaryEvent({ type: 'Large', data: new Uint8Array(EVENT_BYTES) });
  beforeAll(async () => {
    server = await spawnEventStoreServer({ dataDir });
    client = EventStoreDBClient.connectionString(server.connectionString);
    for (let count = 0; count < EVENTS; count += 10) await client.appendToStream(stream, Array.from({ length: 10 }, large));
    await client.appendToStream(links, Array.from({ length: EVENTS }, (_, revision) => binaryEvent({ type: '$>', data: Buffer.from(`${revision}@${stream}`) })));
  });
  afterAll(async () => {
    await client.dispose();
    await server.stop();
    rmSync(dataDir, { recursive: true });
  });

  const ways: [string, () => AsyncIterable<unknown>][] = [
    ['reads a stream', () => client.readStream(stream)],
    ['reads $all', () => client.readAll()],
    ['reads $all backwards', () => client.readAll({ direction: BACKWARDS, fromPosition: END })],
    ['reads links', () => client.readStream(links, { resolveLinkTos: true })],
    ['subscribes to a stream', () => client.subscribeToStream(stream)],
    ['subscribes to links', () => client.subscribeToStream(links, { resolveLinkTos: true })],
    ['subscribes to $all', () => client.subscribeToAll({ fromPosition: START })],
  ];
  it.each(ways)('keeps no more than a page for each who %s and does not go on', async (_, begin) => {
    const before = residentMb(server.pid);
    const readers = Array.from({ length: 8 }, () => begin()[Symbol.asyncIterator]());
    for (const reader of readers) await reader.next();
    // Others are served meanwhile.
    const other = newStream();
    await client.appendToStream(other, numbered(10));
    expect(await collect(client.readStream(other))).toHaveLength(10);

    expect(residentMb(server.pid) - before).toBeLessThan(GROWTH_MB_MAX);
    for (const reader of readers) await reader.return?.();
  });

  it('lets a subscriber who stopped reading go on where it was', async () => {
    const mine = newStream();
    const subscription = client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [mine] }) });
    await sign(subscription, 'caughtUp');
    subscription.pause();
    for (let first = 0; first < 3_000; first += 500) await client.appendToStream(mine, numbered(500, { first }));
    expect(numbers(await take(subscription, 3_000))).toEqual(Array.from({ length: 3_000 }, (_, index) => index));
  });

  it('slows a writer who sends more than the disk takes, and loses nothing of it', async () => {
    const before = residentMb(server.pid);
    const fast = newStream('fast');
    // All are asked for at once, so the last waits for all before it.
    await Promise.all(Array.from({ length: 1_500 }, () => client.appendToStream(fast, large(), { deadline: 60_000 })));
    expect(residentMb(server.pid) - before).toBeLessThan(GROWTH_MB_MAX);
    const [newest] = await collect(client.readStream(fast, { direction: 'backwards', fromRevision: END, maxCount: 1 }));
    expect(newest?.event?.revision).toBe(1_499n);
  });

  it('refuses an expression that never comes to an end, and goes on serving', async () => {
    const mine = newStream('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
    await client.appendToStream(mine, numbered(1));
    const endless = take(client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ regex: '^(a+)+$' }) }), 1);
    await expect(endless).rejects.toThrow(/backtracks too much/);
    expect(await collect(client.readStream(mine))).toHaveLength(1);
  });
});

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}
