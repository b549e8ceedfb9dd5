import { closeSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createSegment, listSegments, readSegmentHeader, WRITES_ARE_SYNCHRONOUS } from './segment.js';

const logId = '00112233445566778899aabbccddeeff';

describe('a segment file', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'eventstore-segment-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('says where it belongs and to which log', () => {
    const segment = createSegment(dataDir, { base: 12_345, logId, previousEnd: 12_000 }, true);
    expect(readSegmentHeader(segment.fd)).toEqual({ base: 12_345, logId, previousEnd: 12_000, hasRecordedEnd: true });
    closeSync(segment.fd);
    expect(listSegments(dataDir)).toEqual([{ base: 12_345, path: segment.path }]);
  });

  const onLinux = WRITES_ARE_SYNCHRONOUS ? it : it.skip;
  onLinux.each([[true], [false]])('of a log that is durable (%s) is written through to the disk, no other is', (durable) => {
    const segment = createSegment(dataDir, { base: 0, logId, previousEnd: 0 }, durable);
    // A kill leaves what the operating system has; only the flags tell whether a power cut would.
    const flags = parseInt(/flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${segment.fd}`, 'utf8'))?.[1] ?? '', 8);
    expect((flags & constants.O_DSYNC) !== 0).toBe(durable);
    closeSync(segment.fd);
  });
});
