import { expect, it } from '@jest/globals';
import {
  type AllStreamResolvedEvent, END, eventTypeFilter, excludeSystemEvents, type Filter, type Position, START, streamNameFilter,
} from '@eventstore/db-client';

import { numbered, numbers, sign, take } from './events.js';
import { describeContract, newStream } from './servers.js';

describeContract('subscribing to $all', (server) => {
  const categoryOf = (stream: string) => stream.slice(0, stream.indexOf('-'));

  it.each([1, 2])('has no gap and no repeat where history ends, while others write (%s)', async () => {
    const stream = newStream();
    const eventsMax = 1_200;
    await server.client.appendToStream(stream, numbered(400));
    const writing = (async () => {
      for (let first = 400; first < eventsMax; first += 10) await server.client.appendToStream(stream, numbered(10, { first }));
    })();
    const events = await take(server.client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: [stream] }) }), eventsMax);
    await writing;
    expect(numbers(events)).toEqual(Array.from({ length: eventsMax }, (_, index) => index));
  });

  it.each([['without a filter', {}], ['with a filter', { filter: excludeSystemEvents() }]])('%s is confirmed before anything else', async (_, options) => {
    await server.client.appendToStream(newStream(), numbered(1));
    const order: string[] = [];
    const subscription = server.client.subscribeToAll({ fromPosition: START, ...options });
    subscription.on('confirmation', () => order.push('confirmation'));
    subscription.on('data', () => order.push('event'));
    await sign(subscription, 'caughtUp');
    await subscription.unsubscribe();
    expect(order.slice(0, 2)).toEqual(['confirmation', 'event']);
    expect(order.filter((each) => each === 'confirmation')).toHaveLength(1);
  });

  it.each([['with a filter', true], ['without a filter', false]])('from behind the end gives what comes next (%s)', async (_, isFiltered) => {
    const stream = newStream();
    const { position } = await server.client.appendToStream(stream, numbered(1));
    const commit = (position?.commit ?? 0n) + 1_000_000n;
    const filter = isFiltered ? { filter: streamNameFilter({ prefixes: [stream] }) } : {};
    const subscription = server.client.subscribeToAll({ fromPosition: { commit, prepare: commit }, ...filter });
    const taking = take(subscription, 1);
    await sign(subscription, 'caughtUp');
    await server.client.appendToStream(stream, numbered(1, { first: 1 }));
    expect(numbers(await taking)).toEqual([1]);
  });

  it('without a filter gives the events of all streams in one order, those of the system too', async () => {
    const [one, other] = [newStream(), newStream()];
    const subscription = server.client.subscribeToAll({ fromPosition: END });
    const taking = take(subscription, 5);
    await sign(subscription, 'caughtUp');
    await server.client.appendToStream(one, numbered(1));
    await server.client.appendToStream(other, numbered(2, { first: 1 }));
    await server.client.setStreamMetadata(one, { maxCount: 9 });
    await server.client.appendToStream(one, numbered(1, { first: 3 }));
    const events = (await taking) as AllStreamResolvedEvent[];
    expect(events.map(({ event }) => event?.streamId)).toEqual([one, other, other, `$$${one}`, one]);
  });

  it('from a position begins behind it', async () => {
    const stream = newStream();
    const first = await server.client.appendToStream(stream, numbered(1));
    await server.client.appendToStream(stream, numbered(2, { first: 1 }));
    const filter = streamNameFilter({ prefixes: [stream] });
    expect(numbers(await take(server.client.subscribeToAll({ fromPosition: first.position ?? START, filter }), 2))).toEqual([1, 2]);
  });

  it('resumed from any event goes on behind it', async () => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(5));
    const filter = streamNameFilter({ prefixes: [stream] });
    const events = await take(server.client.subscribeToAll({ filter }), 5);
    for (const [index, { event }] of events.slice(0, 4).entries()) {
      const rest = await take(server.client.subscribeToAll({ fromPosition: event?.position ?? START, filter }), 4 - index);
      expect(numbers(rest)).toEqual([0, 1, 2, 3, 4].slice(index + 1));
    }
  });

  const filters: [string, (category: string, types: string) => Filter][] = [
    ['stream names by prefix', (category) => streamNameFilter({ prefixes: ['nothing-begins-so', category] })],
    ['stream names by regex', (category) => streamNameFilter({ regex: `^${category}-\\d+$` })],
    ['event types by prefix', (_, types) => eventTypeFilter({ prefixes: [types] })],
    ['event types by regex', (_, types) => eventTypeFilter({ regex: `^${types}(Wanted)?$` })],
  ];
  it.each(filters)('filters %s, in history and live', async (_, filterOf) => {
    const stream = newStream();
    const type = `Type${categoryOf(stream)}`;
    const wanted = { type: `${type}Wanted` };
    await server.client.appendToStream(stream, numbered(2, wanted));
    await server.client.appendToStream(newStream(), numbered(3));
    const subscription = server.client.subscribeToAll({ filter: filterOf(categoryOf(stream), type) });
    const taking = take(subscription, 4);
    await sign(subscription, 'caughtUp');
    await server.client.appendToStream(newStream(), numbered(3));
    await server.client.appendToStream(stream, numbered(2, { ...wanted, first: 2 }));
    expect(numbers(await taking)).toEqual([0, 1, 2, 3]);
  });

  it('leaves the system’s events out when told so', async () => {
    const stream = newStream();
    const subscription = server.client.subscribeToAll({ fromPosition: END, filter: excludeSystemEvents() });
    const taking = take(subscription, 2);
    await sign(subscription, 'caughtUp');
    await server.client.appendToStream(stream, numbered(1));
    await server.client.setStreamMetadata(stream, { maxCount: 9 });
    await server.client.appendToStream(stream, numbered(1, { first: 1 }));
    expect(numbers(await taking)).toEqual([0, 1]);
  });

  it('tells how far it has searched at every interval, live', async () => {
    const stream = newStream();
    const reached: Position[] = [];
    const filter = streamNameFilter({
      prefixes: [stream], maxSearchWindow: 5, checkpointInterval: 2,
      checkpointReached: (_, position) => {
        reached.push(position);
        return Promise.resolve();
      },
    });
    const subscription = server.client.subscribeToAll({ fromPosition: END, filter });
    const taking = take(subscription, 1);
    await sign(subscription, 'caughtUp');
    const before = reached.length;
    // Ten events that nobody asked for make one interval.
    const passed = await server.client.appendToStream(newStream(), numbered(30));
    await server.client.appendToStream(stream, numbered(1));
    await taking;

    const live = reached.slice(before);
    expect(live).toHaveLength(3);
    expect(live.map(({ commit }) => commit)).toEqual([...live].map(({ commit }) => commit).sort((a, b) => (a < b ? -1 : 1)));
    expect(live.at(-1)?.commit).toBeLessThanOrEqual(passed.position?.commit ?? 0n);
  });

  it('tells how far it has searched on the way through history, before it is live', async () => {
    const stream = newStream();
    const start = await server.client.appendToStream(stream, numbered(1));
    const passed = await server.client.appendToStream(newStream(), numbered(100));
    const reached: Position[] = [];
    const filter = streamNameFilter({
      prefixes: [stream], maxSearchWindow: 10, checkpointInterval: 1,
      checkpointReached: (_, position) => {
        reached.push(position);
        return Promise.resolve();
      },
    });
    const subscription = server.client.subscribeToAll({ fromPosition: start.position ?? START, filter });
    await sign(subscription, 'caughtUp');
    await subscription.unsubscribe();
    expect(reached.length).toBeGreaterThanOrEqual(5);
    // A reader that resumes from the last checkpoint searches few of those hundred again.
    expect(reached.at(-1)?.commit).toBeGreaterThan(start.position?.commit ?? 0n);
    expect(reached.at(-1)?.commit).toBeLessThanOrEqual(passed.position?.commit ?? 0n);
  });

  it('gives no checkpoint where a history ends that is shorter than an interval', async () => {
    const start = await server.client.appendToStream(newStream(), numbered(1));
    await server.client.appendToStream(newStream(), numbered(9));
    let checkpoints = 0;
    const filter = streamNameFilter({
      prefixes: [newStream()], maxSearchWindow: 1_000,
      checkpointReached: () => {
        checkpoints += 1;
        return Promise.resolve();
      },
    });
    const subscription = server.client.subscribeToAll({ fromPosition: start.position ?? START, filter });
    await sign(subscription, 'caughtUp');
    await subscription.unsubscribe();
    expect(checkpoints).toBe(0);
  });

  it('resumed from any checkpoint goes on with exactly what is behind it', async () => {
    const stream = newStream();
    for (let first = 0; first < 60; first += 2) {
      await server.client.appendToStream(stream, numbered(2, { first }));
      await server.client.appendToStream(newStream(), numbered(3));
    }
    const checkpoints: Position[] = [];
    const filter = streamNameFilter({
      prefixes: [stream], maxSearchWindow: 7,
      checkpointReached: (_, position) => {
        checkpoints.push(position);
        return Promise.resolve();
      },
    });
    const events = await take(server.client.subscribeToAll({ filter }), 60);

    const behind = (checkpoint: Position) => events.filter(({ event }) => (event?.position?.commit ?? 0n) > checkpoint.commit);
    const resumable = checkpoints.filter((checkpoint) => behind(checkpoint).length > 0 && behind(checkpoint).length < 60);
    expect(resumable.length).toBeGreaterThan(5);
    for (const checkpoint of resumable) {
      const expected = numbers(behind(checkpoint));
      const rest = await take(server.client.subscribeToAll({ fromPosition: checkpoint, filter: streamNameFilter({ prefixes: [stream] }) }), expected.length);
      expect(numbers(rest)).toEqual(expected);
    }
  });

  it('with an expression that is none is an error, and the server goes on', async () => {
    await expect(take(server.client.subscribeToAll({ filter: streamNameFilter({ regex: '([' }) }), 1)).rejects.toThrow();
    await expect(server.client.appendToStream(newStream(), numbered(1))).resolves.toMatchObject({ success: true });
  });

  it('serves many subscribers alike', async () => {
    const stream = newStream();
    const takings = Array.from({ length: 20 }, () => take(server.client.subscribeToAll({ filter: streamNameFilter({ prefixes: [stream] }) }), 100));
    for (let first = 0; first < 100; first += 5) await server.client.appendToStream(stream, numbered(5, { first }));
    for (const taking of takings) expect(numbers(await taking)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });
});
