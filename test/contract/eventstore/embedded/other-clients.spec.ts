import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { credentials, type ServiceError, status } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { OperationsClient } from '@eventstore/db-client/generated/operations_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb.js';
import users from '@eventstore/db-client/generated/users_pb.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent, RequiredMetadataPropertyMissingError } from '@eventstore/db-client';

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

  function readAll({ direction = FORWARDS, prefix = '', regex = '', on = 'stream', structured = false, count = 100, withIds = true } = {}): Promise<streams.ReadResp[]> {
    const all = new streams.ReadReq.Options.AllOptions();
    if (direction === FORWARDS) all.setStart(new shared.Empty());
    else all.setEnd(new shared.Empty());
    const options = new streams.ReadReq.Options().setAll(all).setCount(String(count)).setReadDirection(direction);
    if (withIds) options.setUuidOption(structured ? new UUIDOption().setStructured(new shared.Empty()) : new UUIDOption().setString(new shared.Empty()));
    if (prefix === '' && regex === '') options.setNoFilter(new shared.Empty());
    else {
      const expression = new FilterOptions.Expression().setRegex(regex).setPrefixList(prefix === '' ? [] : [prefix]);
      const filter = new FilterOptions().setCount(new shared.Empty());
      options.setFilter(on === 'stream' ? filter.setStreamIdentifier(expression) : filter.setEventType(expression));
    }
    return answersTo(options);
  }

  function answersTo(options: streams.ReadReq.Options): Promise<streams.ReadResp[]> {
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

  it.each([
    ['stream names by regex', { on: 'stream', regex: '^first-\\d$' }],
    ['event types by prefix', { on: 'type', prefix: 'C' }],
    ['event types by regex', { on: 'type', regex: '^(Changed|Closed)$' }],
  ])('filters reads of $all on %s', async (_, filter) => {
    const found = filter.on === 'stream' ? ['Opened', 'Changed', 'Closed'] : ['Changed', 'Closed'];
    expect(types(await readAll(filter))).toEqual(found);
    expect(types(await readAll({ ...filter, direction: BACKWARDS, count: 1 }))).toEqual(['Closed']);
  });

  it.each([[0, []], [1, ['2']]])('tells where a stream ends to who asks for it (compatibility %s)', async (compatibility, ends) => {
    const stream = new streams.ReadReq.Options.StreamOptions().setStart(new shared.Empty()).setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from('first-1')));
    const control = new streams.ReadReq.Options.ControlOption().setCompatibility(compatibility);
    const options = new streams.ReadReq.Options().setStream(stream).setCount('1').setNoFilter(new shared.Empty()).setControlOption(control);
    const answers = await answersTo(options.setUuidOption(new UUIDOption().setString(new shared.Empty())));
    expect(answers.filter((answer) => answer.hasLastStreamPosition()).map((answer) => answer.getLastStreamPosition())).toEqual(ends);
    expect(answers.filter((answer) => answer.hasEvent())).toHaveLength(1);
  });

  it('gives ids as two numbers when asked to', async () => {
    const [answer] = await readAll({ structured: true, count: 1 });
    const structured = answer?.getEvent()?.getEvent()?.getId()?.getStructured();
    const halves = [structured?.getMostSignificantBits(), structured?.getLeastSignificantBits()];
    const hex = halves.map((half) => BigInt.asUintN(64, BigInt(half ?? '0')).toString(16).padStart(16, '0'));
    expect(hex.join('')).toBe(id.replaceAll('-', ''));
  });

  it.each<[string, (answer: (error: ServiceError | null) => void) => unknown, RegExp]>([
    ['creating a user', (answer) => new UsersClient(`127.0.0.1:${server.port}`, credentials.createInsecure()).create(new users.CreateReq(), answer), /--user name:password/],
    ['scavenging', (answer) => new OperationsClient(`127.0.0.1:${server.port}`, credentials.createInsecure()).startScavenge(new operations.StartScavengeReq(), answer), /eventstore check/],
  ])('answers %s with the way out', async (_, attempt, wayOut) => {
    const error = await new Promise<ServiceError | null>((resolve) => void attempt(resolve));
    expect(error?.code).toBe(status.UNIMPLEMENTED);
    expect(error?.details).toMatch(wayOut);
    expect(error?.details).toMatch(/ESDB_URL/);
  });

  it.each(['type', 'content-type'])('refuses an append of an event without its %s, and names what is missing', async (missing) => {
    const error = await new Promise<ServiceError | null>((resolve) => {
      const call = raw.append((reason) => resolve(reason));
      const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from('odd-1'));
      call.write(new streams.AppendReq().setOptions(new streams.AppendReq.Options().setStreamIdentifier(identifier).setAny(new shared.Empty())));
      const message = new streams.AppendReq.ProposedMessage().setId(new shared.UUID().setString(id));
      for (const [name, value] of [['type', 'Odd'], ['content-type', 'application/json']] as const) if (name !== missing) message.getMetadataMap().set(name, value);
      call.end(new streams.AppendReq().setProposedMessage(message));
    });
    if (error === null) throw new Error('It was answered.');
    expect(error.details).toContain(`'${missing}'`);
    // By this trailer the client chooses the class, which reads the other one.
    expect(error.metadata.get('exception')).toEqual(['missing-required-metadata-property']);
    expect(new RequiredMetadataPropertyMissingError(error).requiredMetadataProperties).toEqual(['type', 'content-type']);
  });

  it('refuses a read that does not say how it wants ids', async () => {
    const error: ServiceError = await readAll({ withIds: false }).then(() => Promise.reject(new Error('It was answered.')), (reason: ServiceError) => reason);
    expect(error.code).toBe(status.INVALID_ARGUMENT);
  });
});
