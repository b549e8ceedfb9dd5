import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { checkLog } from '../../libs/eventstore-embedded/storage/check-log.js';
import { recordAt } from '../../libs/eventstore-embedded/storage/record.js';
import { LogDamagedError } from '../../libs/eventstore-embedded/storage/log-damage.js';
import { EventStore, type NewEvent } from '../../libs/eventstore-embedded/streams/event-store.js';

const SEGMENT_BYTES_MAX = 8 * 1024;
const SEGMENT_HEADER_BYTES = 64;
const root = mkdtempSync(join(tmpdir(), 'eventstore-damage-'));
const whole = join(root, 'whole');

/** Batches of three in four streams, one batch a write, over several segments. */
const BATCHES = 40;
const BATCH_EVENTS = 3;

beforeAll(async () => {
  const store = open(mkdirOf('whole'));
  for (let batch = 0; batch < BATCHES; batch++) await store.append(streamOf(batch), 'any', events(BATCH_EVENTS));
  await store.close();
});
afterAll(() => rmSync(root, { recursive: true }));

describe('a log that was cut', () => {
  it('anywhere in its last two batches keeps all batches before, reports the rest and takes appends again', async () => {
    const last = segments(whole).at(-1) ?? '';
    const bytes = readFileSync(join(whole, last));
    const batchEnds = recordsOf(whole, last).filter(({ endsBatch }) => endsBatch).map(({ end }) => end);
    const [from = 0] = batchEnds.slice(-3);
    const lengths = Array.from({ length: bytes.length - from }, (_, index) => from + index);
    const isEdge = (length: number) => recordsOf(whole, last).some(({ start, end }) => [start + 1, start + 80, end - 1, end].includes(length));
    for (const length of lengths.filter((each) => each % 13 === 0 || isEdge(each))) {
      const directory = copy();
      truncateSync(join(directory, last), length);
      const store = open(directory);
      const kept = batchEnds.filter((end) => end <= length).length;
      const cutBytes = length - (batchEnds[kept - 1] ?? 0);

      expect(store.index.count).toBe((BATCHES - batchEnds.length + kept) * BATCH_EVENTS);
      expect(store.log.cut?.bytes ?? 0).toBe(cutBytes);
      if (isEdge(length)) {
        await expect(store.append('later', 'no_stream', events(1))).resolves.toMatchObject({ kind: 'appended' });
        await store.close();
        const again = open(directory);
        expect(again.log.cut).toBeUndefined();
        await again.close();
      } else {
        await store.close();
      }
      if (cutBytes > 0) expect(readdirSync(directory).filter((name) => name.startsWith('cut-'))).toHaveLength(1);
      rmSync(directory, { recursive: true });
    }
  });

  it('to less than the header of a new segment starts without it', async () => {
    const directory = copy();
    const end = segments(directory).length;
    const next = join(directory, `${String(positionAfter(directory)).padStart(16, '0')}.events`);
    writeFileSync(next, randomBytes(17));
    const store = open(directory);
    expect(store.log.cut).toMatchObject({ bytes: 17, reason: 'the segment header is incomplete' });
    expect(store.index.count).toBe(BATCHES * BATCH_EVENTS);
    await expect(store.append('later', 'any', events(30))).resolves.toMatchObject({ kind: 'appended' });
    await store.close();
    expect(segments(directory).length).toBeGreaterThanOrEqual(end);
  });

  it('in the middle of the log does not start, and the check says what is hurt', () => {
    const directory = copy();
    const [first = ''] = segments(directory);
    truncateSync(join(directory, first), readFileSync(join(directory, first)).length - 10);
    expect(() => open(directory)).toThrow(LogDamagedError);
    expect(checkLog(directory).damages[0]).toMatchObject({ file: first, kind: 'damaged', reason: 'the record is incomplete' });
  });
});

describe('a log with a flipped byte', () => {
  it('anywhere in its last batch drops that batch and reports it', async () => {
    const last = segments(whole).at(-1) ?? '';
    const batchEnds = recordsOf(whole, last).filter(({ endsBatch }) => endsBatch).map(({ end }) => end);
    const [from = 0, to = 0] = batchEnds.slice(-2);
    for (let at = from; at < to; at += 5) {
      const directory = copy();
      flip(join(directory, last), at);
      const store = open(directory);
      expect(store.index.count).toBe((BATCHES - 1) * BATCH_EVENTS);
      expect(store.log.cut).toMatchObject({ bytes: to - from });
      await store.close();
      rmSync(directory, { recursive: true });
    }
  });

  it('anywhere before does not start, names the place, and changes nothing', () => {
    const [, second = ''] = segments(whole);
    const base = Number(second.slice(0, 16));
    const record = recordsOf(whole, second)[4];
    for (let at = record?.start ?? 0; at < (record?.end ?? 0); at += 3) {
      const directory = copy();
      flip(join(directory, second), at);
      const before = readFileSync(join(directory, second));
      expect(() => open(directory)).toThrow(new RegExp(`damaged in ${second} at position ${base + (record?.start ?? 0)}`));
      expect(readFileSync(join(directory, second)).equals(before)).toBe(true);

      const [damage, ...others] = checkLog(directory).damages;
      expect(others).toEqual([]);
      expect(damage).toMatchObject({ file: second, position: base + (record?.start ?? 0), until: base + (record?.end ?? 0), kind: 'damaged' });
      expect(damage?.hurt).toEqual([`${record?.stream} revision ${record?.revision}`]);
      rmSync(directory, { recursive: true });
    }
  });

  it('in the newest file, before an acknowledged batch, does not start either', () => {
    const last = segments(whole).at(-1) ?? '';
    const records = recordsOf(whole, last);
    for (const record of records.slice(0, -BATCH_EVENTS)) {
      const directory = copy();
      flip(join(directory, last), record.end - 10);
      expect(() => open(directory)).toThrow(LogDamagedError);
      expect(checkLog(directory).damages).toMatchObject([{ kind: 'damaged', says: `${record.stream} revision ${record.revision}` }]);
      rmSync(directory, { recursive: true });
    }
  });

  it('in the header of a segment does not start', () => {
    const [, second = ''] = segments(whole);
    for (let at = 0; at < SEGMENT_HEADER_BYTES; at += 3) {
      const directory = copy();
      flip(join(directory, second), at);
      expect(() => open(directory)).toThrow(LogDamagedError);
      expect(checkLog(directory).damages).toHaveLength(1);
      rmSync(directory, { recursive: true });
    }
  });
});

