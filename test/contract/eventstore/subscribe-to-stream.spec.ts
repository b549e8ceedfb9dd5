import { expect, it } from '@jest/globals';
import { END, START, StreamDeletedError } from '@eventstore/db-client';

import { collect, numbered, numbers, sign, take } from './events.js';
import { describeContract, newStream } from './servers.js';

describeContract('subscribing to a stream', (server) => {
  it('gives what was and then what comes', async () => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(3));
    const subscription = server.client.subscribeToStream(stream, { fromRevision: START });
    const taking = take(subscription, 6);
    await sign(subscription, 'caughtUp');
    await server.client.appendToStream(stream, numbered(3, { first: 3 }));
    expect(numbers(await taking)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('from a revision begins behind it', async () => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(5));
    expect(numbers(await take(server.client.subscribeToStream(stream, { fromRevision: 2n }), 2))).toEqual([3, 4]);
  });

  it('from the end gives only what comes', async () => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(5));
    const subscription = server.client.subscribeToStream(stream, { fromRevision: END });
    const taking = take(subscription, 1);
    await sign(subscription, 'caughtUp');
    await server.client.appendToStream(stream, numbered(1, { first: 5 }));
    expect(numbers(await taking)).toEqual([5]);
  });

  it('that never was waits for its first event', async () => {
    const stream = newStream();
    const subscription = server.client.subscribeToStream(stream);
    const taking = take(subscription, 1);
    const order: string[] = [];
    subscription.on('caughtUp', () => order.push('caughtUp'));
    subscription.on('data', () => order.push('event'));
    await sign(subscription, 'confirmation');
    await server.client.appendToStream(stream, numbered(1));
    expect(numbers(await taking)).toEqual([0]);
    // Nothing is caught up with before there is something.
    expect(order[0]).toBe('event');
  });

  it('that never was, from the end, has caught up', async () => {
    const stream = newStream();
    const subscription = server.client.subscribeToStream(stream, { fromRevision: END });
    const taking = take(subscription, 1);
    await sign(subscription, 'caughtUp');
    await server.client.appendToStream(stream, numbered(1));
    expect(numbers(await taking)).toEqual([0]);
  });

  it('gives every live event, however few of them the metadata keeps', async () => {
    const stream = newStream();
    await server.client.setStreamMetadata(stream, { maxCount: 1 });
    await server.client.appendToStream(stream, numbered(2));
    const subscription = server.client.subscribeToStream(stream);
    const taking = take(subscription, 5);
    await sign(subscription, 'caughtUp');
    await server.client.appendToStream(stream, numbered(3, { first: 2 }));
    await server.client.setStreamMetadata(stream, { truncateBefore: 100 });
    await server.client.appendToStream(stream, numbered(1, { first: 5 }));
    expect(numbers(await taking)).toEqual([1, 2, 3, 4, 5]);
  });

  it('from a revision that is not written yet waits for what is behind it', async () => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(2));
    const subscription = server.client.subscribeToStream(stream, { fromRevision: 3n });
    const taking = take(subscription, 1);
    await sign(subscription, 'caughtUp');
    for (let number = 2; number < 5; number++) await server.client.appendToStream(stream, numbered(1, { first: number }));
    expect(numbers(await taking)).toEqual([4]);
  });

  it('is confirmed before anything else', async () => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(1));
    const order: string[] = [];
    const subscription = server.client.subscribeToStream(stream);
    subscription.on('confirmation', () => order.push('confirmation'));
    subscription.on('data', () => order.push('event'));
    await sign(subscription, 'caughtUp');
    await subscription.unsubscribe();
    expect(order).toEqual(['confirmation', 'event']);
    expect(subscription).toHaveProperty('id', expect.stringMatching(/^[0-9a-f-]{36}$/));
  });

  it('continues when the stream is softly deleted and begun anew', async () => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(2));
    const subscription = server.client.subscribeToStream(stream);
    const taking = take(subscription, 3);
    await sign(subscription, 'caughtUp');
    await server.client.deleteStream(stream);
    await server.client.appendToStream(stream, numbered(1, { first: 2 }));
    expect(numbers(await taking)).toEqual([0, 1, 2]);
  });

  it.each([
    ['a number', { maxCount: 2 }, [3, 4, 5, 6]],
    ['a revision', { truncateBefore: 4 }, [4, 5, 6]],
    // The server's clock cannot be set, so the past is made to be over at once.
    ['an age', { maxAge: 1 }, [5, 6]],
  ])('shows only what %s in the metadata leaves of the past, and then what comes', async (_, metadata, expected) => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(5));
    await server.client.setStreamMetadata(stream, metadata);
    const [newest] = await collect(server.client.readStream(`$$${stream}`));
    const hiddenFrom = (newest?.event?.created.getTime() ?? 0) + ('maxAge' in metadata ? 1_100 : 0);
    while (Date.now() <= hiddenFrom) await new Promise((resolve) => setImmediate(resolve));
    const subscription = server.client.subscribeToStream(stream);
    const taking = take(subscription, expected.length);
    await sign(subscription, 'caughtUp');
    await server.client.appendToStream(stream, numbered(2, { first: 5 }));
    expect(numbers(await taking)).toEqual(expected);
  });

  it('ends with the stream when that is tombstoned', async () => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(1));
    const subscription = server.client.subscribeToStream(stream);
    await sign(subscription, 'caughtUp');
    const ended = new Promise((resolve) => subscription.once('error', resolve));
    await server.client.tombstoneStream(stream);
    expect(await ended).toBeInstanceOf(StreamDeletedError);
  });

  it('that is tombstoned is an error at once', async () => {
    const stream = newStream();
    await server.client.tombstoneStream(stream);
    await expect(take(server.client.subscribeToStream(stream), 1)).rejects.toBeInstanceOf(StreamDeletedError);
  });
});
