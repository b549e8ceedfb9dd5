import { expect, it } from '@jest/globals';
import { BACKWARDS, END, jsonEvent, WrongExpectedVersionError } from '@eventstore/db-client';

import { collect, numbered, revisions } from './events.js';
import { describeContract, newStream } from './servers.js';

describeContract('the metadata of a stream', (server) => {
  async function streamWith(count: number, metadata: Parameters<typeof server.client.setStreamMetadata>[1]): Promise<string> {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(count));
    await server.client.setStreamMetadata(stream, metadata);
    return stream;
  }
  const forwards = async (stream: string, options = {}) => revisions(await collect(server.client.readStream(stream, options)));
  const backwards = (stream: string, options = {}) => forwards(stream, { direction: BACKWARDS, fromRevision: END, ...options });

  it('is returned as it was written, its own names and the access list included', async () => {
    const metadata = {
      maxCount: 10, maxAge: 3_600, truncateBefore: 1, cacheControl: 60, owner: 'Ana',
      acl: { readRoles: ['$all'], writeRoles: ['$admins'], deleteRoles: ['$admins'], metaReadRoles: ['$all'], metaWriteRoles: ['$admins'] },
    };
    const stream = await streamWith(1, metadata);
    expect((await server.client.getStreamMetadata(stream)).metadata).toEqual(metadata);
  });

  it('is none where none was written', async () => {
    expect(await server.client.getStreamMetadata(newStream())).toEqual(expect.not.objectContaining({ metadata: expect.anything() }));
  });

  it('keeps only the newest events in sight by number', async () => {
    const stream = await streamWith(5, { maxCount: 2 });
    expect(await forwards(stream)).toEqual([3n, 4n]);
    expect(await forwards(stream, { fromRevision: 1n })).toEqual([3n, 4n]);
    expect(await backwards(stream)).toEqual([4n, 3n]);
    expect(await backwards(stream, { fromRevision: 2n })).toEqual([]);
    await server.client.appendToStream(stream, numbered(1));
    expect(await forwards(stream)).toEqual([4n, 5n]);
  });

  it('hides what is before a revision', async () => {
    const stream = await streamWith(5, { truncateBefore: 3 });
    expect(await forwards(stream)).toEqual([3n, 4n]);
    expect(await backwards(stream)).toEqual([4n, 3n]);
  });

  it('that hides everything leaves an empty stream, not a missing one', async () => {
    const stream = await streamWith(3, { truncateBefore: 100 });
    expect(await forwards(stream)).toEqual([]);
    expect(await backwards(stream)).toEqual([]);
    await expect(server.client.appendToStream(stream, numbered(1), { expectedRevision: 2n })).resolves.toMatchObject({ nextExpectedRevision: 3n });
  });

  it('hides events that are too old, and shows them again when the age is lifted', async () => {
    // Long enough for a busy machine to append and to read twice within it.
    const maxAgeS = 3;
    const stream = await streamWith(3, { maxAge: maxAgeS });
    const [oldest] = await collect(server.client.readAll({ direction: BACKWARDS, maxCount: 1, fromPosition: END }));
    const readableUntil = (oldest?.event?.created.getTime() ?? 0) + maxAgeS * 1_000;
    // There is no clock to set on the server, so the test sees the age pass.
    while (Date.now() <= readableUntil + 100) await new Promise((resolve) => setImmediate(resolve));
    expect(await forwards(stream)).toEqual([]);
    expect(await backwards(stream)).toEqual([]);

    await server.client.appendToStream(stream, numbered(1));
    expect(await forwards(stream)).toEqual([3n]);
    expect(await backwards(stream)).toEqual([3n]);
    await server.client.setStreamMetadata(stream, {});
    expect(await forwards(stream)).toEqual([0n, 1n, 2n, 3n]);
  });

  it('is replaced as a whole by the next', async () => {
    const stream = await streamWith(5, { maxCount: 2, owner: 'Ana' });
    await server.client.setStreamMetadata(stream, { truncateBefore: 1 });
    expect((await server.client.getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 1 });
    expect(await forwards(stream)).toEqual([1n, 2n, 3n, 4n]);
  });

  it('is a stream of its own, of which the newest event is in sight', async () => {
    const stream = await streamWith(1, { maxCount: 1 });
    await server.client.setStreamMetadata(stream, { maxCount: 2 }, { expectedRevision: 0n });
    await expect(server.client.setStreamMetadata(stream, { maxCount: 3 }, { expectedRevision: 0n })).rejects.toBeInstanceOf(WrongExpectedVersionError);
    expect(await forwards(`$$${stream}`)).toEqual([1n]);
  });

  it('can be written before the stream', async () => {
    const stream = newStream();
    await server.client.setStreamMetadata(stream, { maxCount: 2 });
    await server.client.appendToStream(stream, numbered(3), { expectedRevision: 'no_stream' });
    expect(await forwards(stream)).toEqual([1n, 2n]);
  });

  it('of $all is kept and returned', async () => {
    const acl = { readRoles: ['$all'], metaReadRoles: ['$all'] };
    await server.client.setStreamMetadata('$all', { acl });
    expect((await server.client.getStreamMetadata('$all')).metadata).toMatchObject({ acl });
    expect((await collect(server.client.readAll({ maxCount: 1 }))).length).toBe(1);
  });

  it('that is not what it should be is kept and not minded', async () => {
    const stream = await streamWith(3, {});
    await server.client.appendToStream(`$$${stream}`, jsonEvent({ type: '$metadata', data: { $maxCount: 'two' } }));
    expect(await forwards(stream)).toEqual([0n, 1n, 2n]);
  });
});
