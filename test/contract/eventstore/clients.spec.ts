import { expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';

import { collect, numbered, numbers, take } from './events.js';
import { describeContract, newStream } from './servers.js';

const CLIENTS = 24;
const EVENTS_EACH = 20;

describeContract('many clients at once', (server) => {
  it('each on a connection of its own, write, read and follow without minding each other', async () => {
    const shared = newStream();
    const clients = Array.from({ length: CLIENTS }, () => EventStoreDBClient.connectionString(server.connectionString));
    const followed = await Promise.all(clients.map(async (client, index) => {
      const following = take(client.subscribeToStream(shared), CLIENTS);
      const own = newStream();
      for (let first = 0; first < EVENTS_EACH; first += 5) await client.appendToStream(own, numbered(5, { first }));
      await client.appendToStream(shared, numbered(1, { first: index }));
      expect(numbers(await collect(client.readStream(own)))).toEqual(Array.from({ length: EVENTS_EACH }, (_, number) => number));
      return numbers(await following);
    }));
    const inOrder = numbers(await collect(server.client.readStream(shared)));
    expect([...inOrder].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: CLIENTS }, (_, index) => index));
    for (const each of followed) expect(each).toEqual(inOrder);
    await Promise.all(clients.map((client) => client.dispose()));
  });
});
