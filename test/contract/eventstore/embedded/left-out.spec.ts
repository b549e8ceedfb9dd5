import { expect, it } from '@jest/globals';
import { EventStoreDBClient, persistentSubscriptionToAllSettingsFromDefaults, persistentSubscriptionToStreamSettingsFromDefaults } from '@eventstore/db-client';

import { collect, numbered } from '../events.js';
import { describeContract, newStream } from '../servers.js';

const onlyEmbedded = process.env.ESDB_URL === undefined ? it : it.skip;

describeContract('the embedded server', (server) => {
  it('is found by discovery', async () => {
    const stream = newStream();
    await server.client.appendToStream(stream, numbered(1));
    const discovering = EventStoreDBClient.connectionString(server.connectionString.replace(/^esdb:/, 'esdb+discover:'));
    expect(await collect(discovering.readStream(stream))).toHaveLength(1);
    await discovering.dispose();
  });

  const leftOut: [string, () => Promise<unknown>, RegExp][] = [
    [
      'creating a persistent subscription',
      () => server.client.createPersistentSubscriptionToStream('s', 'g', persistentSubscriptionToStreamSettingsFromDefaults()),
      /keep the checkpoint/,
    ],
    ['creating one to $all', () => server.client.createPersistentSubscriptionToAll('g', persistentSubscriptionToAllSettingsFromDefaults()), /keep the checkpoint/],
    ['listing persistent subscriptions', () => server.client.listAllPersistentSubscriptions(), /keep the checkpoint/],
    ['reading a persistent subscription', () => collect(server.client.subscribeToPersistentSubscriptionToStream('s', 'g')), /keep the checkpoint/],
    ['creating a projection', () => server.client.createProjection('p', 'fromAll()'), /fold the events in your process/],
    ['reading a category', () => collect(server.client.readStream('$ce-order')), /filter on stream names that begin with "order-"/],
    ['reading an event type', () => collect(server.client.readStream('$et-Placed', { resolveLinkTos: true })), /filter on the event type "Placed"/],
    ['following a category', () => collect(server.client.subscribeToStream('$ce-order')), /filter on stream names that begin with "order-"/],
    ['following a category’s streams', () => collect(server.client.subscribeToStream('$category-$&')), /begin with "\$&-"/],
    ['following a correlation', () => collect(server.client.subscribeToStream('$bc-7', { fromRevision: 'end' })), /\$correlationId "7"/],
    ['reading the list of streams', () => collect(server.client.readStream('$streams', { direction: 'backwards' })), /first event of each stream/],
    ['listing projections', () => server.client.listProjections(), /fold the events in your process/],
  ];
  onlyEmbedded.each(leftOut)('answers %s with the way out', async (_, attempt, wayOut) => {
    const error: unknown = await attempt().then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(/UNIMPLEMENTED/);
    expect(String(error)).toMatch(wayOut);
    expect(String(error)).toMatch(/ESDB_URL/);
  });
});
