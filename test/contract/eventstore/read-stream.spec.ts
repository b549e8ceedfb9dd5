import { beforeAll, expect, it } from '@jest/globals';
import { BACKWARDS, END, FORWARDS, START, StreamNotFoundError } from '@eventstore/db-client';

import { collect, numbered, numbers, revisions } from './events.js';
import { describeContract, newStream } from './servers.js';

describeContract('reading a stream', (server) => {
  const stream = newStream();
  beforeAll(async () => {
    await server.client.appendToStream(stream, numbered(10));
  });

  const cases: [string, object, number[]][] = [
    ['forwards from the start', { direction: FORWARDS, fromRevision: START }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['forwards from a revision, itself included', { fromRevision: 7n }, [7, 8, 9]],
    ['forwards from the start, at most three', { maxCount: 3 }, [0, 1, 2]],
    ['forwards from a revision, at most two', { fromRevision: 4n, maxCount: 2 }, [4, 5]],
    ['forwards from beyond its last event', { fromRevision: 10n }, []],
    ['forwards from far beyond its last event', { fromRevision: 1_000n }, []],
    ['backwards from the end', { direction: BACKWARDS, fromRevision: END }, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['backwards from the end, only one', { direction: BACKWARDS, fromRevision: END, maxCount: 1 }, [9]],
    ['backwards from a revision, itself included', { direction: BACKWARDS, fromRevision: 2n }, [2, 1, 0]],
    ['backwards from a revision, at most two', { direction: BACKWARDS, fromRevision: 5n, maxCount: 2 }, [5, 4]],
    ['backwards from beyond its last event', { direction: BACKWARDS, fromRevision: 12n }, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['backwards from the start', { direction: BACKWARDS, fromRevision: START }, [0]],
  ];
  it.each(cases)('%s', async (_, options, expected) => {
    expect(numbers(await collect(server.client.readStream(stream, options)))).toEqual(expected);
  });

  it('gives every event its position, in order', async () => {
    const positions = (await collect(server.client.readStream(stream))).map(({ event }) => event?.position?.commit ?? -1n);
    expect(positions).toEqual([...positions].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(positions).size).toBe(10);
  });

  it.each([FORWARDS, BACKWARDS] as const)('%s that never was is an error with its name', async (direction) => {
    const missing = newStream();
    const reading = collect(server.client.readStream(missing, { direction, fromRevision: direction === FORWARDS ? START : END }));
    await expect(reading).rejects.toBeInstanceOf(StreamNotFoundError);
    await expect(reading).rejects.toMatchObject({ streamName: missing });
  });

  it('of several pages arrives whole, in both directions', async () => {
    const long = newStream();
    for (let from = 0; from < 1_500; from += 500) await server.client.appendToStream(long, numbered(500, { first: from }));
    const expected = Array.from({ length: 1_500 }, (_, index) => BigInt(index));

    expect(revisions(await collect(server.client.readStream(long)))).toEqual(expected);
    expect(revisions(await collect(server.client.readStream(long, { direction: BACKWARDS, fromRevision: END })))).toEqual(expected.reverse());
  });

  it('whose events are far apart in the log arrives in order', async () => {
    const [one, other] = [newStream(), newStream()];
    for (let index = 0; index < 40; index++) {
      await server.client.appendToStream(one, numbered(1, { first: index }));
      await server.client.appendToStream(other, numbered(20));
    }
    expect(numbers(await collect(server.client.readStream(one)))).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });

  it('can be left in the middle', async () => {
    const long = newStream();
    await server.client.appendToStream(long, numbered(2_000));
    for await (const { event } of server.client.readStream(long)) {
      if (event?.revision === 10n) break;
    }
    await expect(server.client.appendToStream(long, numbered(1))).resolves.toMatchObject({ nextExpectedRevision: 2_000n });
  });
});
