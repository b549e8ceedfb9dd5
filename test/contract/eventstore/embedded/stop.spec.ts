import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CancelledError, END, EventStoreDBClient, UnavailableError } from '@eventstore/db-client';

import { spawnEventStoreServer } from '../../../../libs/eventstore-embedded/spawn-server.js';
import { startEventStoreServer } from '../../../../libs/eventstore-embedded/start-server.js';
import { collect, numbered, sign } from '../events.js';

describe('stopping an embedded server', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'eventstore-stop-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('answers what was sent, ends subscriptions as unavailable, and keeps every acknowledged event', async () => {
    const server = await spawnEventStoreServer({ dataDir });
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const subscription = client.subscribeToAll({ fromPosition: END });
    const ended = new Promise((resolve) => subscription.on('error', resolve));
    await sign(subscription, 'caughtUp');
    const appends = Promise.allSettled(Array.from({ length: 200 }, (_, index) => client.appendToStream(`stream-${index}`, numbered(3))));
    await client.appendToStream('stream-last', numbered(1));
    await server.stop();

    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(await ended).toBeInstanceOf(UnavailableError);
    const answers = await appends;
    // As from the real server: the call that carries batches is cancelled.
    const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    expect(failures.filter((reason) => !(reason instanceof CancelledError))).toEqual([]);

    const again = await spawnEventStoreServer({ dataDir });
    const newClient = EventStoreDBClient.connectionString(again.connectionString);
    for (const [index, answer] of answers.entries()) {
      if (answer.status === 'fulfilled') expect(await collect(newClient.readStream(`stream-${index}`))).toHaveLength(3);
    }
    expect(again.cutReport).toBeUndefined();
    await client.dispose();
    await newClient.dispose();
    await again.stop();
  });

  it('lets the same client go on when a server is there again', async () => {
    const first = await spawnEventStoreServer({ dataDir });
    const client = EventStoreDBClient.connectionString(first.connectionString);
    await client.appendToStream('orders-1', numbered(1));
    await first.stop();
    await expect(client.appendToStream('orders-1', numbered(1))).rejects.toThrow();
    const second = await spawnEventStoreServer({ dataDir, port: first.port });
    // The client notices the loss with its first failure and connects anew with the next call.
    let revision: bigint | undefined;
    for (let attempt = 0; attempt < 20 && revision === undefined; attempt++) {
      revision = await client.appendToStream('orders-1', numbered(1), { expectedRevision: 0n }).then((answer) => answer.nextExpectedRevision, () => undefined);
    }
    expect(revision).toBe(1n);
    await client.dispose();
    await second.stop();
  });

  it('lets go of the directory, which has one server at a time', async () => {
    const first = await startEventStoreServer({ dataDir });
    await expect(spawnEventStoreServer({ dataDir })).rejects.toThrow(/in use by process/);
    await first.stop();
    const second = await spawnEventStoreServer({ dataDir });
    await second.stop();
  });

  it('takes over from a server that was killed', async () => {
    const killed = await spawnEventStoreServer({ dataDir });
    process.kill(killed.pid, 'SIGKILL');
    expect(await killed.exited).toMatchObject({ signal: 'SIGKILL' });
    const next = await spawnEventStoreServer({ dataDir });
    await next.stop();
  });

  it('is not done by Ctrl-C alone: the parent stops it in its order', async () => {
    const server = await spawnEventStoreServer({ dataDir });
    process.kill(server.pid, 'SIGINT');
    const client = EventStoreDBClient.connectionString(server.connectionString);
    await expect(client.appendToStream('orders-1', numbered(1))).resolves.toMatchObject({ success: true });
    await client.dispose();
    await server.stop();
  });
});
