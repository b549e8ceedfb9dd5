import { randomUUID } from 'node:crypto';

import { expect, it } from '@jest/globals';
import { binaryEvent, jsonEvent, MaxAppendSizeExceededError, NO_STREAM, UnknownError } from '@eventstore/db-client';

import { collect, numbered, numbers, revisions } from './events.js';
import { describeContract, newStream } from './servers.js';

const APPEND_BYTES_MAX = 1024 * 1024;
/** Credentials of its own make the client send an Append; without, it sends a BatchAppend. */
const byAppend = { credentials: { username: 'admin', password: 'changeit' } };

const SLOW_MS = 300_000;

describeContract('appending', (server) => {
  it.each([['BatchAppend', {}], ['Append', byAppend]])('keeps everything an event consists of, by %s', async (_, options) => {
    const stream = newStream();
    const id = randomUUID();
    const event = jsonEvent({ id, type: 'QuoteAngefragt', data: { stadt: 'Zürich', n: 1.5 }, metadata: { $correlationId: 'c-1', actor: 'Ana' } });
    const before = Date.now();
    await server.client.appendToStream(stream, event, options);
    const [read] = await collect(server.client.readStream(stream));

    expect(read?.event).toMatchObject({
      id, type: 'QuoteAngefragt', streamId: stream, revision: 0n, isJson: true, data: { stadt: 'Zürich', n: 1.5 }, metadata: { $correlationId: 'c-1', actor: 'Ana' },
    });
    expect(read?.event?.created.getTime()).toBeGreaterThanOrEqual(before - 1_000);
    expect(read?.event?.created.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  it.each([['BatchAppend', {}], ['Append', byAppend]])('keeps bytes as they are, by %s', async (_, options) => {
    const stream = newStream();
    const data = Uint8Array.from({ length: 256 }, (__, index) => index);
    await server.client.appendToStream(stream, binaryEvent({ type: 'PictureStored', data, metadata: Uint8Array.of(0, 255) }), options);
    const [read] = await collect(server.client.readStream(stream));

    expect(read?.event?.isJson).toBe(false);
    // The client's bytes come from another realm than the test's, so they are compared by value.
    expect(Buffer.from(Object(read?.event?.data))).toEqual(Buffer.from(data));
    expect(Buffer.from(Object(read?.event?.metadata))).toEqual(Buffer.from([0, 255]));
  });

  it.each([['BatchAppend', {}], ['Append', byAppend]])('answers with the last revision and its position, by %s', async (_, options) => {
    const stream = newStream();
    const appended = await server.client.appendToStream(stream, numbered(3), { ...options, expectedRevision: NO_STREAM });
    const events = await collect(server.client.readStream(stream));

    expect(appended).toMatchObject({ success: true, nextExpectedRevision: 2n });
    expect(appended.position).toEqual(events[2]?.event?.position);
    expect(revisions(events)).toEqual([0n, 1n, 2n]);
  });

  it.each([['BatchAppend', {}], ['Append', byAppend]])('puts a batch together from its chunks, by %s', async (_, options) => {
    const stream = newStream();
    // Every event becomes a chunk of its own.
    const appended = await server.client.appendToStream(stream, numbered(200), { ...options, batchAppendSize: 64 });

    expect(appended.nextExpectedRevision).toBe(199n);
    expect(numbers(await collect(server.client.readStream(stream)))).toEqual(Array.from({ length: 200 }, (__, index) => index));
  });

  it('keeps the batches of concurrent writers apart', async () => {
    const stream = newStream();
    const batches = Array.from({ length: 20 }, (_, batch) => numbered(25, { first: batch * 1_000 }));
    await Promise.all(batches.map((batch) => server.client.appendToStream(stream, batch, { batchAppendSize: 128 })));
    const read = numbers(await collect(server.client.readStream(stream)));

    expect(read).toHaveLength(500);
    for (let from = 0; from < read.length; from += 25) {
      const first = Number(read[from]);
      expect(read.slice(from, from + 25)).toEqual(Array.from({ length: 25 }, (_, index) => first + index));
    }
  });

  it.each([['BatchAppend', {}], ['Append', byAppend]])('takes exactly the largest append and refuses one byte more, by %s', async (_, options) => {
    const stream = newStream();
    const type = 'Filled';
    // The type counts twice, as it does in the real server's memory.
    const largest = new Uint8Array(APPEND_BYTES_MAX - 2 * type.length);
    await server.client.appendToStream(stream, binaryEvent({ type, data: largest }), options);
    const tooLarge = server.client.appendToStream(stream, binaryEvent({ type, data: new Uint8Array(largest.length + 1) }), options);

    await expect(tooLarge).rejects.toBeInstanceOf(MaxAppendSizeExceededError);
    await expect(tooLarge).rejects.toMatchObject({ maxAppendSize: APPEND_BYTES_MAX });
    expect(await collect(server.client.readStream(stream))).toHaveLength(1);
  });

  it('refuses a call of very many events that is too large, with the reason', async () => {
    const events = numbered(40_000);
    for (let attempt = 0; attempt < 3; attempt++) {
      // A busy machine takes long to send so many messages; the client's own deadline is not what is tried here.
      const attempted = server.client.appendToStream(newStream(), events, { ...byAppend, deadline: SLOW_MS });
      await expect(attempted).rejects.toBeInstanceOf(MaxAppendSizeExceededError);
    }
  });

  it('refuses a batch that is too large only in sum, and goes on', async () => {
    const stream = newStream();
    const halves = [0, 1, 2].map(() => binaryEvent({ type: 'Half', data: new Uint8Array(APPEND_BYTES_MAX / 2 - 1_000) }));

    await expect(server.client.appendToStream(stream, halves, { batchAppendSize: 1_000 })).rejects.toBeInstanceOf(MaxAppendSizeExceededError);
    await expect(server.client.appendToStream(stream, numbered(1))).resolves.toMatchObject({ nextExpectedRevision: 0n });
  });

  it('refuses an event without a proper id, and goes on', async () => {
    const stream = newStream();
    await expect(server.client.appendToStream(stream, jsonEvent({ id: 'no-uuid', type: 'Odd', data: {} }))).rejects.toBeInstanceOf(UnknownError);
    await expect(server.client.appendToStream(stream, numbered(1))).resolves.toMatchObject({ success: true });
  });

  it('tells streams apart by every character of their names', async () => {
    const stream = newStream();
    const names = [stream, `${stream} `, stream.toUpperCase(), `${stream}/ä€😀`];
    for (const [index, name] of names.entries()) await server.client.appendToStream(name, numbered(1, { first: index }));

    for (const [index, name] of names.entries()) expect(numbers(await collect(server.client.readStream(name)))).toEqual([index]);
  });
});
