import { randomUUID } from 'node:crypto';

import streams from '@eventstore/db-client/generated/streams_pb.js';

import type { EventStore } from '../streams/event-store.js';
import { type ReadableRange, readableRange } from '../streams/readable-range.js';
import { refuse } from './errors.js';
import { checkpointIntervalOf, type Source } from './read-options.js';
import { refuseProjected } from './projected-streams.js';
import type { ReaderCall } from './reader-call.js';

const PAGE_EVENTS_MAX = 4_096;
const SEARCHED_EVENTS_MAX = 20_000;
/** A subscriber that is further behind than this has fallen behind, and is told again when it has caught up. */
const LIVE_LAG_EVENTS_MAX = 1_024;

type Subscriber = Pick<ReaderCall, 'isClosed' | 'isHeldUp' | 'send' | 'sendEvents' | 'sendCheckpoint' | 'untilVisible' | 'unsentEvents' | 'isLive' | 'fail'>;

/** What a subscription still has to send. */
type Feed = {
  /** Events not yet looked at. */
  lag(): number;
  /** Sends some of them. */
  sendSome(): Promise<void>;
  /** Whether the history to catch up with does not exist: the real server confirms, and is silent until it does. */
  isMissing(): boolean;
  /** From here on every event counts, whatever the stream's metadata hides from readers of its history. */
  goLive(): void;
  /** How many events wait to be sent, counted as far as `most`. */
  waiting(most: number): number;
};

export type SubscriptionLimits = {
  /** Live events that may wait for a subscriber who does not take them; undefined: as many as there are. */
  liveBufferEvents?: number | undefined;
};

/** Sends what there is and then what comes: one cursor for both, so there is no seam at which an event could fall. */
export async function subscribe(
  store: EventStore,
  reader: Subscriber,
  source: Source,
  options: streams.ReadReq.Options,
  limits: SubscriptionLimits = {},
): Promise<void> {
  if (source.kind === 'stream') refuseProjected(store, source.name);
  if (source.kind === 'stream' && store.index.isTombstoned(source.name, store.index.visible)) throw refuse.streamDeleted(source.name);
  await reader.send(new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID())));
  const feed = source.kind === 'stream' ? streamFeed(store, reader, source) : allFeed(store, reader, source, checkpointIntervalOf(options));

  const stopWatching = limits.liveBufferEvents === undefined ? undefined : dropIfSlow(store, reader, feed, limits.liveBufferEvents);
  try {
    await follow(reader, feed);
  } finally {
    stopWatching?.();
  }
}

/** The real server drops a live subscriber for whom more events wait than its buffer holds. */
function dropIfSlow(store: EventStore, reader: Subscriber, feed: Feed, bufferEvents: number): () => void {
  return store.onVisible(() => {
    if (reader.isClosed || !reader.isHeldUp) return;
    if (reader.unsentEvents + feed.waiting(bufferEvents + 1) > bufferEvents) reader.fail(refuse.consumerTooSlow());
  });
}

async function follow(reader: Subscriber, feed: Feed): Promise<void> {
  let isBehind = true;
  while (!reader.isClosed) {
    while (feed.lag() > 0 && !reader.isClosed) {
      isBehind ||= feed.lag() > LIVE_LAG_EVENTS_MAX;
      await feed.sendSome();
    }
    if (isBehind && !feed.isMissing()) {
      feed.goLive();
      reader.isLive = true;
      await reader.send(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
      isBehind = false;
    }
    // What became visible while the last answers were sent has not woken anybody.
    if (feed.lag() === 0) await reader.untilVisible();
  }
}

function allFeed(store: EventStore, reader: Subscriber, { from, filter }: Source & { kind: 'all' }, checkpointInterval: number): Feed {
  const { index } = store;
  let next = { start: 0, end: index.visible, at: 0 }[from.kind];
  // As on the real server a position behind the end is the end: whatever comes next is sent.
  if (from.kind === 'at') next = Math.min(index.visible, index.ordinalAt(from.value + 1));
  let isLive = from.kind === 'end';
  let considered = 0;
  let counted = { after: -1, to: 0, matching: 0 };
  return {
    lag: () => index.visible - next,
    async sendSome() {
      const end = Math.min(index.visible, next + (filter === undefined ? PAGE_EVENTS_MAX : SEARCHED_EVENTS_MAX));
      filter?.prepare(next, end);
      let page: number[] = [];
      while (next < end && page.length < PAGE_EVENTS_MAX) {
        const ordinal = next++;
        const position = index.positionOf(ordinal);
        if (filter?.matches(ordinal) !== false) page.push(ordinal);
        if (filter === undefined || ++considered < checkpointInterval) continue;
        considered = 0;
        await reader.sendEvents(page);
        page = [];
        // As on the real server: the interval that ends with the history brings no checkpoint.
        if (isLive || next < index.visible) await reader.sendCheckpoint(position);
        if (reader.isClosed) return;
      }
      await reader.sendEvents(page);
      // Passing over events takes no waiting of its own; others want their turn.
      if (page.length === 0) await new Promise((resolve) => setImmediate(resolve));
    },
    isMissing: () => false,
    goLive() {
      isLive = true;
    },
    waiting(most) {
      if (!isLive || filter === undefined) return isLive ? index.visible - next : 0;
      // Each event is looked at once while the subscriber stands still.
      if (counted.after !== next) counted = { after: next, to: next, matching: 0 };
      filter.prepare(counted.to, index.visible);
      for (; counted.to < index.visible && counted.matching < most; counted.to++) if (filter.matches(counted.to)) counted.matching++;
      return counted.matching;
    },
  };
}

function streamFeed(store: EventStore, reader: Subscriber, { name, from }: Source & { kind: 'stream' }): Feed {
  const { index } = store;
  const visibleCount = () => index.visibleRevisionCount(index.streams.find(name));
  let next = { start: 0, end: visibleCount(), at: from.kind === 'at' ? from.value + 1 : 0 }[from.kind];
  let isLive = from.kind === 'end';
  return {
    lag: () => (index.isTombstoned(name, index.visible) ? 1 : Math.max(0, visibleCount() - next)),
    async sendSome() {
      const range = isLive ? liveRange(store, name) : readableRange(store, name, Date.now());
      if (range.kind === 'missing') {
        next = visibleCount();
        return;
      }
      if (range.kind === 'tombstoned') {
        const tombstone = index.tombstoneOf(name);
        if (tombstone !== undefined) await reader.sendEvents([tombstone]);
        throw refuse.streamDeleted(name);
      }
      next = Math.max(next, range.first);
      const end = Math.min(range.end, next + PAGE_EVENTS_MAX);
      const page = index.ordinalsOfRevisions(range.stream, next, end);
      next = Math.max(next, end);
      await reader.sendEvents(page);
    },
    isMissing: () => !isLive && readableRange(store, name, Date.now()).kind === 'missing',
    goLive() {
      isLive = true;
    },
    waiting: () => (isLive ? Math.max(0, visibleCount() - next) : 0),
  };
}

/** What a live subscriber is sent: every event, as the real server does. */
function liveRange({ index }: EventStore, name: string): ReadableRange {
  if (index.isTombstoned(name, index.visible)) return { kind: 'tombstoned' };
  const stream = index.streams.find(name);
  return stream === undefined ? { kind: 'missing' } : { kind: 'present', stream, first: 0, end: index.visibleRevisionCount(stream) };
}
