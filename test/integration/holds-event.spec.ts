import { randomUUID } from 'node:crypto';
import { jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import { testEventStore, type TestEventStore } from '../support/event-store.js';

describe('an event by which a log is known', () => {
  let store: TestEventStore;
  let log: EventLog;
  const stream = `known-${randomUUID()}`;
  const events = [0, 1].map((count) => jsonEvent({ type: 'Written', data: { count } }));
  let position = -1;

  beforeAll(async () => {
    store = await testEventStore();
    log = new EventLog(connectEventStore(store.url), new Codec([]));
    ({ position } = await log.append(stream, -1, events));
  });
  afterAll(async () => {
    await disconnectEventStore();
    await store.stop();
  });

  it('is held where it is, and nowhere else', async () => {
    const known = { id: events[1]!.id, stream, revision: 1, position };
    expect(await log.holds(known)).toBe(true);
    expect(await log.holds({ ...known, id: events[0]!.id })).toBe(false);
    expect(await log.holds({ ...known, revision: 0 })).toBe(false);
    expect(await log.holds({ ...known, revision: 2 })).toBe(false);
    expect(await log.holds({ ...known, position: position + 1 })).toBe(false);
    expect(await log.holds({ ...known, stream: `${stream}-other` })).toBe(false);
  });
});
