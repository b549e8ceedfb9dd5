import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { binaryEvent, END, EventStoreDBClient, START, type StreamSubscription, type AllStreamSubscription, streamNameFilter } from '@eventstore/db-client';

import { type SpawnedEventStoreServer, spawnEventStoreServer } from '../../../../libs/eventstore-embedded/spawn-server.js';
import { LIVE_BUFFER_EVENTS_REAL } from '../../../../libs/eventstore-embedded/start-server.js';
import { collect, numbered, numbers, sign, take } from '../events.js';
import { newStream } from '../servers.js';

const EVENT_BYTES = 16 * 1024;
/** More than the buffers between the server and the subscriber hold, by far. */
const EVENTS_MAX = 2_000;

describe('a server with the buffer of the real one', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-slow-'));
  let server: SpawnedEventStoreServer;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    server = await spawnEventStoreServer({ dataDir, liveBufferEvents: LIVE_BUFFER_EVENTS_REAL });
    client = EventStoreDBClient.connectionString(server.connectionString);
  });
  afterAll(async () => {
    await client.dispose();
    await server.stop();
    rmSync(dataDir, { recursive: true });
  });
  const appendLarge = async (stream: string) => {
    const large = () => binaryEvent({ type: 'Large', data: new Uint8Array(EVENT_BYTES) });
    for (let count = 0; count < EVENTS_MAX; count += 20) await client.appendToStream(stream, Array.from({ length: 20 }, large));
  };

  const ways: [string, (stream: string) => StreamSubscription | AllStreamSubscription][] = [
    ['a stream', (stream) => client.subscribeToStream(stream, { fromRevision: END })],
    ['$all', () => client.subscribeToAll({ fromPosition: END })],
    ['$all with a filter', (stream) => client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [stream] }) })],
  ];
  it.each(ways)('drops a live subscriber to %s who takes nothing, after what was sent', async (_, begin) => {
    const stream = newStream();
    const subscription = begin(stream);
    let arrived = 0;
    subscription.on('data', () => arrived++);
    await sign(subscription, 'caughtUp');
    subscription.pause();
    await appendLarge(stream);
    const ended = new Promise<unknown>((resolve) => subscription.once('error', resolve));
    subscription.resume();

    const error = await ended;
    expect(error).toMatchObject({ code: status.ABORTED });
    expect(String(error)).toMatch(/Consumer too slow/);
    expect(arrived).toBeLessThan(EVENTS_MAX);
  });

  it('keeps one who passes over events that it has not asked for', async () => {
    const [stream, mine] = [newStream(), newStream()];
    const subscription = client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [mine] }) });
    const taking = take(subscription, 1);
    await sign(subscription, 'caughtUp');
    subscription.pause();
    await appendLarge(stream);
    await client.appendToStream(mine, numbered(1));
    subscription.resume();
    expect(numbers(await taking)).toEqual([0]);
  });

  it('keeps a slow one in history, and slow readers', async () => {
    const stream = newStream();
    await appendLarge(stream);
    const subscription = client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: [stream] }) });
    await sign(subscription, 'confirmation');
    subscription.pause();
    await client.appendToStream(newStream(), numbered(1));
    expect(await collect(client.readStream(stream))).toHaveLength(EVENTS_MAX);
    expect(await take(subscription, 1_000)).toHaveLength(1_000);
  });
});
