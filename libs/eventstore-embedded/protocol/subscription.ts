import { randomUUID } from 'node:crypto';

import streams from '@eventstore/db-client/generated/streams_pb.js';

import type { EventStore } from '../streams/event-store.js';
import { readableRange } from '../streams/readable-range.js';
import { refuse } from './errors.js';
import { checkpointIntervalOf, type Source } from './read-options.js';
import type { ReaderCall } from './reader-call.js';

const PAGE_EVENTS_MAX = 4_096;
const SEARCHED_EVENTS_MAX = 20_000;
/** A subscriber that is further behind than this has fallen behind, and is told again when it has caught up. */
const LIVE_LAG_EVENTS_MAX = 1_024;

type Subscriber = Pick<ReaderCall, 'isClosed' | 'send' | 'sendEvents' | 'sendCheckpoint' | 'untilVisible'>;

/** What a subscription still has to send. */
type Feed = {
  /** Events not yet looked at. */
  lag(): number;
  /** Sends some of them. */
  sendSome(): Promise<void>;
  /** Called when nothing is left after having been behind. */
  caughtUp(): Promise<void>;
};

/** Sends what there is and then what comes: one cursor for both, so there is no seam at which an event could fall. */
export async function subscribe(store: EventStore, reader: Subscriber, source: Source, options: streams.ReadReq.Options): Promise<void> {
  if (source.kind === 'stream' && store.index.isTombstoned(source.name, store.index.visible)) throw refuse.streamDeleted(source.name);
  await reader.send(new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID())));
  const feed = source.kind === 'stream' ? streamFeed(store, reader, source) : allFeed(store, reader, source, checkpointIntervalOf(options));

  let isBehind = true;
  while (!reader.isClosed) {
    while (feed.lag() > 0 && !reader.isClosed) {
      isBehind ||= feed.lag() > LIVE_LAG_EVENTS_MAX;
      await feed.sendSome();
    }
    if (isBehind) {
      await feed.caughtUp();
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
  // A position behind the end may name events that are not written yet: none up to it is wanted.
  const after = from.kind === 'at' ? from.value : -1;
  if (from.kind === 'at') next = Math.min(index.visible, index.ordinalAt(after + 1));
  const isCatchingUp = next < index.visible;
  let considered = 0;
  let lastCheckpoint = -1;

  const checkpoint = async (position: number) => {
    if (position <= lastCheckpoint) return;
    lastCheckpoint = position;
    await reader.sendCheckpoint(position);
  };
  return {
    lag: () => index.visible - next,
    async sendSome() {
      const end = Math.min(index.visible, next + (filter === undefined ? PAGE_EVENTS_MAX : SEARCHED_EVENTS_MAX));
      filter?.prepare(next, end);
      let page: number[] = [];
      while (next < end && page.length < PAGE_EVENTS_MAX) {
        const ordinal = next++;
        const position = index.positionOf(ordinal);
        if (position > after && filter?.matches(ordinal) !== false) page.push(ordinal);
        if (filter === undefined || ++considered < checkpointInterval) continue;
        considered = 0;
        await reader.sendEvents(page);
        await checkpoint(position);
        page = [];
        if (reader.isClosed) return;
      }
      await reader.sendEvents(page);
      // Passing over events takes no waiting of its own; others want their turn.
      if (page.length === 0) await new Promise((resolve) => setImmediate(resolve));
    },
    async caughtUp() {
      // As the real server does: who came through history learns how far it has been searched before going live.
      if (filter !== undefined && isCatchingUp && next > 0) await checkpoint(Math.max(index.positionOf(next - 1), after));
    },
  };
}

function streamFeed(store: EventStore, reader: Subscriber, { name, from }: Source & { kind: 'stream' }): Feed {
  const { index } = store;
  const visibleCount = () => index.visibleRevisionCount(index.streams.find(name));
  let next = { start: 0, end: visibleCount(), at: from.kind === 'at' ? from.value + 1 : 0 }[from.kind];
  return {
    lag: () => (index.isTombstoned(name, index.visible) ? 1 : Math.max(0, visibleCount() - next)),
    async sendSome() {
      const range = readableRange(store, name, Date.now());
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
      await reader.sendEvents(index.ordinalsOfRevisions(range.stream, next, end));
      next = Math.max(next, end);
    },
    caughtUp: () => Promise.resolve(),
  };
}
