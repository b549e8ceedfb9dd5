import type streams from '@eventstore/db-client/generated/streams_pb.js';

import { type EventStore } from '../streams/event-store.js';
import { NameFilter } from '../streams/name-filter.js';
import { refuse } from './errors.js';
import { streamNameOf } from './requests.js';

type Options = streams.ReadReq.Options;

/** Where to begin: a revision of a stream or a position of the log. */
export type From = { kind: 'start' } | { kind: 'end' } | { kind: 'at'; value: number };
export type Source = { kind: 'stream'; name: string; from: From } | { kind: 'all'; from: From; filter: NameFilter | undefined };

/** What the real server uses when the client names no window. */
const SEARCH_WINDOW_DEFAULT = 32;

/** @throws CallRefused if the request names neither a stream nor `$all` */
export function sourceOf(store: EventStore, options: Options): Source {
  const stream = options.getStream();
  if (stream !== undefined) {
    const name = streamNameOf(stream.getStreamIdentifier());
    if (stream.hasStart()) return { kind: 'stream', name, from: { kind: 'start' } };
    if (stream.hasEnd()) return { kind: 'stream', name, from: { kind: 'end' } };
    return { kind: 'stream', name, from: { kind: 'at', value: Number(stream.getRevision()) } };
  }
  const all = options.getAll();
  if (all === undefined) throw refuse.invalid('A read names a stream or $all.');
  const filter = filterOf(store, options);
  if (all.hasStart()) return { kind: 'all', from: { kind: 'start' }, filter };
  if (all.hasEnd()) return { kind: 'all', from: { kind: 'end' }, filter };
  const position = Number(all.getPosition()?.getCommitPosition() ?? '0');
  if (!isPosition(store, position)) throw refuse.invalidPosition();
  return { kind: 'all', from: { kind: 'at', value: position }, filter };
}

/** Every how many events, wanted or not, a filtered subscription gets a checkpoint. */
export function checkpointIntervalOf(options: Options): number {
  const filter = options.getFilter();
  const window = filter?.hasMax() === true ? filter.getMax() : SEARCH_WINDOW_DEFAULT;
  return Math.max(1, window) * Math.max(1, filter?.getCheckpointintervalmultiplier() ?? 1);
}

function filterOf(store: EventStore, options: Options): NameFilter | undefined {
  const filter = options.getFilter();
  if (filter === undefined) return undefined;
  const onStream = filter.getStreamIdentifier();
  const expression = onStream ?? filter.getEventType();
  if (expression === undefined) throw refuse.invalid('The filter names neither streams nor event types.');
  return new NameFilter(store, { on: onStream === undefined ? 'type' : 'stream', regex: expression.getRegex(), prefixes: expression.getPrefixList() });
}

/** The real server reads from where an event begins, from the start, and from anywhere behind the end. */
function isPosition(store: EventStore, position: number): boolean {
  if (position === 0) return true;
  const ordinal = store.index.ordinalAt(position);
  return ordinal >= store.index.visible || store.index.positionOf(ordinal) === position;
}
