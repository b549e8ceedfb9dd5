import streams from '@eventstore/db-client/generated/streams_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';

import type { EventStore } from '../streams/event-store.js';
import { readableRange } from '../streams/readable-range.js';
import { refuse } from './errors.js';
import { refuseProjected } from './projected-streams.js';
import { type Source, sourceOf } from './read-options.js';
import { type ReadCall, ReaderCall } from './reader-call.js';
import { subscribe, type SubscriptionLimits } from './subscription.js';

const PAGE_EVENTS_MAX = 4_096;
/** Events passed over in one turn before others get theirs. */
const SEARCHED_EVENTS_MAX = 20_000;

/** Read: a stream or `$all`, a number of events in either direction, or everything from somewhere on as it happens. */
export async function read(store: EventStore, call: ReadCall, limits: SubscriptionLimits): Promise<void> {
  const options = call.request.getOptions();
  const reader = new ReaderCall(store, call, {
    resolveLinks: options?.getResolveLinks() ?? false,
    structuredIds: options?.getUuidOption()?.hasStructured() ?? false,
  });
  try {
    if (options?.getUuidOption() === undefined) throw refuse.invalid(' `uuidOption` is a required argument.');
    const source = sourceOf(store, options);
    if (options.hasSubscription()) return await subscribe(store, reader, source, options, limits);

    const isBackwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
    const count = Number(options.getCount());
    const identifier = options.getStream()?.getStreamIdentifier();
    if (source.kind === 'all') await readAll(store, reader, source, isBackwards, count);
    else {
      const end = await readStream(store, reader, source, identifier, isBackwards, count);
      // The Node client never asks for this; others do, and tell their users where the stream ends.
      const asksForEnd = (options.getControlOption()?.getCompatibility() ?? 0) >= 1;
      if (asksForEnd && end !== undefined) await reader.send(new streams.ReadResp().setLastStreamPosition(String(end - 1)));
    }
    reader.end();
  } catch (error) {
    reader.fail(error);
  }
}

/** Returns how many revisions the stream has, also those that its metadata hides; undefined without a stream. */
async function readStream(
  store: EventStore,
  reader: ReaderCall,
  { name, from }: Source & { kind: 'stream' },
  identifier: shared.StreamIdentifier | undefined,
  isBackwards: boolean,
  count: number,
): Promise<number | undefined> {
  const range = readableRange(store, name, Date.now());
  if (range.kind === 'tombstoned') throw refuse.streamDeleted(name);
  if (range.kind === 'missing') {
    refuseProjected(store, name);
    await reader.send(new streams.ReadResp().setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier)));
    return undefined;
  }
  const { stream, first, end } = range;
  const start = { start: 0, end: isBackwards ? end - 1 : end, at: from.kind === 'at' ? from.value : 0 }[from.kind];
  const [low, high] = isBackwards
    ? [Math.max(first, Math.min(start, end - 1) + 1 - count), Math.min(start + 1, end)]
    : [Math.max(first, start), Math.min(end, Math.max(first, start) + count)];
  for (const [from, to] of windows(low, high, PAGE_EVENTS_MAX, isBackwards)) {
    const ordinals = store.index.ordinalsOfRevisions(stream, from, to);
    await reader.sendEvents(isBackwards ? ordinals.reverse() : ordinals);
    if (reader.isClosed) break;
  }
  return end;
}

async function readAll(store: EventStore, reader: ReaderCall, { from, filter }: Source & { kind: 'all' }, isBackwards: boolean, count: number): Promise<void> {
  const { visible } = store.index;
  // Forwards a position counts itself in, backwards it does not.
  const start = { start: 0, end: visible, at: from.kind === 'at' ? Math.min(visible, store.index.ordinalAt(from.value)) : 0 }[from.kind];
  const size = filter === undefined ? PAGE_EVENTS_MAX : SEARCHED_EVENTS_MAX;
  let left = count;
  for (const [low, high] of isBackwards ? windows(0, start, size, true) : windows(start, visible, size, false)) {
    filter?.prepare(low, high);
    const ordinals = Array.from({ length: high - low }, (_, index) => (isBackwards ? high - 1 - index : low + index));
    const wanted = (filter === undefined ? ordinals : ordinals.filter((ordinal) => filter.matches(ordinal))).slice(0, left);
    left -= wanted.length;
    await reader.sendEvents(wanted);
    if (left <= 0 || reader.isClosed) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Cuts a range into windows of at most `size`, from its near end to its far one. */
function* windows(low: number, high: number, size: number, isBackwards: boolean): Generator<[from: number, to: number]> {
  if (isBackwards) for (let to = high; to > low; to -= size) yield [Math.max(low, to - size), to];
  else for (let from = low; from < high; from += size) yield [from, Math.min(high, from + size)];
}
