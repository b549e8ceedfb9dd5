/**
 * The answer a reader gets for one event, `ReadResp { event { event: RecordedEvent, commit_position } }`, written by
 * hand: it is encoded once, when the event is appended, and every later read is a copy of these bytes.
 */
export type FrameContents = {
  /** 16 bytes. */
  id: Buffer;
  stream: Buffer;
  /** A tombstone's revision is 2^63-1, which no number holds. */
  revision: bigint | number;
  position: number;
  type: Buffer;
  isJson: boolean;
  createdMs: number;
  metadata: Uint8Array;
  data: Uint8Array;
};

export type Frame = { bytes: Buffer; streamAt: number; typeAt: number };

const TICKS_PER_MS = 10_000n;
const JSON_CONTENT = Buffer.from('application/json');
const BINARY_CONTENT = Buffer.from('application/octet-stream');
const TYPE_KEY = Buffer.from('type');
const CREATED_KEY = Buffer.from('created');
const CONTENT_TYPE_KEY = Buffer.from('content-type');
const UUID_TEXT_BYTES = 36;

/**
 * Encodes the answer, leaving `headerBytes` free in front of it for the log's record header.
 * `streamAt` and `typeAt` count from the start of the returned buffer.
 */
export function encodeReadEventFrame(contents: FrameContents, headerBytes: number): Frame {
  const created = Buffer.from(String(BigInt(contents.createdMs) * TICKS_PER_MS), 'latin1');
  const contentType = contents.isJson ? JSON_CONTENT : BINARY_CONTENT;
  const recordedBytes =
    4 + UUID_TEXT_BYTES +
    fieldBytes(fieldBytes(contents.stream.length)) +
    1 + varintBytes(contents.revision) +
    2 * (1 + varintBytes(contents.position)) +
    mapEntryBytes(TYPE_KEY, contents.type) + mapEntryBytes(CREATED_KEY, created) + mapEntryBytes(CONTENT_TYPE_KEY, contentType) +
    (contents.metadata.length > 0 ? fieldBytes(contents.metadata.length) : 0) +
    (contents.data.length > 0 ? fieldBytes(contents.data.length) : 0);
  const readEventBytes = fieldBytes(recordedBytes) + 1 + varintBytes(contents.position);

  // An exact buffer of its own: a slice of the shared pool would pin its whole slab for as long as the event is cached.
  const bytes = Buffer.allocUnsafeSlow(headerBytes + fieldBytes(readEventBytes));
  const writer = new FieldWriter(bytes, headerBytes);
  writer.header(1, readEventBytes);
  writer.header(1, recordedBytes);
  writer.header(1, 2 + UUID_TEXT_BYTES);
  writer.header(2, UUID_TEXT_BYTES);
  writer.uuid(contents.id);
  writer.header(2, fieldBytes(contents.stream.length));
  writer.header(3, contents.stream.length);
  const streamAt = writer.offset;
  writer.raw(contents.stream);
  writer.number(3, contents.revision);
  writer.number(4, contents.position);
  writer.number(5, contents.position);
  const typeAt = writer.mapEntry(6, TYPE_KEY, contents.type);
  writer.mapEntry(6, CREATED_KEY, created);
  writer.mapEntry(6, CONTENT_TYPE_KEY, contentType);
  if (contents.metadata.length > 0) writer.field(7, contents.metadata);
  if (contents.data.length > 0) writer.field(8, contents.data);
  writer.number(3, contents.position);
  return { bytes, streamAt, typeAt };
}

class FieldWriter {
  constructor(private readonly target: Buffer, public offset: number) {}

  header(fieldNumber: number, length: number): void {
    this.target[this.offset++] = (fieldNumber << 3) | 2;
    this.varint(length);
  }

  field(fieldNumber: number, bytes: Uint8Array): void {
    this.header(fieldNumber, bytes.length);
    this.raw(bytes);
  }

  number(fieldNumber: number, value: bigint | number): void {
    this.target[this.offset++] = fieldNumber << 3;
    this.varint(value);
  }

  /** Returns where the value's bytes begin. */
  mapEntry(fieldNumber: number, key: Buffer, value: Buffer): number {
    this.header(fieldNumber, fieldBytes(key.length) + fieldBytes(value.length));
    this.field(1, key);
    this.header(2, value.length);
    const valueAt = this.offset;
    this.raw(value);
    return valueAt;
  }

  raw(bytes: Uint8Array): void {
    this.target.set(bytes, this.offset);
    this.offset += bytes.length;
  }

  uuid(id: Buffer): void {
    const hex = id.toString('hex');
    const text = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    this.offset += this.target.write(text, this.offset, 'latin1');
  }

  private varint(value: bigint | number): void {
    let rest = value;
    if (typeof rest === 'bigint') {
      for (; rest > 127n; rest >>= 7n) this.target[this.offset++] = Number(rest & 127n) | 128;
      this.target[this.offset++] = Number(rest);
      return;
    }
    for (; rest > 127; rest = Math.floor(rest / 128)) this.target[this.offset++] = (rest % 128) | 128;
    this.target[this.offset++] = rest;
  }
}

function varintBytes(value: bigint | number): number {
  if (typeof value === 'bigint') return Math.max(1, Math.ceil(value.toString(2).length / 7));
  let count = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) count++;
  return count;
}

/** A length-delimited field with a one-byte tag. */
function fieldBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}

function mapEntryBytes(key: Buffer, value: Buffer): number {
  return fieldBytes(fieldBytes(key.length) + fieldBytes(value.length));
}
