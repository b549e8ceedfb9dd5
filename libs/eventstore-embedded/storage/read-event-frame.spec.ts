import streams from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { encodeReadEventFrame } from './read-event-frame.js';
import { TOMBSTONE_REVISION } from './record.js';

const HEADER_BYTES = 80;

describe('the answer encoded by hand', () => {
  it('reads back as the client’s own messages, for any contents', () => {
    const bytes = (lengthMax: number) => fc.uint8Array({ maxLength: lengthMax }).map((each) => Buffer.from(each));
    const text = fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' });
    const contents = fc.record({
      id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((each) => Buffer.from(each)),
      stream: text,
      revision: fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constant(TOMBSTONE_REVISION)),
      position: fc.maxSafeNat(),
      type: text,
      isJson: fc.boolean(),
      createdMs: fc.nat(),
      metadata: bytes(300),
      data: bytes(20_000),
    });
    fc.assert(
      fc.property(contents, (event) => {
        const { bytes: whole, streamAt, typeAt } = encodeReadEventFrame({ ...event, stream: Buffer.from(event.stream), type: Buffer.from(event.type) }, HEADER_BYTES);
        const answer = streams.ReadResp.deserializeBinary(whole.subarray(HEADER_BYTES)).getEvent();
        const recorded = answer?.getEvent();

        expect(answer?.getCommitPosition()).toBe(String(event.position));
        expect(recorded?.getId()?.getString().replaceAll('-', '')).toBe(event.id.toString('hex'));
        expect(Buffer.from(recorded?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe(event.stream);
        expect(recorded?.getStreamRevision()).toBe(String(event.revision));
        expect([recorded?.getCommitPosition(), recorded?.getPreparePosition()]).toEqual([String(event.position), String(event.position)]);
        expect(recorded?.getMetadataMap().get('type')).toBe(event.type);
        expect(recorded?.getMetadataMap().get('content-type')).toBe(event.isJson ? 'application/json' : 'application/octet-stream');
        expect(recorded?.getMetadataMap().get('created')).toBe(String(BigInt(event.createdMs) * 10_000n));
        expect(event.metadata.equals(recorded?.getCustomMetadata_asU8() ?? new Uint8Array(0))).toBe(true);
        expect(event.data.equals(recorded?.getData_asU8() ?? new Uint8Array(0))).toBe(true);
        expect(whole.toString('utf8', streamAt, streamAt + Buffer.byteLength(event.stream))).toBe(event.stream);
        expect(whole.toString('utf8', typeAt, typeAt + Buffer.byteLength(event.type))).toBe(event.type);
      }),
    );
  });
});
