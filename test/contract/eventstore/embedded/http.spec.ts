import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';

import { spawnEventStoreServer } from '../../../../libs/eventstore-embedded/spawn-server.js';
import { numbered } from '../events.js';
import { describeContract, newStream } from '../servers.js';

type Answer = { code: number | undefined; headers: IncomingHttpHeaders; body: string };

const onlyEmbedded = process.env.ESDB_URL === undefined ? it : it.skip;

describeContract('HTTP/1 on the port of gRPC', (server) => {
  function send(path: string, method = 'GET'): Promise<Answer> {
    const { host, searchParams } = new URL(server.connectionString.replace(/^esdb:/, 'http:'));
    const isTls = searchParams.get('tls') === 'true';
    return new Promise((resolve, reject) => {
      const sending = (isTls ? requestTls : requestPlain)(
        `${isTls ? 'https' : 'http'}://${host}${path}`,
        { method, ...(isTls && { rejectUnauthorized: false }) },
        (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (text: string) => (body += text));
          response.on('end', () => resolve({ code: response.statusCode, headers: response.headers, body }));
        },
      );
      sending.on('error', reject).end();
    });
  }

  it('says that the server lives, with 204 or the code that is asked for', async () => {
    expect(await send('/health/live')).toMatchObject({ code: 204, body: '' });
    expect(await send('/health/live', 'HEAD')).toMatchObject({ code: 204 });
    expect(await send('/health/live?liveCode=200')).toMatchObject({ code: 200 });
  });

  it.each([
    ['/info', { esVersion: expect.stringMatching(/^\d+\.\d+\.\d+/), state: 'leader' }],
    ['/gossip', { members: [expect.objectContaining({ state: 'Leader', isAlive: true, httpEndPointPort: expect.any(Number) })] }],
    ['/stats', { proc: expect.objectContaining({ id: expect.any(Number) }) }],
  ])('answers %s as JSON', async (path, expected) => {
    const { code, headers, body } = await send(path);
    expect(code).toBe(200);
    expect(headers['content-type']).toMatch(/json/);
    expect(JSON.parse(body)).toMatchObject(expected);
  });

  onlyEmbedded('says what there is to who asks for something else, and refuses what would change something', async () => {
    expect(await send('/web/index.html')).toMatchObject({ code: 404, body: expect.stringContaining('/health/live') });
    expect(await send('/info', 'POST')).toMatchObject({ code: 405 });
  });

  it('goes on beside gRPC', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, async (_, index) => {
      if (index % 2 === 0) return (await send('/health/live')).code;
      return (await server.client.appendToStream(newStream(), numbered(1))).nextExpectedRevision;
    }));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 204 : 0n)));
  });
});

it('a connection that says nothing, or one letter of it, does not hold up a server that stops', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-http-'));
  const server = await spawnEventStoreServer({ dataDir });
  const client = EventStoreDBClient.connectionString(server.connectionString);
  const sockets = ['', 'P', 'PR'].map((text) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(text);
    return socket;
  });
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  await expect(client.appendToStream('orders-1', numbered(1))).resolves.toMatchObject({ success: true });
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.resume().once('close', resolve))));
  await client.dispose();
  await server.stop();
  await closed;
  expect(await server.exited).toEqual({ code: 0, signal: null });
  rmSync(dataDir, { recursive: true });
});
