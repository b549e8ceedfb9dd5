import { beforeAll, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { type AllStreamResolvedEvent, BACKWARDS, END, type Position, START, UnknownError } from '@eventstore/db-client';

import { collect, numbered, numbers } from './events.js';
import { describeContract, newStream } from './servers.js';

describeContract('reading $all', (server) => {
  const [one, other] = [newStream(), newStream()];
  /** Where this test's first event is; the server may hold anything before and behind. */
  let from: Position;
  beforeAll(async () => {
    const first = await server.client.appendToStream(one, numbered(1));
    if (first.position === undefined) throw new Error('The server gave no position.');
    from = first.position;
    for (let index = 1; index < 6; index++) await server.client.appendToStream(index % 2 === 0 ? one : other, numbered(1, { first: index }));
  });
  const mine = (events: AllStreamResolvedEvent[]) => events.filter(({ event }) => event?.streamId === one || event?.streamId === other);
  const numbersOf = (events: AllStreamResolvedEvent[]) => numbers(mine(events));

  it('forwards from a position begins with the event there and keeps the order of appending', async () => {
    const events = await collect(server.client.readAll({ fromPosition: from }));
    expect(events[0]?.event?.position).toEqual(from);
    expect(numbersOf(events)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('forwards from the start comes by everything', async () => {
    expect(numbersOf(await collect(server.client.readAll({ fromPosition: START })))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('backwards from the end comes by everything, newest first', async () => {
    expect(numbersOf(await collect(server.client.readAll({ direction: BACKWARDS, fromPosition: END })))).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it('backwards from a position begins with the event before it', async () => {
    const events = mine(await collect(server.client.readAll({ fromPosition: from })));
    const third = events[3]?.event?.position;
    if (third === undefined) throw new Error('There is no third event.');
    expect(numbersOf(await collect(server.client.readAll({ direction: BACKWARDS, fromPosition: third })))).toEqual([2, 1, 0]);
  });

  it('backwards from a position stops at the number asked for', async () => {
    const { position } = await server.client.appendToStream(newStream(), numbered(5));
    const events = await collect(server.client.readAll({ direction: BACKWARDS, fromPosition: position ?? END, maxCount: 3 }));
    expect(numbers(events)).toEqual([3, 2, 1]);
  });

  it('stops at the number asked for', async () => {
    expect(await collect(server.client.readAll({ fromPosition: from, maxCount: 2 }))).toHaveLength(2);
    expect(await collect(server.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 2 }))).toHaveLength(2);
  });

  it('forwards from the end and backwards from the start is empty', async () => {
    expect(await collect(server.client.readAll({ fromPosition: END }))).toEqual([]);
    expect(await collect(server.client.readAll({ direction: BACKWARDS, fromPosition: START }))).toEqual([]);
  });

  it('from a position where no event begins is refused', async () => {
    const reading = collect(server.client.readAll({ fromPosition: { commit: from.commit + 1n, prepare: from.prepare + 1n } }));
    await expect(reading).rejects.toBeInstanceOf(UnknownError);
    await expect(reading).rejects.toMatchObject({ code: status.UNKNOWN });
  });

  it('still shows the events of deleted streams, and what deleted them', async () => {
    const gone = newStream();
    const { position } = await server.client.appendToStream(gone, numbered(2));
    await server.client.tombstoneStream(gone);
    const events = await collect(server.client.readAll({ fromPosition: position ?? from }));
    expect(events.filter(({ event }) => event?.streamId === gone).map(({ event }) => event?.type)).toEqual(['ItemCounted', '$streamDeleted']);
  });
});