describe('a log whose files are not what they were', () => {
  it.each([
    ['without a segment in the middle', (files: string[]) => rmSync(files[1] ?? '')],
    ['without its first segment', (files: string[]) => rmSync(files[0] ?? '')],
    ['with two segments exchanged', (files: string[]) => {
      renameSync(files[0] ?? '', `${files[0]}.aside`);
      renameSync(files[1] ?? '', files[0] ?? '');
      renameSync(`${files[0]}.aside`, files[1] ?? '');
    }],
    ['with a segment of another log', (files: string[]) => {
      const bytes = readFileSync(files[1] ?? '');
      bytes.fill(7, 16, 32);
      writeFileSync(files[1] ?? '', bytes);
    }],
  ])('%s does not start', (_, change) => {
    const directory = copy();
    change(segments(directory).map((name) => join(directory, name)));
    expect(() => open(directory)).toThrow(LogDamagedError);
    expect(checkLog(directory).damages).not.toEqual([]);
  });

  it('with anything behind its end drops that and reports it', async () => {
    const last = segments(whole).at(-1) ?? '';
    // A whole record that belongs elsewhere is as wrong as noise.
    const copied = readFileSync(join(whole, last)).subarray(SEGMENT_HEADER_BYTES, SEGMENT_HEADER_BYTES + 900);
    for (const rest of [randomBytes(1), randomBytes(5_000), Buffer.alloc(4_096), copied]) {
      const directory = copy();
      appendFileSync(join(directory, last), rest);
      const store = open(directory);
      expect(store.index.count).toBe(BATCHES * BATCH_EVENTS);
      expect(store.log.cut).toMatchObject({ bytes: rest.length });
      await store.close();
    }
  });
});

describe('batches written together and never confirmed', () => {
  it('are an unfinished end even if later ones of them reached the disk whole', async () => {
    const directory = mkdirOf('group');
    const store = open(directory);
    await store.append('before', 'any', events(1));
    // In one turn, so that they go to the disk in one write.
    await Promise.all([0, 1, 2].map((batch) => store.append(`batch-${batch}`, 'any', events(2))));
    await store.close();
    const [file = ''] = segments(directory);
    const [, torn] = recordsOf(directory, file);
    flip(join(directory, file), torn?.start ?? 0);

    const again = open(directory);
    expect(again.index.count).toBe(1);
    expect(again.log.cut).toMatchObject({ position: torn?.start });
    await again.close();
  });
});

describe('a log written without fsync', () => {
  it('ends where the newest file stops being whole: what is behind was never promised', async () => {
    const directory = mkdirOf('unsafe');
    const store = open(directory, false);
    for (let batch = 0; batch < 5; batch++) await store.append('orders', 'any', events(1));
    await store.close();
    const [file = ''] = segments(directory);
    const third = recordsOf(directory, file)[2];
    flip(join(directory, file), third?.start ?? 0);
    const again = open(directory, false);
    expect(again.index.count).toBe(2);
    expect(again.log.cut).toMatchObject({ position: third?.start });
    await again.close();
  });
});

function open(dataDir: string, isDurable = true): EventStore {
  return new EventStore({ dataDir, durable: isDurable, segmentBytesMax: SEGMENT_BYTES_MAX });
}

function mkdirOf(name: string): string {
  const directory = join(root, name);
  cpSync(mkdtempSync(join(root, 'empty-')), directory, { recursive: true });
  return directory;
}

function copy(): string {
  const directory = mkdtempSync(join(root, 'copy-'));
  cpSync(whole, directory, { recursive: true });
  return directory;
}

function streamOf(batch: number): string {
  return `stream-${batch % 4}`;
}

function events(count: number): NewEvent[] {
  return Array.from({ length: count }, () => ({ id: randomBytes(16), type: 'Written', isJson: false, data: randomBytes(40), metadata: new Uint8Array(0) }));
}

function segments(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.events')).sort();
}

function positionAfter(directory: string): number {
  const last = segments(directory).at(-1) ?? '';
  return Number(last.slice(0, 16)) + readFileSync(join(directory, last)).length;
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x40;
  writeFileSync(file, bytes);
}

/** The records of a sound segment, with offsets in the file. */
function recordsOf(directory: string, file: string) {
  const bytes = readFileSync(join(directory, file));
  const records = [];
  for (let start = SEGMENT_HEADER_BYTES; start < bytes.length; start += recordAt.bytes(bytes, start)) {
    records.push({
      start,
      end: start + recordAt.bytes(bytes, start),
      endsBatch: recordAt.endsBatch(bytes, start),
      stream: recordAt.stream(bytes, start),
      revision: recordAt.revision(bytes, start),
    });
  }
  return records;
}
