import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type WriteDurably, writeFully } from '../storage/append-queue.js';
import { recordAt } from '../storage/record.js';
import { EventStore, type NewEvent } from './event-store.js';
import { readableRange } from './readable-range.js';

describe('a store on a disk that fails', () => {
  let dataDir: string;
  let disk: { failing: 'ENOSPC' | 'EIO' | undefined; takesBytes: number };
  const stores: EventStore[] = [];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'eventstore-disk-'));
    disk = { failing: undefined, takesBytes: 0 };
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    rmSync(dataDir, { recursive: true });
  });

  /** A full disk takes what it still can before it says no. */
  const write: WriteDurably = async (fd, bytes, offset) => {
    await writeFully(fd, disk.failing === undefined ? bytes : bytes.subarray(0, disk.takesBytes), offset);
    if (disk.failing !== undefined) throw Object.assign(new Error(disk.failing), { code: disk.failing });
  };
  const open = () => {
    const store = new EventStore({ dataDir, durable: false, write, segmentBytesMax: 4_096 });
    stores.push(store);
    return store;
  };

  it('refuses appends while it is full, serves what it has, and goes on when there is room', async () => {
    const store = open();
    await store.append('orders', 'no_stream', events(3));
    disk = { failing: 'ENOSPC', takesBytes: 700 };
    for (let attempt = 0; attempt < 3; attempt++) await expect(store.append('orders', 2, events(4))).rejects.toThrow(/disk of the event store is full/);
    await expect(store.append('invoices', 'no_stream', events(1))).rejects.toThrow(/full/);
    expect(await revisionsOf(store, 'orders')).toEqual([0, 1, 2]);

    disk.failing = undefined;
    await expect(store.append('orders', 2, events(2))).resolves.toMatchObject({ kind: 'appended', lastRevision: 4 });
    await expect(store.append('invoices', 'no_stream', events(1))).resolves.toMatchObject({ kind: 'appended', lastRevision: 0 });
    await store.close();
    const again = open();
    expect(again.log.cut).toBeUndefined();
    expect(await revisionsOf(again, 'orders')).toEqual([0, 1, 2, 3, 4]);
  });

  it('undoes everything that an append changed: revisions, ids, metadata, deletions', async () => {
    const store = open();
    const kept = events(1);
    await store.append('orders', 'no_stream', kept);
    await store.append('$$orders', 'any', [metadata({ $maxCount: 5 })]);
    disk = { failing: 'ENOSPC', takesBytes: 0 };
    const lost = events(2);
    const failing = [
      store.append('orders', 0, lost),
      store.append('$$orders', 'any', [metadata({ $maxCount: 1 })]),
      store.append('$$orders', 'any', [metadata({ $maxCount: 2 })]),
      store.delete('orders', 'any', 'tombstone'),
    ];
    for (const result of await Promise.allSettled(failing)) expect(result.status).toBe('rejected');

    disk.failing = undefined;
    expect(store.index.metadataOf('orders').maxCount).toBe(5);
    await expect(store.append('orders', 'any', kept)).resolves.toMatchObject({ lastRevision: 0 });
    await expect(store.append('orders', 'any', lost)).resolves.toMatchObject({ lastRevision: 2 });
    expect(await revisionsOf(store, 'orders')).toEqual([0, 1, 2]);
  });

  it('that lost its disk takes no more appends, and still serves', async () => {
    const store = open();
    await store.append('orders', 'no_stream', events(3));
    disk = { failing: 'EIO', takesBytes: 100 };
    await expect(store.append('orders', 2, events(1))).rejects.toThrow(/until it is restarted/);
    disk.failing = undefined;
    await expect(store.append('orders', 2, events(1))).rejects.toThrow(/until it is restarted/);
    expect(await revisionsOf(store, 'orders')).toEqual([0, 1, 2]);
  });

  it('acknowledges an event and shows it to readers only when it is on disk', async () => {
    let proceed: () => void = () => undefined;
    const onDisk = new Promise<void>((resolve) => (proceed = resolve));
    const store = new EventStore({ dataDir, durable: false, write: async (...args) => {
      await onDisk;
      await writeFully(...args);
    } });
    stores.push(store);
    let isAcknowledged = false;
    const appending = store.append('orders', 'no_stream', events(2)).then(() => (isAcknowledged = true));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(readableRange(store, 'orders', Date.now())).toEqual({ kind: 'missing' });
    expect(store.index.visible).toBe(0);
    expect(isAcknowledged).toBe(false);
    proceed();
    await appending;
    expect(await revisionsOf(store, 'orders')).toEqual([0, 1]);
  });

  it('does not tell a loser about events that then do not come to be', async () => {
    const store = open();
    disk = { failing: 'ENOSPC', takesBytes: 0 };
    const winner = store.append('orders', 'no_stream', events(1));
    const loser = store.append('orders', 'no_stream', events(1));
    await expect(winner).rejects.toThrow(/full/);
    await expect(loser).rejects.toThrow(/full/);
  });
});

async function revisionsOf(store: EventStore, stream: string): Promise<number[]> {
  const range = readableRange(store, stream, Date.now());
  if (range.kind !== 'present') throw new Error(`${stream} is ${range.kind}.`);
  const ordinals = store.index.ordinalsOfRevisions(range.stream, range.first, range.end);
  const records = await store.log.records.read(ordinals.map((ordinal) => store.index.placeOf(ordinal)));
  return records.map((record) => recordAt.revision(record, 0));
}

function events(count: number): NewEvent[] {
  return Array.from({ length: count }, () => ({ id: randomBytes(16), type: 'Written', isJson: false, data: randomBytes(300), metadata: new Uint8Array(0) }));
}

function metadata(value: object): NewEvent {
  return { id: randomBytes(16), type: '$metadata', isJson: true, data: Buffer.from(JSON.stringify(value)), metadata: new Uint8Array(0) };
}
