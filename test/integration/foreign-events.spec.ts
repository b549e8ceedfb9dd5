import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { binaryEvent, jsonEvent, type EventData } from '@eventstore/db-client';
import { contexts } from '../../libs/domain/contexts.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import { ForeignEvent } from '../../libs/eventstore/foreign-event.js';
import { EventStoreLogSource } from '../../libs/eventstore/subscription.js';
import { eventsBehind } from '../../libs/projector/events-behind.js';
import type { LogEntry } from '../../libs/projector/log-source.js';
import { foreignData } from '../../libs/simulation/foreign-data.js';
import { ownEventStore, type TestEventStore } from '../support/event-store.js';

let store: TestEventStore;
let log: EventLog;
beforeAll(async () => {
  store = await ownEventStore();
  log = new EventLog(connectEventStore(store.url), new Codec(contexts));
});
afterAll(async () => {
  await disconnectEventStore();
  await store.stop();
});

const metadata = { $correlationId: 'c', $causationId: 'c', actor: { id: 'ada', role: 'coordinator' }, occurredAt: '2026-03-01T00:00:00.000Z', commandId: 'c', commandHash: 'h' } as const;
const own = { ...metadata, schemaVersion: 1 };
const scored = (score: number) => log.codec.encode({ type: 'LeadScored', data: { leadId: 'x', score } }, randomUUID(), metadata);
const leadStream = (): string => `lead-${randomUUID()}`;

/** Writes as another application does; gives the position of what it wrote. */
async function writtenByOthers(stream: string, ...events: EventData[]): Promise<number> {
  const { position } = await log.client.appendToStream(stream, events);
  return Number(position?.commit);
}

/** What others may write: by which stream, which event. */
const OTHERS: readonly (readonly [what: string, stream: string, event: EventData])[] = [
  ['a type of ours in a stream of another category', 'shop-1', jsonEvent({ type: 'LeadCaptured', data: { foo: 'bar' } })],
  ['our very metadata in a stream of another category', 'shop-2', jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 1 }, metadata: own })],
  ['a category that begins like ours', 'leadership-1', jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 1 }, metadata: own })],
  ['a category that ends like ours', 'my-lead-1', jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 1 }, metadata: own })],
  ['a category in another case', 'Lead-1', jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 1 }, metadata: own })],
  ['a stream named like a category alone', 'lead', jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 1 }, metadata: own })],
  ['bytes that are no JSON', 'shop-3', binaryEvent({ type: 'DealOpened', data: Uint8Array.of(0, 1, 255) })],
  ['nothing at all', 'shop-4', binaryEvent({ type: 'DealOpened', data: new Uint8Array() })],
  ['our category without metadata', 'lead-other-1', jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 1 } })],
  ['our category with metadata of its own', 'lead-other-2', jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 1 }, metadata: { $correlationId: 'c', $causationId: 'c', commandId: 'c', schemaVersion: 1 } })],
  ['our category with metadata that is no object', 'lead-other-3', jsonEvent({ type: 'LeadScored', data: { leadId: 'x' }, metadata: 'commandHash' as never })],
  ['our category with a list for metadata', 'lead-other-4', jsonEvent({ type: 'LeadScored', data: { leadId: 'x' }, metadata: ['commandId', 'commandHash', 'schemaVersion'] as never })],
  ['our category with metadata that is no JSON', 'lead-other-5', binaryEvent({ type: 'LeadScored', data: Uint8Array.of(1), metadata: Uint8Array.of(0, 159, 146, 150) })],
  ['our category and bytes', 'deal-other-1', binaryEvent({ type: 'DealOpened', data: Uint8Array.of(0, 255) })],
  ['our category and JSON that is no object', 'deal-other-2', jsonEvent({ type: 'DealOpened', data: 'text' as never })],
  ['our category and a type with odd characters', 'deal-other-3', jsonEvent({ type: 'Déal/Öpened\n"x"\u0000', data: {} })],
  ['a link to an event of ours', 'shop-5', jsonEvent({ type: '$>', data: '0@lead-1' as never })],
  ['a link in a stream of our category', 'lead-other-6', jsonEvent({ type: '$>', data: '0@shop-1' as never, metadata: own })],
];

/** Everything that a reader who follows the log from `after` up to `position` is given, and where it then is. */
async function followed(after: number, position: number, eventTypes: readonly string[], upTo?: number): Promise<{ readonly events: readonly LogEntry[]; readonly lastPosition: number }> {
  const events: LogEntry[] = [];
  for await (const page of new EventStoreLogSource(log).subscribe({ afterPosition: after, eventTypes, signal: AbortSignal.timeout(20_000), ...(upTo !== undefined && { upTo }) })) {
    events.push(...page.events);
    if (page.lastPosition >= position) return { events, lastPosition: page.lastPosition };
  }
  throw new Error('the log ended before its head');
}

