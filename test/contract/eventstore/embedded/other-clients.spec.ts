import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { credentials, type ServiceError, status } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

import { type SpawnedEventStoreServer, spawnEventStoreServer } from '../../../../libs/eventstore-embedded/spawn-server.js';

const { FilterOptions, UUIDOption } = streams.ReadReq.Options;
const { FORWARDS, BACKWARDS } = streams.ReadReq.Options.ReadDirection;

/** What the protocol has and the Node client never sends: filtered reads of $all, ids as two numbers. */
describe('an embedded server with clients in other languages', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-raw-'));
  const id = 'f0e1d2c3-b4a5-4687-9f8e-0123456789ab';
  let server: SpawnedEventStoreServer;
  let raw: StreamsClient;
  beforeAll(async () => {
    server = await spawnEventStoreServer({ dataDir });
    const client = EventStoreDBClient.connectionString(server.connectionString);
    await client.appendToStream('first-1', jsonEvent({ id, type: 'Opened', data: {} }));
    for (let count = 0; count < 50; count++) await client.appendToStream(`other-${count % 7}`, jsonEvent({ type: 'Passed', data: {} }));
    await client.appendToStream('first-1', [jsonEvent({ type: 'Changed', data: {} }), jsonEvent({ type: 'Closed', data: {} })]);
    await client.dispose();
    raw = new StreamsClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  });
  afterAll(async () => {
    raw.close();
    await server.stop();
    rmSync(dataDir, { recursive: true });
  });

  function readAll({ direction = FORWARDS, prefix = '', structured = false, count = 100, withIds = true } = {}): Promise<streams.ReadResp[]> {
    const all = new streams.ReadReq.Options.AllOptions();
    if (direction === FORWARDS) all.setStart(new shared.Empty());
    else all.setEnd(new shared.Empty());
    const options = new streams.ReadReq.Options().setAll(all).setCount(String(count)).setReadDirection(direction);
    if (withIds) options.setUuidOption(structured ? new UUIDOption().setStructured(new shared.Empty()) : new UUIDOption().setString(new shared.Empty()));
    if (prefix === '') options.setNoFilter(new shared.Empty());
    else options.setFilter(new FilterOptions().setStreamIdentifier(new FilterOptions.Expression().setPrefixList([prefix])).setCount(new shared.Empty()));
    const answers: streams.ReadResp[] = [];
    return new Promise((resolve, reject) => {
      const reading = raw.read(new streams.ReadReq().setOptions(options));
      reading.on('data', (answer: streams.ReadResp) => answers.push(answer));
      reading.on('error', reject).on('end', () => resolve(answers));
    });
  }
  const types = (answers: streams.ReadResp[]) => answers.map((answer) => answer.getEvent()?.getEvent()?.getMetadataMap().get('type'));

  it('filters reads of $all in both directions, and counts only what it returns', async () => {
    expect(types(await readAll({ prefix: 'first' }))).toEqual(['Opened', 'Changed', 'Closed']);
    expect(types(await readAll({ prefix: 'first', direction: BACKWARDS }))).toEqual(['Closed', 'Changed', 'Opened']);
    expect(types(await readAll({ prefix: 'first', count: 2 }))).toEqual(['Opened', 'Changed']);
  });

  it('gives ids as two numbers when asked to', async () => {
    const [answer] = await readAll({ structured: true, count: 1 });
    const structured = answer?.getEvent()?.getEvent()?.getId()?.getStructured();
    const halves = [structured?.getMostSignificantBits(), structured?.getLeastSignificantBits()];
    const hex = halves.map((half) => BigInt.asUintN(64, BigInt(half ?? '0')).toString(16).padStart(16, '0'));
    expect(hex.join('')).toBe(id.replaceAll('-', ''));
  });

  it('refuses a read that does not say how it wants ids', async () => {
    const error: ServiceError = await readAll({ withIds: false }).then(() => Promise.reject(new Error('It was answered.')), (reason: ServiceError) => reason);
    expect(error.code).toBe(status.INVALID_ARGUMENT);
  });
});
