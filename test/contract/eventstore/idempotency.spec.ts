import { expect, it } from '@jest/globals';
import { ANY, type AppendExpectedRevision, DeadlineExceededError, NO_STREAM, STREAM_EXISTS, WrongExpectedVersionError } from '@eventstore/db-client';

import { collect, numbered, numbers } from './events.js';
import { describeContract, newStream } from './servers.js';

const byAppend = { credentials: { username: 'admin', password: 'changeit' } };

describeContract('repeating an append', (server) => {
  for (const [path, options] of [['BatchAppend', {}], ['Append', byAppend]] as const) {
    it.each([ANY, NO_STREAM] as AppendExpectedRevision[])(`with %s answers as the first time and writes nothing, by ${path}`, async (expectedRevision) => {
      const stream = newStream();
      const batch = numbered(3);
      const first = await server.client.appendToStream(stream, batch, { ...options, expectedRevision });
      await server.client.appendToStream(stream, numbered(2, { first: 3 }));
      const second = await server.client.appendToStream(stream, batch, { ...options, expectedRevision });

      expect(second).toEqual(first);
      expect(numbers(await collect(server.client.readStream(stream)))).toEqual([0, 1, 2, 3, 4]);
    });
  }

  it.each([0n, STREAM_EXISTS] as AppendExpectedRevision[])('with %s in a stream that goes on answers as the first time', async (expectedRevision) => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(1));
    const batch = numbered(2, { first: 1 });
    const first = await server.client.appendToStream(stream, batch, { expectedRevision });
    await server.client.appendToStream(stream, numbered(1, { first: 3 }));

    await expect(server.client.appendToStream(stream, batch, { expectedRevision })).resolves.toEqual(first);
    expect(numbers(await collect(server.client.readStream(stream)))).toEqual([0, 1, 2, 3]);
  });

  it('of a beginning of the batch alone is a repeat too', async () => {
    const stream = newStream();
    const batch = numbered(3);
    await server.client.appendToStream(stream, batch, { expectedRevision: NO_STREAM });

    for (const expectedRevision of [NO_STREAM, ANY] as const) {
      await expect(server.client.appendToStream(stream, batch.slice(0, 2), { expectedRevision })).resolves.toMatchObject({ success: true, nextExpectedRevision: 1n });
    }
    expect(await collect(server.client.readStream(stream))).toHaveLength(3);
  });

  it.each([NO_STREAM, ANY, STREAM_EXISTS] as AppendExpectedRevision[])('with more events behind the known ones is wrong with %s', async (expectedRevision) => {
    const stream = newStream();
    const batch = numbered(3);
    await server.client.appendToStream(stream, batch.slice(0, 2), { expectedRevision: NO_STREAM });
    const longer = server.client.appendToStream(stream, batch, { expectedRevision });

    await expect(longer).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(longer).rejects.toMatchObject({ actualVersion: 1n });
    expect(await collect(server.client.readStream(stream))).toHaveLength(2);
  });

  it('with more events behind the known ones is wrong with the revision that the first was sent with', async () => {
    const stream = newStream();
    const batch = numbered(4);
    await server.client.appendToStream(stream, batch.slice(0, 1), { expectedRevision: NO_STREAM });
    await server.client.appendToStream(stream, batch.slice(1, 3), { expectedRevision: 0n });
    const longer = server.client.appendToStream(stream, batch.slice(1), { expectedRevision: 0n });

    await expect(longer).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(longer).rejects.toMatchObject({ expectedVersion: 0n, actualVersion: 2n });
    expect(await collect(server.client.readStream(stream))).toHaveLength(3);
  });

  it.each([ANY, STREAM_EXISTS] as AppendExpectedRevision[])('with %s of which a part is known in another stream is wrong where the other part is known here', async (expectedRevision) => {
    const [here, there] = [newStream(), newStream()];
    const batch = numbered(2);
    await server.client.appendToStream(here, batch.slice(0, 1));
    await server.client.appendToStream(there, batch.slice(1));

    await expect(server.client.appendToStream(here, batch, { expectedRevision })).rejects.toBeInstanceOf(WrongExpectedVersionError);
    expect(await collect(server.client.readStream(here))).toHaveLength(1);
  });

  it('with a new event before the known ones is new with any, and wrong with an exact revision', async () => {
    const stream = newStream();
    const known = numbered(1);
    await server.client.appendToStream(stream, known, { expectedRevision: NO_STREAM });
    const batch = [...numbered(1, { first: 1 }), ...known];

    await expect(server.client.appendToStream(stream, batch, { expectedRevision: NO_STREAM })).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(server.client.appendToStream(stream, batch, { expectedRevision: ANY })).resolves.toMatchObject({ nextExpectedRevision: 2n });
    expect(numbers(await collect(server.client.readStream(stream)))).toEqual([0, 1, 0]);
  });

  it('at another revision is no repeat with an exact revision', async () => {
    const stream = newStream();
    const batch = numbered(3);
    await server.client.appendToStream(stream, batch, { expectedRevision: NO_STREAM });

    await expect(server.client.appendToStream(stream, batch.slice(1), { expectedRevision: NO_STREAM })).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(server.client.appendToStream(stream, batch.slice(1), { expectedRevision: 0n })).resolves.toMatchObject({ nextExpectedRevision: 2n });
  });

  it('at the end of the stream writes the event again: only an earlier expected revision makes it a repeat', async () => {
    const stream = newStream();
    const event = numbered(1);
    await server.client.appendToStream(stream, event, { expectedRevision: NO_STREAM });

    await expect(server.client.appendToStream(stream, event, { expectedRevision: 0n })).resolves.toMatchObject({ nextExpectedRevision: 1n });
    expect(await collect(server.client.readStream(stream))).toHaveLength(2);
  });

  it('in another stream is no repeat', async () => {
    const event = numbered(1);
    await server.client.appendToStream(newStream(), event);
    const other = newStream();

    await expect(server.client.appendToStream(other, event, { expectedRevision: ANY })).resolves.toMatchObject({ nextExpectedRevision: 0n });
    expect(await collect(server.client.readStream(other))).toHaveLength(1);
  });

  it('while the first is still on its way is answered alike or not before its deadline, and writes once', async () => {
    const stream = newStream();
    const batch = numbered(5);
    const attempts = [1, 2, 3, 4].map(() => server.client.appendToStream(stream, batch, { expectedRevision: NO_STREAM, deadline: 2_000 }));
    const answers = await Promise.allSettled(attempts);

    const taken = answers.filter((answer) => answer.status === 'fulfilled');
    expect(taken.length).toBeGreaterThanOrEqual(1);
    expect(new Set(taken.map(({ value }) => value.nextExpectedRevision))).toEqual(new Set([4n]));
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(DeadlineExceededError);
    // Once the first is answered, a repeat is too.
    await expect(server.client.appendToStream(stream, batch, { expectedRevision: NO_STREAM })).resolves.toMatchObject({ nextExpectedRevision: 4n });
    expect(await collect(server.client.readStream(stream))).toHaveLength(5);
  });
});
