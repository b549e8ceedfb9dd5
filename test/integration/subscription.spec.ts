import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jsonEvent } from '@eventstore/db-client';
import { contexts } from '../../libs/domain/contexts.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import { EventStoreLogSource, QUEUE_EVENTS_MAX } from '../../libs/eventstore/subscription.js';
import { openFileKeyStore } from '../../libs/personal-data/file-key-store.js';
import { KeyRing } from '../../libs/personal-data/key-ring.js';
import { KEY_BYTES } from '../../libs/personal-data/seal.js';
import { PAGE_EVENTS_MAX, type LogBatch } from '../../libs/projector/log-source.js';
import { testEventStore, type TestEventStore } from '../support/event-store.js';

let store: TestEventStore;
let log: EventLog;

beforeAll(async () => {
  store = await testEventStore();
  log = new EventLog(connectEventStore(store.url), new Codec(contexts));
});

afterAll(async () => {
  await disconnectEventStore();
  await store.stop();
});

/** A subscription that cannot read tries again for ever: the test then fails instead. */
const READ_MS_MAX = 900_000;

const metadata = { $correlationId: 'c', $causationId: 'c', actor: { id: 'ada', role: 'coordinator' }, occurredAt: '2026-03-01T00:00:00.000Z', commandId: 'c', commandHash: 'h' } as const;
const scored = (score: number) => log.codec.encode({ type: 'LeadScored', data: { leadId: 'x', score } }, randomUUID(), metadata);

const moved = (stage: number) => log.codec.encode({ type: 'DealStageChanged', data: { dealId: 'x', from: 'a', to: String(stage), kind: 'advance' } }, randomUUID(), metadata);

/** Takes batches until `enough`, then ends the subscription. */
async function take(afterPosition: number | null, eventTypes: readonly string[], enough: (batches: LogBatch[]) => boolean, upTo?: number): Promise<LogBatch[]> {
  const abort = new AbortController();
  const batches: LogBatch[] = [];
  for await (const batch of new EventStoreLogSource(log).subscribe({ afterPosition, eventTypes, signal: abort.signal, ...(upTo !== undefined && { upTo }) })) {
    batches.push(batch);
    if (enough(batches)) abort.abort();
  }
  return batches;
}

const scores = (batches: readonly LogBatch[], stream: string): unknown[] => batches.flatMap(({ events }) => events).flatMap((event) => ('data' in event && event.stream === stream && 'score' in event.data ? [event.data.score] : []));

