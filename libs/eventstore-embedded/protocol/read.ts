import streams from '@eventstore/db-client/generated/streams_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';

import type { EventStore } from '../streams/event-store.js';
import { readableRange } from '../streams/readable-range.js';
import { refuse } from './errors.js';
import { type Source, sourceOf } from './read-options.js';
import { type ReadCall, ReaderCall } from './reader-call.js';
import { subscribe } from './subscription.js';

const PAGE_EVENTS_MAX = 512;
/** Events passed over in one turn before others get theirs. */
const SEARCHED_EVENTS_MAX = 20_000;

/** Read: a stream or `$all`, a number of events in either direction, or everything from somewhere on as it happens. */
export async function read(store: EventStore, call: ReadCall): Promise<void> {
  const options = call.request.getOptions();
  const reader = new ReaderCall(store, call, {
    resolveLinks: options?.getResolveLinks() ?? false,
    structuredIds: options?.getUuidOption()?.hasStructured() ?? false,
  });
  try {
    if (options?.getUuidOption() === undefined) throw refuse.invalid(' `uuidOption` is a required argument.');
    const source = sourceOf(store, options);
    if (options.hasSubscription()) return await subscribe(store, reader, source, options);

    const isBackwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
    const count = Number(options.getCount());
    const identifier = options.getStream()?.getStreamIdentifier();
    if (source.kind === 'all') await readAll(store, reader, source, isBackwards, count);
    else await readStream(store, reader, source, identifier, isBackwards, count);
    reader.end();
  } catch (error) {
    reader.fail(error);
  }
}

async function readStream(
  store: EventStore,
  reader: ReaderCall,
  { name, from }: Source & { kind: 'stream' },
  identifier: shared.StreamIdentifier | undefined,
  isBackwards: boolean,
  count: number,
): Promise<void> {
  const range = readableRange(store, name, Date.now());
  if (range.kind === 'tombstoned') throw refuse.streamDeleted(name);
  if (range.kind === 'missing') {
    await reader.send(new streams.ReadResp().setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier)));
    return;
  }
  const { stream, first, end } = range;
  const last = end - 1;
  if (isBackwards) {
    const newest = from.kind === 'end' ? last : Math.min(last, from.kind === 'start' ? 0 : from.value);
    const oldest = Math.max(first, newest - count + 1);
    for (let to = newest + 1; to > oldest && !reader.isClosed; to -= PAGE_EVENTS_MAX) {
      await reader.sendEvents(store.index.ordinalsOfRevisions(stream, Math.max(oldest, to - PAGE_EVENTS_MAX), to).reverse());
    }
    return;
  }
  const oldest = from.kind === 'end' ? end : Math.max(first, from.kind === 'start' ? 0 : from.value);
  const to = Math.min(end, (from.kind === 'at' ? Math.max(oldest, from.value) : oldest) + count);
  for (let next = oldest; next < to && !reader.isClosed; next += PAGE_EVENTS_MAX) {
    await reader.sendEvents(store.index.ordinalsOfRevisions(stream, next, Math.min(to, next + PAGE_EVENTS_MAX)));
  }
}

async function readAll(store: EventStore, reader: ReaderCall, { from, filter }: Source & { kind: 'all' }, isBackwards: boolean, count: number): Promise<void> {
  const { visible } = store.index;
  const start = { start: 0, end: visible, at: from.kind === 'at' ? store.index.ordinalAt(from.value) : 0 }[from.kind];
  // Forwards a position counts itself in, backwards it does not.
  const [next, end] = isBackwards ? [Math.min(start, visible), 0] : [start, visible];
  const step = isBackwards ? -SEARCHED_EVENTS_MAX : SEARCHED_EVENTS_MAX;
  let left = count;
  for (let at = next; (isBackwards ? at > end : at < end) && left > 0 && !reader.isClosed; at += step) {
    const [low, high] = isBackwards ? [Math.max(end, at + step), at] : [at, Math.min(end, at + step)];
    filter?.prepare(low, high);
    let page: number[] = [];
    for (let passed = 0; passed < high - low && left > 0; passed++) {
      const ordinal = isBackwards ? high - 1 - passed : low + passed;
      if (filter?.matches(ordinal) === false) continue;
      page.push(ordinal);
      left--;
      if (page.length < PAGE_EVENTS_MAX) continue;
      await reader.sendEvents(page);
      if (reader.isClosed) return;
      page = [];
    }
    await reader.sendEvents(page);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
