import type shared from '@eventstore/db-client/generated/shared_pb.js';

import type { ExpectedRevision } from '../streams/check-expected-revision.js';
import type { NewEvent } from '../streams/event-store.js';
import { refuse } from './errors.js';

/** EventStoreDB's default of what the data, the metadata and twice the type's length of all events of one append may take. */
export const APPEND_BYTES_DEFAULT = 1024 * 1024;
/** The largest limit that may be set, as on the real server. */
export const APPEND_BYTES_LIMIT = 16 * 1024 * 1024;

/** `$all` and names that only mark something cannot be written to; the metadata of `$all`, `$$$all`, can. */
const UNWRITABLE = new Set(['', '$all', '$$']);
const NIL_ID = Buffer.alloc(16);
const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type ProposedMessage = {
  getId(): shared.UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getCustomMetadata_asU8(): Uint8Array;
  getData_asU8(): Uint8Array;
};

type ExpectedRevisionChoice = { hasAny(): boolean; hasNoStream(): boolean; hasStreamExists(): boolean };

/** The name of the stream that a request means. @throws CallRefused without one */
export function streamNameOf(identifier: shared.StreamIdentifier | undefined): string {
  const name = identifier === undefined ? '' : Buffer.from(identifier.getStreamName_asU8()).toString('utf8');
  if (name === '') throw refuse.invalid('Required field StreamIdentifier not set.');
  return name;
}

/** The name of a stream that can be written to. @throws CallRefused */
export function writableStreamOf(identifier: shared.StreamIdentifier | undefined): string {
  const name = streamNameOf(identifier);
  if (UNWRITABLE.has(name)) throw refuse.invalid(`'${name}' cannot be written to.`);
  return name;
}

/** @throws CallRefused unless the request says what it expects */
export function expectedRevisionOf(options: ExpectedRevisionChoice, revision: string | undefined): ExpectedRevision {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  if (revision === undefined) throw refuse.invalid('The expected revision is not set.');
  return Number(revision);
}

/** How the real server writes an expected revision in its messages. */
export function expectedRevisionNumber(expected: ExpectedRevision): string {
  const numbers = { any: '-2', no_stream: '-1', stream_exists: '-4' } as const;
  return typeof expected === 'number' ? String(expected) : numbers[expected];
}

/** An event as the client proposes it. @throws CallRefused if it is incomplete */
export function newEventOf(message: ProposedMessage): NewEvent {
  const map = message.getMetadataMap();
  const type = map.get('type');
  const contentType = map.get('content-type');
  if (type === undefined) throw refuse.propertyMissing('type');
  if (contentType === undefined) throw refuse.propertyMissing('content-type');
  if (type === '') throw refuse.invalid('Empty eventType provided.');
  const id = uuidBytesOf(message.getId());
  if (id === undefined || id.equals(NIL_ID)) throw refuse.invalid('Empty eventId provided.');
  return { id, type, isJson: contentType === 'application/json', data: message.getData_asU8(), metadata: message.getCustomMetadata_asU8() };
}

/** What an event counts towards the largest append. */
export function appendBytesOf(event: NewEvent): number {
  return event.data.length + event.metadata.length + event.type.length * 2;
}

/** The 16 bytes of an id in either of its two forms; undefined if it is none. */
export function uuidBytesOf(id: shared.UUID | undefined): Buffer | undefined {
  if (id === undefined) return undefined;
  const structured = id.getStructured();
  if (structured !== undefined) {
    const bytes = Buffer.alloc(16);
    bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(structured.getMostSignificantBits())), 0);
    bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(structured.getLeastSignificantBits())), 8);
    return bytes;
  }
  // Any 16 bytes will do: the real server asks for no particular version of UUID either.
  return UUID_TEXT.test(id.getString()) ? Buffer.from(id.getString().replaceAll('-', ''), 'hex') : undefined;
}

/** A key for maps by correlation id. */
export function uuidTextOf(id: shared.UUID | undefined): string {
  const bytes = uuidBytesOf(id);
  if (bytes === undefined) throw refuse.invalid('The correlation id is not a UUID.');
  return bytes.toString('hex');
}
