import { expect, it } from '@jest/globals';
import { type AllStreamSubscription, binaryEvent, type ResolvedEvent, START, streamNameFilter, type StreamSubscription } from '@eventstore/db-client';

import { describeContract, newStream } from './servers.js';

const WRITERS = 8;
const APPENDS_EACH = 25;
const EVENTS_AN_APPEND = 2;
/** So large that a page of history does not fit into what may be on its way, and the server comes to other work in its midst. */
const EVENT_BYTES = 4_096;
const EVENTS = WRITERS * APPENDS_EACH * EVENTS_AN_APPEND;
/** A subscriber joins whenever so many appends have been acknowledged: at the start, at the end, and all along. */
const APPENDS_BETWEEN_JOINS = 20;

describeContract('where history ends and what comes begins', (server) => {
  const ways: [string, (stream: string) => AllStreamSubscription | StreamSubscription][] = [
    ['a stream', (stream) => server.client.subscribeToStream(stream, { fromRevision: START })],
    ['$all', () => server.client.subscribeToAll({ fromPosition: START })],
    ['$all with a filter', (stream) => server.client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: [stream] }) })],
  ];

  const events = () => Array.from({ length: EVENTS_AN_APPEND }, () => binaryEvent({ type: 'Written', data: new Uint8Array(EVENT_BYTES) }));

  /** The revisions of one stream as they arrive, until all that will ever be written are there. */
  async function arriving(subscription: AllStreamSubscription | StreamSubscription, stream: string): Promise<bigint[]> {
    const revisions: bigint[] = [];
    await new Promise<void>((resolve, reject) => {
      subscription.on('error', reject);
      subscription.on('data', ({ event }: ResolvedEvent) => {
        if (event?.streamId === stream) revisions.push(event.revision);
        // Not when the count is full: a repeat must not hide a gap.
        if (event?.streamId === stream && event.revision === BigInt(EVENTS - 1)) resolve();
      });
    });
    await subscription.unsubscribe();
    return revisions;
  }

  it.each(ways)('subscribers to %s that join at any moment under many writers see every event once and in order', async (_, subscribe) => {
    const stream = newStream();
    const arrivals = [arriving(subscribe(stream), stream)];
    let acknowledged = 0;
    await Promise.all(Array.from({ length: WRITERS }, async () => {
      for (let count = 0; count < APPENDS_EACH; count++) {
        await server.client.appendToStream(stream, events());
        if (++acknowledged % APPENDS_BETWEEN_JOINS === 0) arrivals.push(arriving(subscribe(stream), stream));
      }
    }));
    expect(arrivals.length).toBeGreaterThan(10);
    const all = Array.from({ length: EVENTS }, (__, revision) => BigInt(revision));
    for (const arrival of arrivals) expect(await arrival).toEqual(all);
  });
});
