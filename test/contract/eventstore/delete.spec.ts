import { expect, it } from '@jest/globals';
import { ANY, BACKWARDS, END, NO_STREAM, StreamDeletedError, StreamNotFoundError, WrongExpectedVersionError } from '@eventstore/db-client';

import { collect, numbered, revisions } from './events.js';
import { describeContract, newStream } from './servers.js';

describeContract('ending a stream', (server) => {
  async function streamWith(count: number): Promise<string> {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(count));
    return stream;
  }

  it('softly makes it unknown to readers, whatever the direction', async () => {
    const stream = await streamWith(2);
    await server.client.deleteStream(stream);
    await expect(collect(server.client.readStream(stream))).rejects.toBeInstanceOf(StreamNotFoundError);
    await expect(collect(server.client.readStream(stream, { direction: BACKWARDS, fromRevision: END }))).rejects.toBeInstanceOf(StreamNotFoundError);
  });

  it('softly lets the next append continue its revisions, and hides what was before', async () => {
    const stream = await streamWith(3);
    await server.client.deleteStream(stream);
    await expect(server.client.appendToStream(stream, numbered(2), { expectedRevision: NO_STREAM })).resolves.toMatchObject({ nextExpectedRevision: 4n });

    expect(revisions(await collect(server.client.readStream(stream)))).toEqual([3n, 4n]);
    expect(revisions(await collect(server.client.readStream(stream, { direction: BACKWARDS, fromRevision: END })))).toEqual([4n, 3n]);
    await expect(server.client.getStreamMetadata(stream)).resolves.toMatchObject({ metadata: { truncateBefore: 3 } });
  });

  it('softly, again and again', async () => {
    const stream = await streamWith(1);
    for (let round = 1n; round <= 3n; round++) {
      await server.client.deleteStream(stream);
      await expect(server.client.appendToStream(stream, numbered(1), { expectedRevision: ANY })).resolves.toMatchObject({ nextExpectedRevision: round });
      expect(revisions(await collect(server.client.readStream(stream)))).toEqual([round]);
    }
  });

  it('softly forgets the metadata it had', async () => {
    const stream = await streamWith(3);
    await server.client.setStreamMetadata(stream, { maxCount: 2, owner: 'Ana' });
    await server.client.deleteStream(stream);
    await server.client.appendToStream(stream, numbered(4));

    expect((await server.client.getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 3 });
    expect(await collect(server.client.readStream(stream))).toHaveLength(4);
  });

  it('softly is undone by writing its metadata, which keeps the old events hidden', async () => {
    const stream = await streamWith(3);
    await server.client.deleteStream(stream);
    await server.client.setStreamMetadata(stream, { owner: 'Ana' });

    expect(await collect(server.client.readStream(stream))).toEqual([]);
    await expect(server.client.getStreamMetadata(stream)).resolves.toMatchObject({ metadata: { owner: 'Ana', truncateBefore: 3 } });
    await server.client.appendToStream(stream, numbered(1));
    expect(revisions(await collect(server.client.readStream(stream)))).toEqual([3n]);
  });

  it('for ever makes reading and writing an error with its name', async () => {
    const streamName = await streamWith(2);
    await server.client.tombstoneStream(streamName);
    for (const attempt of [
      () => collect(server.client.readStream(streamName)),
      () => collect(server.client.readStream(streamName, { direction: BACKWARDS, fromRevision: END })),
      () => server.client.appendToStream(streamName, numbered(1)),
      () => server.client.setStreamMetadata(streamName, { maxCount: 1 }),
      () => server.client.getStreamMetadata(streamName),
      () => server.client.deleteStream(streamName),
      () => server.client.tombstoneStream(streamName),
    ]) {
      await expect(attempt()).rejects.toBeInstanceOf(StreamDeletedError);
    }
    await expect(collect(server.client.readStream(streamName))).rejects.toMatchObject({ streamName });
  });

  it('for ever works on a stream that never was, softly does not', async () => {
    const [never, neither] = [newStream(), newStream()];
    await expect(server.client.tombstoneStream(never)).resolves.toMatchObject({ position: { commit: expect.any(BigInt) } });
    await expect(server.client.appendToStream(never, numbered(1))).rejects.toBeInstanceOf(StreamDeletedError);

    const softly = server.client.deleteStream(neither);
    await expect(softly).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(softly).rejects.toMatchObject({ streamName: neither, actualVersion: -1n });
  });

  it('for ever works on a softly deleted stream', async () => {
    const stream = await streamWith(1);
    await server.client.deleteStream(stream);
    await server.client.tombstoneStream(stream);
    await expect(collect(server.client.readStream(stream))).rejects.toBeInstanceOf(StreamDeletedError);
  });

  it('minds the expected revision and tells the actual one', async () => {
    const streamName = await streamWith(3);
    for (const end of [server.client.deleteStream.bind(server.client), server.client.tombstoneStream.bind(server.client)]) {
      const wrong = end(streamName, { expectedRevision: 7n });
      await expect(wrong).rejects.toBeInstanceOf(WrongExpectedVersionError);
      await expect(wrong).rejects.toMatchObject({ streamName, expectedVersion: 7n, actualVersion: 2n });
      await expect(end(streamName, { expectedRevision: NO_STREAM })).rejects.toBeInstanceOf(WrongExpectedVersionError);
    }
    await expect(server.client.deleteStream(streamName, { expectedRevision: 2n })).resolves.toHaveProperty('position');
  });

  it('answers with the position of what ended it', async () => {
    const stream = await streamWith(1);
    const { position } = await server.client.deleteStream(stream);
    const [event] = await collect(server.client.readAll({ fromPosition: position ?? 'start', maxCount: 1 }));
    expect(event?.event).toMatchObject({ streamId: `$$${stream}`, type: '$metadata', position });
  });
});