describe('a subscription', () => {
  it('gives history and then what comes, each event once, in order', async () => {
    const stream = `lead-${randomUUID()}`;
    const before = await log.head();
    await log.append(stream, -1, [1, 2, 3].map(scored));
    let asked = false;
    const batches = await take(before, ['LeadScored'], (so) => {
      if (so.at(-1)!.caughtUp && !asked) {
        asked = true;
        void log.append(stream, 2, [4, 5].map(scored));
      }
      return scores(so, stream).length === 5;
    });
    expect(scores(batches, stream)).toEqual([1, 2, 3, 4, 5]);
  });

  it('resumes after a position without gap or repeat', async () => {
    const stream = `lead-${randomUUID()}`;
    await log.append(stream, -1, [1, 2].map(scored));
    const { position } = await log.append(stream, 1, [scored(3)]);
    await log.append(stream, 2, [4, 5].map(scored));
    expect(scores(await take(position, ['LeadScored'], (so) => scores(so, stream).length === 2), stream)).toEqual([4, 5]);
  });

  it('looks keys up that another process made, and keeps the order', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'pipeledger-subscription-'));
    const keyStore = await openFileKeyStore(dir);
    const master = randomBytes(KEY_BYTES);
    const ofProcess = async (): Promise<EventLog> => new EventLog(log.client, new Codec(contexts, await KeyRing.open(keyStore, master)));
    const [one, other] = [await ofProcess(), await ofProcess()];
    const before = await log.head();
    const leads = Array.from({ length: 300 }, () => randomUUID());
    const events = leads.flatMap((leadId, index) => [{ type: 'LeadContacted', data: { leadId, memberId: 'm', channel: 'call', direction: 'outbound', automated: false, note: `note ${index}` } }, { type: 'LeadScored', data: { leadId, score: index } }]);
    await one.codec.prepare(events);
    await log.append(`lead-${leads[0]}`, -1, events.map((event) => one.codec.encode(event, randomUUID(), metadata)));
    const read: unknown[] = [];
    const abort = new AbortController();
    for await (const batch of new EventStoreLogSource(other).subscribe({ afterPosition: before, eventTypes: [], signal: AbortSignal.any([abort.signal, AbortSignal.timeout(READ_MS_MAX)]) })) {
      read.push(...batch.events.flatMap((event) => ('data' in event && event.stream === `lead-${leads[0]}` ? [event.data] : [])));
      if (read.length >= events.length) abort.abort();
    }
    expect(read).toEqual(events.map(({ data }) => data));
    expect(await other.read(`lead-${leads[0]}`)).toMatchObject(events);
    await keyStore.close();
    await rm(dir, { recursive: true });
  });

  it('loses nothing where history is far longer than its queue', async () => {
    const stream = `lead-${randomUUID()}`;
    const before = await log.head();
    const total = QUEUE_EVENTS_MAX * 3;
    for (let from = 0; from < total; from += 1_000) await log.append(stream, from - 1, Array.from({ length: 1_000 }, (_, index) => scored(from + index)));
    const batches = await take(before, ['LeadScored'], (so) => scores(so.slice(-1), stream).includes(total - 1));
    expect(scores(batches, stream)).toEqual(Array.from({ length: total }, (_, index) => index));
    for (const [index, { lastPosition }] of batches.entries()) if (index > 0) expect(lastPosition).toBeGreaterThanOrEqual(batches[index - 1]!.lastPosition);
  });

  it('moves its position past events that it did not ask for', async () => {
    const before = await log.head();
    const { position } = await log.append(`lead-${randomUUID()}`, -1, Array.from({ length: 600 }, (_, index) => scored(index)));
    const batches = await take(before, ['DealOpened'], (so) => so.at(-1)!.lastPosition >= position);
    expect(batches.flatMap(({ events }) => events)).toEqual([]);
    expect(batches.at(-1)!.lastPosition).toBe(position);
  });

  it('moves its position past events that it did not ask for, behind one that it did', async () => {
    const before = await log.head();
    await log.append(`lead-${randomUUID()}`, -1, [scored(1)]);
    const { position } = await log.append(`deal-${randomUUID()}`, -1, Array.from({ length: 20 }, (_, index) => moved(index)));
    const batches = await take(before, ['LeadScored'], (so) => so.at(-1)!.lastPosition >= position);
    expect(batches.flatMap(({ events }) => events)).toHaveLength(1);
    expect(batches.at(-1)!.lastPosition).toBe(position);
  });

  it('brings events in pages, not one by one', async () => {
    const stream = `lead-${randomUUID()}`;
    const before = await log.head();
    const total = 2_000;
    await log.append(stream, -1, Array.from({ length: total }, (_, index) => scored(index)));
    const batches = await take(before, ['LeadScored'], (so) => scores(so.slice(-1), stream).includes(total - 1));
    expect(batches.length).toBeLessThan(total / 10);
  });

  it('up to a position: gives every wanted event and gets there, whatever lies between', async () => {
    const stream = `lead-${randomUUID()}`;
    const wanted = `deal-${randomUUID()}`;
    const before = await log.head();
    const total = PAGE_EVENTS_MAX * 2 + 1;
    await log.append(stream, -1, [1, 2, 3].map(scored));
    await log.append(wanted, -1, Array.from({ length: total }, (_, index) => moved(index)));
    const { position } = await log.append(stream, 2, [4, 5].map(scored));
    const batches = await take(before, ['DealStageChanged'], (so) => so.at(-1)!.lastPosition >= position, position);
    const got = batches.flatMap(({ events }) => events);
    expect(got.map((event) => event.stream)).toEqual(Array.from({ length: total }, () => wanted));
    for (const { events, lastPosition } of batches) if (lastPosition >= position && events.length > 0) expect(got.length).toBe(total);
  });

  it('finds the one event at a position', async () => {
    const { position } = await log.append(`lead-${randomUUID()}`, -1, [scored(8)]);
    const source = new EventStoreLogSource(log);
    expect(await source.at(position)).toMatchObject({ type: 'LeadScored', position });
    expect(await source.at(position + 1_000_000)).toBeUndefined();
  });

  it('hands over what it cannot read as such, and goes on', async () => {
    const stream = `lead-${randomUUID()}`;
    const before = await log.head();
    await log.client.appendToStream(stream, jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 1 }, metadata: { ...metadata, schemaVersion: 99 } }));
    await log.client.appendToStream(stream, scored(2));
    const batches = await take(before, ['LeadScored'], (so) => scores(so, stream).length === 1);
    expect(batches.flatMap(({ events }) => events)).toEqual([{ stream, type: 'LeadScored', position: expect.any(Number), recordedAt: expect.any(String), error: expect.stringContaining('version 99') }, expect.objectContaining({ stream, revision: 1 })]);
  });
});

describe('the head of the log', () => {
  it('is the last event that a subscription comes to: what the event store writes for itself is none', async () => {
    const stream = `lead-${randomUUID()}`;
    const { position: before } = await log.append(stream, -1, [scored(1)]);
    const { position } = await log.append(stream, 0, [scored(2)]);
    await log.client.setStreamMetadata(stream, { owner: 'ada' });
    await log.client.setStreamMetadata(stream, { owner: 'bob' });
    expect(await log.head()).toBe(position);
    const batches = await take(before, [], (so) => so.at(-1)!.caughtUp);
    expect(batches.at(-1)!.lastPosition).toBeGreaterThanOrEqual(await log.head());
  });
});
