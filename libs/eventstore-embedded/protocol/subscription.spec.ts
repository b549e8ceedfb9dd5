import streams from '@eventstore/db-client/generated/streams_pb.js';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { EventStore } from '../streams/event-store.js';
import type { Source } from './read-options.js';
import { subscribe } from './subscription.js';

describe('the seam between history and what comes', () => {
  let dataDir: string;
  let store: EventStore;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'eventstore-seam-'));
    store = new EventStore({ dataDir, durable: false });
  });
  afterEach(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  const append = () => store.append('orders', 'any', [{ id: randomBytes(16), type: 'Written', isJson: false, data: new Uint8Array(0), metadata: new Uint8Array(0) }]);

  /** A subscriber who lets others append while it is being told something, and leaves with its `eventsMax`-th event. */
  function subscriber(eventsMax: number, whileTold: (answer: streams.ReadResp) => Promise<unknown>) {
    const ordinals: number[] = [];
    const reader = {
      isClosed: false,
      isHeldUp: false,
      isLive: false,
      unsentEvents: 0,
      fail: () => undefined,
      send: async (answer: streams.ReadResp | Buffer) => {
        if (!Buffer.isBuffer(answer)) await whileTold(answer);
      },
      sendEvents: (events: number[]) => {
        ordinals.push(...events);
        reader.isClosed = ordinals.length >= eventsMax;
        return Promise.resolve();
      },
      sendCheckpoint: () => undefined,
      untilVisible: () => reader.isClosed ? Promise.resolve() : new Promise<void>((resolve) => {
        const stop = store.onVisible(() => {
          stop();
          resolve();
        });
      }),
    };
    return { reader, ordinals };
  }

  it.each([
    ['a stream', { kind: 'stream', name: 'orders', from: { kind: 'start' } }],
    ['$all', { kind: 'all', from: { kind: 'start' }, filter: undefined }],
  ] as [string, Source][])('of %s loses no event that comes while the subscriber is told that it has caught up', async (_, source) => {
    await append();
    const { reader, ordinals } = subscriber(2, (answer) => (answer.hasCaughtUp() ? append() : Promise.resolve()));
    await subscribe(store, reader, source, new streams.ReadReq.Options());
    expect(ordinals).toEqual([0, 1]);
  });

  it('loses no event that comes while the subscription is confirmed', async () => {
    const { reader, ordinals } = subscriber(2, (answer) => (answer.hasConfirmation() ? append() : Promise.resolve()));
    const subscribing = subscribe(store, reader, { kind: 'all', from: { kind: 'start' }, filter: undefined }, new streams.ReadReq.Options());
    await append();
    await subscribing;
    expect(ordinals).toEqual([0, 1]);
  });
});
