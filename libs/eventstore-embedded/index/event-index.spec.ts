import { describe, expect, it } from '@jest/globals';

import { EventIndex } from './event-index.js';

const EVENTS = 400_000;
const EVENTS_A_STREAM = 10;
/** About 40 are in use; tables grow by doubling, and the ones they grew out of may not be collected yet. */
const BYTES_AN_EVENT_MAX = 100;

describe('the index of all events', () => {
  it('takes some tens of bytes for each, however large it is', () => {
    const index = new EventIndex();
    const id = Buffer.alloc(16);
    const before = process.memoryUsage().arrayBuffers;
    for (let ordinal = 0; ordinal < EVENTS; ordinal++) {
      id.writeUInt32BE(ordinal, 4);
      const stream = index.internStream(`orders-${ordinal % (EVENTS / EVENTS_A_STREAM)}`);
      index.addVisible({ position: ordinal * 2 ** 20, bytes: 2 ** 20, id, stream, type: 'Placed', isTombstone: false, metadata: undefined });
    }
    expect(index.visible).toBe(EVENTS);
    expect((process.memoryUsage().arrayBuffers - before) / EVENTS).toBeLessThan(BYTES_AN_EVENT_MAX);
  });
});
