import { crc32 } from 'node:zlib';

import { encodeReadEventFrame, type FrameContents } from './read-event-frame.js';

/**
 * One event in the log, little-endian:
 *
 *   0 u32 magic · 4 u32 bytes of the whole record · 8 u32 CRC-32 of everything from byte 12 · 12 u32 flags
 *  16 f64 position of this record · 24 f64 position up to which the log was durable when this record was written
 *  32 f64 revision · 40 f64 created, ms since 1970 · 48 16 bytes event id
 *  64 u32 stream name at · 68 u32 its bytes · 72 u32 event type at · 76 u32 its bytes (both inside the frame)
 *  80 the frame: the protobuf answer that readers get
 *
 * A record names its own position, so bytes that merely look like a record (in an event's data, or left behind by a
 * failed write) are never taken for one. All numbers stay below 2^53.
 */
export const RECORD_HEADER_BYTES = 80;
/** A batch of 1 MiB of data grows by names and headers; anything beyond this is damage, not an event. */
export const RECORD_BYTES_MAX = 16 * 1024 * 1024;

export const RECORD_MAGIC = Buffer.from('PLe1', 'latin1');
const MAGIC_NUMBER = RECORD_MAGIC.readUInt32LE(0);
const END_OF_BATCH = 1;
const TOMBSTONE = 2;
const JSON_DATA = 4;
const KNOWN_FLAGS = END_OF_BATCH | TOMBSTONE | JSON_DATA;

/** The revision EventStoreDB gives the event that ends a stream for ever. */
export const TOMBSTONE_REVISION = 9_223_372_036_854_775_807n;

export type NewRecord = Omit<FrameContents, 'revision'> & {
  revision: number | typeof TOMBSTONE_REVISION;
  durableBefore: number;
  endOfBatch: boolean;
};

/** The whole record with its checksum, ready to be written. */
export function encodeRecord(record: NewRecord): Buffer {
  const isTombstone = typeof record.revision === 'bigint';
  const { bytes, streamAt, typeAt } = encodeReadEventFrame(record, RECORD_HEADER_BYTES);
  bytes.writeUInt32LE(MAGIC_NUMBER, 0);
  bytes.writeUInt32LE(bytes.length, 4);
  bytes.writeUInt32LE((record.endOfBatch ? END_OF_BATCH : 0) | (isTombstone ? TOMBSTONE : 0) | (record.isJson ? JSON_DATA : 0), 12);
  bytes.writeDoubleLE(record.position, 16);
  bytes.writeDoubleLE(record.durableBefore, 24);
  bytes.writeDoubleLE(Number(record.revision), 32);
  bytes.writeDoubleLE(record.createdMs, 40);
  record.id.copy(bytes, 48);
  bytes.writeUInt32LE(streamAt, 64);
  bytes.writeUInt32LE(record.stream.length, 68);
  bytes.writeUInt32LE(typeAt, 72);
  bytes.writeUInt32LE(record.type.length, 76);
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8);
  return bytes;
}

/** Why the bytes at `offset` are not the record that belongs at `position`; undefined when they are. */
export function faultOfRecord(bytes: Buffer, offset: number, position: number): string | undefined {
  if (bytes.length - offset < RECORD_HEADER_BYTES) return 'the record header is incomplete';
  if (bytes.readUInt32LE(offset) !== MAGIC_NUMBER) return 'no record begins here';
  const recordBytes = bytes.readUInt32LE(offset + 4);
  if (recordBytes <= RECORD_HEADER_BYTES || recordBytes > RECORD_BYTES_MAX) return 'the length is impossible';
  if (bytes.length - offset < recordBytes) return 'the record is incomplete';
  if (crc32(bytes.subarray(offset + 12, offset + recordBytes)) !== bytes.readUInt32LE(offset + 8)) return 'the checksum does not match';
  if (bytes.readDoubleLE(offset + 16) !== position) return 'the record belongs at another position';
  if ((bytes.readUInt32LE(offset + 12) & ~KNOWN_FLAGS) !== 0) return 'the record was written by a newer version';
  return undefined;
}

/** Reads the fields of a record that {@link faultOfRecord} found sound. */
export const recordAt = {
  bytes: (bytes: Buffer, offset: number) => bytes.readUInt32LE(offset + 4),
  endsBatch: (bytes: Buffer, offset: number) => (bytes.readUInt32LE(offset + 12) & END_OF_BATCH) !== 0,
  isTombstone: (bytes: Buffer, offset: number) => (bytes.readUInt32LE(offset + 12) & TOMBSTONE) !== 0,
  isJson: (bytes: Buffer, offset: number) => (bytes.readUInt32LE(offset + 12) & JSON_DATA) !== 0,
  durableBefore: (bytes: Buffer, offset: number) => bytes.readDoubleLE(offset + 24),
  revision: (bytes: Buffer, offset: number) => bytes.readDoubleLE(offset + 32),
  createdMs: (bytes: Buffer, offset: number) => bytes.readDoubleLE(offset + 40),
  id: (bytes: Buffer, offset: number) => bytes.subarray(offset + 48, offset + 64),
  stream: (bytes: Buffer, offset: number) => textAt(bytes, offset, 64),
  type: (bytes: Buffer, offset: number) => textAt(bytes, offset, 72),
  frame: (bytes: Buffer, offset: number) => bytes.subarray(offset + RECORD_HEADER_BYTES, offset + bytes.readUInt32LE(offset + 4)),
} as const;

function textAt(bytes: Buffer, offset: number, field: number): string {
  const start = offset + bytes.readUInt32LE(offset + field);
  return bytes.toString('utf8', start, start + bytes.readUInt32LE(offset + field + 4));
}