describe('what other applications write into the event store', () => {
  it.each(OTHERS)('is passed over by all that reads the log: %s', async (_, stream, event) => {
    const { position: before } = await log.append(leadStream(), -1, [scored(1)]);
    const theirs = await writtenByOthers(stream, event);
    expect(await log.head()).toBe(before);
    expect(await log.ownUpTo(theirs)).toBe(before);
    expect(await log.lastOf(() => true)).toMatchObject({ position: before });
    expect(await log.eventAt(theirs)).toBeUndefined();
    expect(await new EventStoreLogSource(log).at(theirs)).toBeUndefined();
    expect(await log.exists(stream)).toBe(false);
    const { position } = await log.append(leadStream(), -1, [scored(2)]);
    expect(await log.head()).toBe(position);
    const types = ['LeadScored', 'LeadCaptured', 'DealOpened'];
    for (const read of [await followed(before, position, []), await followed(before, position, types), await followed(before, position, types, position)]) {
      expect(read).toMatchObject({ events: [{ type: 'LeadScored', position, data: { score: 2 } }], lastPosition: position });
    }
    expect(await eventsBehind(new EventStoreLogSource(log), [{ position: before, eventTypes: types }], position)).toEqual([{ events: 1, atLeast: false }]);
  });

  it('does not make a company of somebody else out of a made-up one', async () => {
    const madeUp = await foreignData(log, 'c', new AbortController().signal);
    expect(madeUp).toBeUndefined();
  });

  it('is told where a decision would rest on it', async () => {
    const stream = leadStream();
    const { revision } = await log.append(stream, -1, [scored(1)]);
    await writtenByOthers(stream, jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 9 } }));
    expect(await log.exists(stream)).toBe(true);
    await expect(log.read(stream)).rejects.toThrow(new ForeignEvent({ streamId: stream, type: 'LeadScored', revision: BigInt(revision + 1) }));
  });

  it('does not hide a stream of ours that it begins', async () => {
    const stream = leadStream();
    await writtenByOthers(stream, jsonEvent({ type: 'LeadScored', data: {} }));
    expect(await log.exists(stream)).toBe(false);
    await log.append(stream, 0, [scored(1)]);
    expect(await log.exists(stream)).toBe(true);
  });

  it('does not move the head of the log, however much it is', async () => {
    const { position } = await log.append(leadStream(), -1, [scored(1)]);
    const writeMany = async (): Promise<number> => {
      let last = -1;
      for (let batch = 0; batch < 5; batch += 1) last = await writtenByOthers('shop-flood', ...Array.from({ length: 1_000 }, () => jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 1 } })));
      return last;
    };
    const theirs = await writeMany();
    // One log that has watched, and one that begins here.
    for (const each of [log, new EventLog(log.client, log.codec)]) {
      expect(await each.head()).toBe(position);
      expect(await each.ownUpTo(theirs)).toBe(position);
      expect(await each.lastOf(() => true)).toMatchObject({ position });
    }
    const { position: next } = await log.append(leadStream(), -1, [scored(2)]);
    await writeMany();
    expect(await log.head()).toBe(next);
    expect(await followed(position, next, ['LeadScored'])).toMatchObject({ events: [{ position: next }] });
  }, 120_000);
});

describe('what the engine itself writes', () => {
  it('is given as unreadable where a later version has written it', async () => {
    const { position: before } = await log.append(leadStream(), -1, [scored(1)]);
    const stream = leadStream();
    const position = await writtenByOthers(stream, jsonEvent({ type: 'LeadPondered', data: { leadId: 'x' }, metadata: own }));
    expect(await log.head()).toBe(position);
    expect(await followed(before, position, [])).toMatchObject({ events: [{ type: 'LeadPondered', stream, error: expect.stringContaining('no such event type') }] });
    await expect(log.read(stream)).rejects.toThrow('no such event type');
  });

  it('is given as unreadable where its metadata is of a later version', async () => {
    const { position: before } = await log.append(leadStream(), -1, [scored(1)]);
    const position = await writtenByOthers(leadStream(), jsonEvent({ type: 'LeadScored', data: { leadId: 'x', score: 1 }, metadata: { ...own, actor: { id: 'ada', role: 'partner' } } }));
    expect(await followed(before, position, ['LeadScored'])).toMatchObject({ events: [{ type: 'LeadScored', error: expect.stringContaining('metadata') }] });
  });

  it('is no fact where it stands beside the facts: readers come to it and are not given it', async () => {
    const stream = leadStream();
    const { position: before } = await log.append(stream, -1, [scored(1)]);
    const position = await writtenByOthers(stream, jsonEvent({ type: 'CommandAccepted', data: {}, metadata: own }));
    expect(await log.head()).toBe(position);
    expect(await followed(before, position, [])).toEqual({ events: [], lastPosition: position });
    expect(await followed(before, position, ['LeadScored'])).toEqual({ events: [], lastPosition: position });
    expect(await log.eventAt(position)).toMatchObject({ type: 'CommandAccepted' });
    expect(await log.lastOf(() => true)).toMatchObject({ position: before });
  });

  it('is not followed in streams that it keeps for itself, and is its own', async () => {
    const { position: before } = await log.append(leadStream(), -1, [scored(1)]);
    const stream = `commandKey-${randomUUID()}`;
    const position = await writtenByOthers(stream, jsonEvent({ type: 'CommandAccepted', data: {}, metadata: own }));
    expect(await log.head()).toBe(before);
    expect(await log.exists(stream)).toBe(false);
    expect(await log.eventAt(position)).toMatchObject({ streamId: stream });
  });
});
