import {
  appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { checkLog } from '../../libs/eventstore-embedded/storage/check-log.js';
import { LogDamagedError } from '../../libs/eventstore-embedded/storage/log-damage.js';
import { SEGMENT_HEADER_BYTES } from '../../libs/eventstore-embedded/storage/segment.js';
import {
  BATCH_EVENTS, copyOf, events, flip, open, positionAfter, recordsOf, segments, writeBatches,
} from './log-files.js';

const root = mkdtempSync(join(tmpdir(), 'eventstore-damage-'));
/** A log that was stopped cleanly. */
const whole = join(root, 'whole');
const copy = (): string => copyOf(whole, root);

beforeAll(async () => {
  mkdirSync(whole);
  const store = open(whole);
  await writeBatches(store);
  await store.close();
});
afterAll(() => rmSync(root, { recursive: true }));

/** Neither a start nor a check passes it, both name the file, and nothing is changed. */
function expectRefused(directory: string, file: string): void {
  const before = segments(directory).map((name) => readFileSync(join(directory, name)).toString('base64'));
  expect(() => open(directory)).toThrow(LogDamagedError);
  const sentence = new RegExp(`^The event log is damaged in ${file} at position \\d+.*check --data`);
  expect(() => open(directory)).toThrow(sentence);
  expect(segments(directory).map((name) => readFileSync(join(directory, name)).toString('base64'))).toEqual(before);
  expect(checkLog(directory).damages).toContainEqual(expect.objectContaining({ file, kind: 'damaged' }));
}

describe('a log that was stopped cleanly and then cut', () => {
  it('anywhere in its newest file does not start', () => {
    const last = segments(whole).at(-1) ?? '';
    const { length } = readFileSync(join(whole, last));
    const edges = recordsOf(whole, last).flatMap(({ start, end }) => [start, start + 1, start + 80, end - 1]);
    const steps = Array.from({ length: 40 }, (_, step) => Math.floor((length * step) / 40));
    for (const kept of [0, 1, SEGMENT_HEADER_BYTES - 1, ...edges, ...steps]) {
      const directory = copy();
      truncateSync(join(directory, last), kept);
      expectRefused(directory, last);
      rmSync(directory, { recursive: true });
    }
  });

  it('in the middle does not start, and the check says what is hurt', () => {
    const directory = copy();
    const [first = ''] = segments(directory);
    truncateSync(join(directory, first), readFileSync(join(directory, first)).length - 10);
    expectRefused(directory, first);
    expect(checkLog(directory).damages[0]).toMatchObject({ file: first, kind: 'damaged', reason: 'the record is incomplete' });
  });
});

describe('a log with a flipped byte', () => {
  it('anywhere in its last batch does not start', () => {
    const last = segments(whole).at(-1) ?? '';
    const batchEnds = recordsOf(whole, last).filter(({ endsBatch }) => endsBatch).map(({ end }) => end);
    const [from = 0, to = 0] = batchEnds.slice(-2);
    for (let at = from; at < to; at += 11) {
      const directory = copy();
      flip(join(directory, last), at);
      expectRefused(directory, last);
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

  it.each([['first', 0], ['second', 1], ['last', -1]])('without its %s segment does not start', (_, index) => {
    const directory = copy();
    rmSync(join(directory, segments(directory).at(index) ?? ''));
    expect(() => open(directory)).toThrow(LogDamagedError);
    expect(checkLog(directory).damages).toContainEqual(expect.objectContaining({ kind: 'damaged' }));
  });

  it('without any segment does not start', () => {
    const directory = copy();
    for (const name of segments(directory)) rmSync(join(directory, name));
    expectRefused(directory, 'log.end');
  });

  it.each([
    ['without it', (file: string) => rmSync(file)],
    ['when it is empty', (file: string) => truncateSync(file, 0)],
    ['when it is full of zeros', (file: string) => writeFileSync(file, Buffer.alloc(1_024))],
    ['when both copies are hurt', (file: string) => [30, 542].forEach((at) => flip(file, at))],
  ])('needs its end record: %s it does not start', (_, change) => {
    const directory = copy();
    change(join(directory, 'log.end'));
    expectRefused(directory, 'log.end');
  });

  it.each([10, 30, 522, 542])('starts while one copy of its end record is whole (byte %i flipped)', async (at) => {
    const directory = copy();
    flip(join(directory, 'log.end'), at);
    const store = open(directory);
    expect(store.index.count).toBe(120);
    await store.close();
    expect(readFileSync(join(directory, 'log.end')).equals(readFileSync(join(whole, 'log.end')))).toBe(true);
  });

  it('does not start with the end record of another log', async () => {
    const other = mkdtempSync(join(root, 'other-'));
    await open(other).close();
    const directory = copy();
    writeFileSync(join(directory, 'log.end'), readFileSync(join(other, 'log.end')));
    expectRefused(directory, 'log.end');
  });

  it('with anything behind its end does not start', () => {
    const last = segments(whole).at(-1) ?? '';
    // A whole record that belongs elsewhere is as wrong as noise.
    const copied = readFileSync(join(whole, last)).subarray(SEGMENT_HEADER_BYTES, SEGMENT_HEADER_BYTES + 900);
    for (const rest of [randomBytes(1), randomBytes(5_000), Buffer.alloc(4_096), copied]) {
      const directory = copy();
      appendFileSync(join(directory, last), rest);
      expectRefused(directory, last);
    }
  });

  it('with the start of another segment behind its end does not start', () => {
    const directory = copy();
    const name = `${String(positionAfter(directory)).padStart(16, '0')}.events`;
    writeFileSync(join(directory, name), randomBytes(17));
    expectRefused(directory, name);
  });

  it('that went on after it was copied does not start with the older files', async () => {
    const directory = copy();
    const last = segments(directory).at(-1) ?? '';
    const store = open(directory);
    await store.append('later', 'any', events(1));
    await store.close();
    writeFileSync(join(directory, last), readFileSync(join(whole, last)));
    expectRefused(directory, last);
  });
});

describe('a log written without fsync', () => {
  it('that was stopped cleanly is as whole as any', async () => {
    const directory = mkdtempSync(join(root, 'unsafe-'));
    const store = open(directory, false);
    for (let batch = 0; batch < 5; batch++) await store.append('orders', 'any', events(1));
    await store.close();
    const [file = ''] = segments(directory);
    flip(join(directory, file), recordsOf(directory, file)[2]?.start ?? 0);
    expectRefused(directory, file);
  });
});
