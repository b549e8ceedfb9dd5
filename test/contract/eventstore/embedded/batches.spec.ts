import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ClientDuplexStream, credentials, status } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type SpawnedEventStoreServer, spawnEventStoreServer } from '../../../../libs/eventstore-embedded/spawn-server.js';
import { newStream } from '../servers.js';

type Chunk = { batch: string; stream?: string; deadlineMs?: number; events: number; isFinal: boolean };

/** What happens on one BatchAppend call: the Node client always sends a batch whole and in one go. */
describe('batches on one call to an embedded server', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-batches-'));
  let server: SpawnedEventStoreServer;
  let raw: StreamsClient;
  let call: ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
  let answers: streams.BatchAppendResp[];
  let over: Promise<void>;
  let wake: () => void = () => undefined;
  beforeAll(async () => {
    server = await spawnEventStoreServer({ dataDir });
    raw = new StreamsClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  });
  afterAll(async () => {
    raw.close();
    await server.stop();
    rmSync(dataDir, { recursive: true });
  });
  beforeEach(() => {
    answers = [];
    call = raw.batchAppend();
    over = new Promise<void>((resolve, reject) => call.on('status', () => resolve()).on('error', reject));
    call.on('data', (answer: streams.BatchAppendResp) => {
      answers.push(answer);
      wake();
    });
  });
  afterEach(async () => {
    // The server ends its side when it has answered all that was finished; stopped before that, it would tell of the stop instead.
    call.end();
    await over;
  });

  function send({ batch, stream, deadlineMs, events, isFinal }: Chunk): void {
    const request = new streams.BatchAppendReq().setCorrelationId(new shared.UUID().setString(batch)).setIsFinal(isFinal);
    if (stream !== undefined) {
      const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
      const options = new streams.BatchAppendReq.Options().setStreamIdentifier(identifier).setAny(new empty.Empty());
      if (deadlineMs !== undefined) options.setDeadline(timestamp.Timestamp.fromDate(new Date(deadlineMs)));
      request.setOptions(options);
    }
    for (let count = 0; count < events; count++) {
      const message = new streams.BatchAppendReq.ProposedMessage().setId(new shared.UUID().setString(randomUUID()));
      message.getMetadataMap().set('type', 'Sent').set('content-type', 'application/octet-stream');
      request.addProposedMessages(message);
    }
    call.write(request);
  }

  async function answered(count: number): Promise<streams.BatchAppendResp[]> {
    while (answers.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return answers;
  }
  const about = (batch: string) => answers.find((answer) => answer.getCorrelationId()?.getString() === batch);
  const errorOf = (batch: string) => [about(batch)?.getError()?.getMessage(), about(batch)?.getError()?.getDetails()?.getTypeName()];

  it('that come in pieces, one between the other’s, are put together each by its own', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const [stream, second] = [newStream(), newStream()];
    send({ batch: one, stream, events: 2, isFinal: false });
    send({ batch: other, stream: second, events: 1, isFinal: false });
    send({ batch: one, events: 3, isFinal: false });
    send({ batch: other, events: 1, isFinal: true });
    send({ batch: one, events: 1, isFinal: true });
    await answered(2);
    expect([about(one)?.getSuccess()?.getCurrentRevision(), about(other)?.getSuccess()?.getCurrentRevision()]).toEqual(['5', '1']);
    expect(Buffer.from(about(one)?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe(stream);
  });

  it('that are not whole by their deadline are refused, and what still comes of them is passed over', async () => {
    const [late, next] = [randomUUID(), randomUUID()];
    const stream = newStream();
    send({ batch: late, stream, deadlineMs: Date.now() + 100, events: 1, isFinal: false });
    await answered(1);
    expect(errorOf(late)).toEqual(['Timeout', 'event_store.client.Timeout']);
    send({ batch: late, events: 1, isFinal: true });
    send({ batch: next, stream, events: 1, isFinal: true });
    await answered(2);
    expect(about(next)?.getSuccess()?.getCurrentRevision()).toBe('0');
    expect(answers).toHaveLength(2);
  });

  it('whose deadline is over when they come are refused', async () => {
    const batch = randomUUID();
    send({ batch, stream: newStream(), deadlineMs: Date.now() - 1_000, events: 1, isFinal: true });
    await answered(1);
    expect(errorOf(batch)).toEqual(['Timeout', 'event_store.client.Timeout']);
  });

  it('to no stream are refused alone', async () => {
    const [bad, good] = [randomUUID(), randomUUID()];
    send({ batch: bad, stream: '', events: 1, isFinal: true });
    send({ batch: good, stream: newStream(), events: 1, isFinal: true });
    await answered(2);
    expect(errorOf(bad)[1]).toBe('event_store.client.BadRequest');
    expect(about(good)?.hasSuccess()).toBe(true);
  });

  it('that were never finished leave nothing behind', async () => {
    const [left, next] = [randomUUID(), randomUUID()];
    const stream = newStream();
    send({ batch: left, stream, events: 5, isFinal: false });
    send({ batch: next, stream, events: 1, isFinal: true });
    await answered(1);
    expect(about(next)?.getSuccess()?.getCurrentRevision()).toBe('0');
  });

  it('that have all come before the call is ended are all answered, in their order', async () => {
    const stream = newStream();
    for (let batch = 0; batch < 100; batch++) send({ batch: randomUUID(), stream, events: 1, isFinal: true });
    call.end();
    await over;
    expect(answers.map((answer) => answer.getSuccess()?.getCurrentRevision())).toEqual(Array.from({ length: 100 }, (_, revision) => String(revision)));
  });

  it('that have all come before the call is ended are all refused where they must be', async () => {
    for (let batch = 0; batch < 100; batch++) send({ batch: randomUUID(), stream: '', events: 1, isFinal: true });
    call.end();
    await over;
    expect(answers.filter((answer) => answer.hasError())).toHaveLength(100);
  });

  it('that are no such request end the call with a sentence', async () => {
    const bytes = raw.makeBidiStreamRequest('/event_store.client.streams.Streams/BatchAppend', (request: Buffer) => request, (answer) => answer);
    const refused = new Promise<{ code?: number; details?: string }>((resolve) => bytes.on('error', resolve));
    bytes.on('data', () => undefined);
    bytes.write(Buffer.from('no protocol buffer'));
    expect(await refused).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'The request is no BatchAppendReq.' });
    bytes.cancel();
  });
});
