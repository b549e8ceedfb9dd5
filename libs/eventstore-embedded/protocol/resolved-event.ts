import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import { decodeEvent } from '../storage/decode-event.js';
import type { EventStore } from '../streams/event-store.js';
import { readableRange } from '../streams/readable-range.js';

type ResolveAs = {
  resolve: boolean;
  /** A link that does not parse is an event like others in history, and a link to nothing in a live subscription. */
  isLive: boolean;
  structuredIds: boolean;
};
type RecordedEvent = streams.ReadResp.ReadEvent.RecordedEvent;

/** The answer for an event that cannot be sent as it was stored: a link to follow, or ids in the form of two numbers. */
export async function resolvedEvent(store: EventStore, record: Buffer, as: ResolveAs): Promise<streams.ReadResp> {
  const stored = decodeEvent(record);
  const answer = new streams.ReadResp.ReadEvent().setCommitPosition(stored.getCommitPosition());
  const withIds = (event: RecordedEvent) => (as.structuredIds ? withStructuredId(event) : event);
  const link = as.resolve ? linkIn(stored) ?? (as.isLive ? TO_NOTHING : undefined) : undefined;
  if (link === undefined) return new streams.ReadResp().setEvent(answer.setEvent(withIds(stored)));

  // A link whose event is gone is answered as a link to nothing.
  const target = await targetOf(store, link);
  answer.setLink(withIds(stored));
  if (target !== undefined) answer.setEvent(withIds(target));
  return new streams.ReadResp().setEvent(answer);
}

type Link = { revision: number; stream: string };

const TO_NOTHING: Link = { revision: 0, stream: '' };
const LINK = /^[\t-\r ]*([+-]?\d+)[\t-\r ]*(?:@(.*))?$/s;
const REVISION_MAX = 2n ** 63n - 1n;

/** What a link says; undefined if it begins with no revision. Spaces and signs are taken as the real server takes them. */
function linkIn(event: RecordedEvent): Link | undefined {
  const [, digits, stream = ''] = LINK.exec(Buffer.from(event.getData_asU8()).toString('utf8')) ?? [];
  if (digits === undefined) return undefined;
  const revision = BigInt(digits.replace('+', ''));
  return revision > REVISION_MAX || revision < -REVISION_MAX - 1n ? undefined : { revision: Number(revision), stream };
}

async function targetOf(store: EventStore, { revision, stream }: Link): Promise<RecordedEvent | undefined> {
  const range = readableRange(store, stream, Date.now());
  // -1 is the newest event.
  const wanted = revision === -1 && range.kind === 'present' ? range.end - 1 : revision;
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
