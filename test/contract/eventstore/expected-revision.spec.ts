import { expect, it } from '@jest/globals';
import {
  ANY, type AppendExpectedRevision, jsonEvent, NO_STREAM, STREAM_EXISTS, StreamDeletedError, WrongExpectedVersionError,
} from '@eventstore/db-client';

import { collect, numbered, revisions } from './events.js';
import { describeContract, newStream } from './servers.js';

const byAppend = { credentials: { username: 'admin', password: 'changeit' } };
const paths = [['BatchAppend', {}], ['Append', byAppend]] as const;

describeContract('the expected revision', (server) => {
  const one = () => jsonEvent({ type: 'ItemCounted', data: {} });

  /** A stream in one of the states that the rules tell apart. */
  async function streamThat(state: 'never was' | 'has two events' | 'is softly deleted' | 'is tombstoned' | 'has only metadata'): Promise<string> {
    const stream = newStream();
    if (state === 'has only metadata') await server.client.setStreamMetadata(stream, { maxCount: 100 });
    if (state === 'never was' || state === 'has only metadata') return stream;
    await server.client.appendToStream(stream, numbered(2));
    if (state === 'is softly deleted') await server.client.deleteStream(stream);
    if (state === 'is tombstoned') await server.client.tombstoneStream(stream);
    return stream;
  }

  const accepted: [string, Parameters<typeof streamThat>[0], AppendExpectedRevision, bigint][] = [
    ['any', 'never was', ANY, 0n],
    ['no_stream', 'never was', NO_STREAM, 0n],
    ['any', 'has two events', ANY, 2n],
    ['the last revision', 'has two events', 1n, 2n],
    ['stream_exists', 'has two events', STREAM_EXISTS, 2n],
    ['any', 'is softly deleted', ANY, 2n],
    ['no_stream', 'is softly deleted', NO_STREAM, 2n],
    ['the last revision', 'is softly deleted', 1n, 2n],
    ['stream_exists', 'has only metadata', STREAM_EXISTS, 0n],
    ['no_stream', 'has only metadata', NO_STREAM, 0n],
  ];
  for (const [path, options] of paths) {
    it.each(accepted)(`%s is met by a stream that %s, by ${path}`, async (_, state, expectedRevision, nextExpectedRevision) => {
      const stream = await streamThat(state);
      await expect(server.client.appendToStream(stream, one(), { ...options, expectedRevision })).resolves.toMatchObject({ success: true, nextExpectedRevision });
    });
  }

  const wrong: [string, Parameters<typeof streamThat>[0], AppendExpectedRevision, bigint | 'no_stream'][] = [
    ['revision 0', 'never was', 0n, 'no_stream'],
    ['stream_exists', 'never was', STREAM_EXISTS, 'no_stream'],
    ['no_stream', 'has two events', NO_STREAM, 1n],
    ['an earlier revision', 'has two events', 0n, 1n],
    ['a later revision', 'has two events', 7n, 1n],
    ['an earlier revision', 'is softly deleted', 0n, 1n],
    ['revision 0', 'has only metadata', 0n, 'no_stream'],
  ];
  for (const [path, options] of paths) {
    it.each(wrong)(`%s is not met by a stream that %s, and the error tells the actual one, by ${path}`, async (_, state, expectedRevision, actualVersion) => {
      const streamName = await streamThat(state);
      const append = server.client.appendToStream(streamName, one(), { ...options, expectedRevision });
      await expect(append).rejects.toBeInstanceOf(WrongExpectedVersionError);
      await expect(append).rejects.toMatchObject({ streamName, expectedVersion: expectedRevision, actualVersion });
    });

    it.each([ANY, NO_STREAM, STREAM_EXISTS, 0n, 1n] as AppendExpectedRevision[])(`%s never brings a tombstoned stream back, by ${path}`, async (expectedRevision) => {
      const streamName = await streamThat('is tombstoned');
      const append = server.client.appendToStream(streamName, one(), { ...options, expectedRevision });
      await expect(append).rejects.toBeInstanceOf(StreamDeletedError);
      await expect(append).rejects.toMatchObject({ streamName });
    });

    it(`stream_exists does not bring a softly deleted stream back, by ${path}`, async () => {
      const streamName = await streamThat('is softly deleted');
      const append = server.client.appendToStream(streamName, one(), { ...options, expectedRevision: STREAM_EXISTS });
      await expect(append).rejects.toBeInstanceOf(StreamDeletedError);
    });
  }

  it('lets exactly one of many writers win', async () => {
    const stream = newStream();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, () => server.client.appendToStream(stream, one(), { expectedRevision: NO_STREAM })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(revisions(await collect(server.client.readStream(stream)))).toEqual([0n]);
  });
});
