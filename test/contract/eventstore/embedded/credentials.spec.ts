import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessDeniedError, EventStoreDBClient } from '@eventstore/db-client';

import { type SpawnedEventStoreServer, spawnEventStoreServer } from '../../../../libs/eventstore-embedded/spawn-server.js';
import { startEventStoreServer } from '../../../../libs/eventstore-embedded/start-server.js';
import { collect, numbered, take } from '../events.js';
import { createCertificate, newStream } from '../servers.js';

describe('an embedded server with users', () => {
  const directory = mkdtempSync(join(tmpdir(), 'eventstore-users-'));
  const users = { admin: 'change:it', ana: 'päss' };
  let server: SpawnedEventStoreServer;
  let certFile: string;
  const clients: EventStoreDBClient[] = [];
  const clientOf = (name?: string, password?: string) => {
    const credentials = name === undefined ? '' : `${encodeURIComponent(name)}:${encodeURIComponent(password ?? '')}@`;
    const client = EventStoreDBClient.connectionString(`esdb://${credentials}localhost:${server.port}?tls=true&tlsCAFile=${encodeURIComponent(certFile)}`);
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    const tls = createCertificate(directory);
    certFile = tls.certFile;
    server = await spawnEventStoreServer({ dataDir: join(directory, 'log'), tls, users });
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  it.each(Object.entries(users))('lets %s in', async (name, password) => {
    const client = clientOf(name, password);
    const stream = newStream();
    await client.appendToStream(stream, numbered(2));
    expect(await collect(client.readStream(stream))).toHaveLength(2);
    await client.appendToStream(stream, numbered(1), { credentials: { username: name, password } });
    expect(await take(client.subscribeToStream(stream), 3)).toHaveLength(3);
    await client.deleteStream(stream);
  });

  it.each([
    ['nobody', undefined, undefined],
    ['a stranger', 'eve', 'x'],
    ['a wrong password', 'admin', 'changeit'],
  ])('keeps %s out of everything', async (_, name, password) => {
    const client = clientOf(name, password);
    const stream = newStream();
    for (const attempt of [
      () => client.appendToStream(stream, numbered(1)),
      () => collect(client.readStream(stream)),
      () => collect(client.readAll()),
      () => take(client.subscribeToAll(), 1),
      () => client.deleteStream(stream),
      () => client.tombstoneStream(stream),
      () => client.getStreamMetadata(stream),
    ]) {
      await expect(attempt()).rejects.toBeInstanceOf(AccessDeniedError);
    }
    const byAppend = client.appendToStream(stream, numbered(1), { credentials: { username: 'eve', password: 'x' } });
    await expect(byAppend).rejects.toBeInstanceOf(AccessDeniedError);
  });

  it('does not start without TLS, because clients would not send their passwords', async () => {
    await expect(startEventStoreServer({ dataDir: join(directory, 'plain'), users })).rejects.toThrow(/Users need TLS/);
  });
});
