import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import { decodeEvent } from '../storage/decode-event.js';
import type { EventStore } from '../streams/event-store.js';
import { readableRange } from '../streams/readable-range.js';

type RecordedEvent = streams.ReadResp.ReadEvent.RecordedEvent;

/** The answer for an event that cannot be sent as it was stored: a link to follow, or ids in the form of two numbers. */
export async function resolvedEvent(store: EventStore, record: Buffer, as: { resolve: boolean; structuredIds: boolean }): Promise<streams.ReadResp> {
  const stored = decodeEvent(record);
  const answer = new streams.ReadResp.ReadEvent().setCommitPosition(stored.getCommitPosition());
  const withIds = (event: RecordedEvent) => (as.structuredIds ? withStructuredId(event) : event);
  const link = as.resolve ? linkIn(stored) : undefined;
  if (link === undefined) return new streams.ReadResp().setEvent(answer.setEvent(withIds(stored)));

  // A link whose event is gone is answered as a link to nothing.
  const target = await targetOf(store, link);
  answer.setLink(withIds(stored));
  if (target !== undefined) answer.setEvent(withIds(target));
  return new streams.ReadResp().setEvent(answer);
}

type Link = { revision: number; stream: string };

/** What a link says; undefined if it names no revision, which to the real server is an event like others. */
function linkIn(event: RecordedEvent): Link | undefined {
  const [, revision, stream = ''] = /^(\d+)(?:@(.*))?$/s.exec(Buffer.from(event.getData_asU8()).toString('utf8')) ?? [];
  return revision === undefined ? undefined : { revision: Number(revision), stream };
}

async function targetOf(store: EventStore, { revision: wanted, stream }: Link): Promise<RecordedEvent | undefined> {
  const range = readableRange(store, stream, Date.now());
  if (range.kind !== 'present' || wanted < range.first || wanted >= range.end) return undefined;
  const [record] = await store.log.records.read([store.index.placeOf(store.index.ordinalOfRevision(range.stream, wanted))]);
  return record === undefined ? undefined : decodeEvent(record);
}

function withStructuredId(event: RecordedEvent): RecordedEvent {
  const bytes = Buffer.from((event.getId()?.getString() ?? '').replaceAll('-', ''), 'hex');
  const structured = new shared.UUID.Structured()
    .setMostSignificantBits(bytes.readBigInt64BE(0).toString())
    .setLeastSignificantBits(bytes.readBigInt64BE(8).toString());
  return event.setId(new shared.UUID().setStructured(structured));
}
