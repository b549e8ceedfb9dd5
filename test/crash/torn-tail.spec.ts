import {
  appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { checkLog } from '../../libs/eventstore-embedded/storage/check-log.js';
import { LogDamagedError } from '../../libs/eventstore-embedded/storage/log-damage.js';
import { readLogEnd, writeLogEnd } from '../../libs/eventstore-embedded/storage/log-end.js';
import {
  asBeforeEndRecord, BATCH_EVENTS, BATCHES, copyOf, events, flip, open, positionAfter, recordsOf, segments,
  writeBatches,
} from './log-files.js';

const root = mkdtempSync(join(tmpdir(), 'eventstore-torn-'));
/** What a killed process leaves: all batches written and acknowledged, nothing stopped. */
const killed = join(root, 'killed');
/** What it leaves when it dies before it told anyone of the last two batches. */
const untold = join(root, 'untold');
const UNTOLD_BATCHES = 2;

beforeAll(async () => {
  const running = mkdtempSync(join(root, 'running-'));
  const store = open(running);
  mkdirSync(untold);
  await writeBatches(store, (batch) => {
    if (batch === BATCHES - UNTOLD_BATCHES) cpSync(join(running, 'log.end'), join(root, 'log.end'));
  });
  cpSync(running, killed, { recursive: true });
  cpSync(running, untold, { recursive: true });
  cpSync(join(root, 'log.end'), join(untold, 'log.end'));
  await store.close();
});
afterAll(() => rmSync(root, { recursive: true }));

const lastOf = (directory: string): string => segments(directory).at(-1) ?? '';
const batchEndsOf = (directory: string): number[] =>
  recordsOf(directory, lastOf(directory)).filter(({ endsBatch }) => endsBatch).map(({ end }) => end);

describe('the log of a killed server', () => {
  it('cut in what nobody was told of keeps all batches before, reports the rest and goes on behind it', async () => {
    const last = lastOf(untold);
    const bytes = readFileSync(join(untold, last));
    const batchEnds = batchEndsOf(untold);
    const [from = 0] = batchEnds.slice(-1 - UNTOLD_BATCHES);
    const edges = new Set(recordsOf(untold, last).flatMap(({ start, end }) => [start + 1, start + 80, end - 1, end]));
    const lengths = Array.from({ length: bytes.length - from }, (_, index) => from + index);
    for (const length of lengths.filter((each) => each % 29 === 0 || edges.has(each))) {
      const directory = copyOf(untold, root);
      truncateSync(join(directory, last), length);
      const kept = batchEnds.filter((end) => end <= length).length;
      const cutBytes = length - (batchEnds[kept - 1] ?? 0);
      const writtenTo = positionAfter(directory);

      const store = open(directory);
      expect(store.index.count).toBe((BATCHES - batchEnds.length + kept) * BATCH_EVENTS);
      expect(store.log.cut?.bytes ?? 0).toBe(cutBytes);
      const answer = await store.append('later', 'no_stream', events(1));
      expect(answer).toMatchObject({ kind: 'appended' });
      expect(answer.kind === 'appended' && answer.position).toBeGreaterThanOrEqual(writtenTo);
      await store.close();
      const again = open(directory);
      expect(again.log.cut).toBeUndefined();
      await again.close();
      expect(readdirSync(directory).filter((name) => name.startsWith('cut-'))).toHaveLength(cutBytes > 0 ? 1 : 0);
      rmSync(directory, { recursive: true });
    }
  });

  it('cut or flipped anywhere in its last acknowledged batch does not start', () => {
    const last = lastOf(killed);
    const [from = 0, to = 0] = batchEndsOf(killed).slice(-2);
    for (let at = from; at < to; at += 11) {
      for (const hurt of [(file: string) => truncateSync(file, at), (file: string) => flip(file, at)]) {
        const directory = copyOf(killed, root);
        hurt(join(directory, last));
        const place = `damaged in ${last} at position \\d+ \\(byte \\d+ of the file\\)`;
        const end = positionAfter(killed);
        expect(() => open(directory)).toThrow(new RegExp(`${place}: .*acknowledged up to position ${end}`));
        expect(checkLog(directory).damages).toMatchObject([{ file: last, kind: 'damaged' }]);
        rmSync(directory, { recursive: true });
      }
    }
  });

  it('does not start without its newest segment, nor without its end record', () => {
    for (const name of [lastOf(killed), 'log.end']) {
      const directory = copyOf(killed, root);
      rmSync(join(directory, name));
      expect(() => open(directory)).toThrow(LogDamagedError);
      expect(checkLog(directory).damages).toMatchObject([{ kind: 'damaged' }]);
    }
  });

  it('starts without anything that stands behind its end', async () => {
    // A whole record that belongs elsewhere is as wrong as noise.
    const copied = readFileSync(join(killed, lastOf(killed))).subarray(64, 964);
    for (const rest of [randomBytes(1), randomBytes(5_000), Buffer.alloc(4_096), copied]) {
      const directory = copyOf(killed, root);
      appendFileSync(join(directory, lastOf(killed)), rest);
      const store = open(directory);
      expect(store.index.count).toBe(BATCHES * BATCH_EVENTS);
      expect(store.log.cut).toMatchObject({ bytes: rest.length, lost: 0 });
      await store.close();
    }
  });

  it('starts without a segment that was being created', async () => {
    const directory = copyOf(killed, root);
    const next = positionAfter(directory);
    writeFileSync(join(directory, `${String(next).padStart(16, '0')}.events`), randomBytes(17));
    const store = open(directory);
    expect(store.log.cut).toMatchObject({ bytes: 17, reason: 'the segment header is incomplete' });
    expect(store.index.count).toBe(BATCHES * BATCH_EVENTS);
    const answer = await store.append('later', 'any', events(30));
    expect(answer.kind === 'appended' && answer.position).toBeGreaterThanOrEqual(next + 17);
    await store.close();
  });
});

describe('a server that dies while it cuts', () => {
  const garbage = randomBytes(700);
  const next = (): number => positionAfter(killed) + garbage.length;
  const segmentAtNext = (directory: string): string => join(directory, `${String(next()).padStart(16, '0')}.events`);

  const deaths: [string, (died: string) => void | Promise<void>][] = [
    ['before the unfinished end is gone', (died: string) => appendFileSync(join(died, lastOf(died)), garbage)],
    ['before the log goes on', () => undefined],
    ['while it makes the next segment', (died: string) => writeFileSync(segmentAtNext(died), garbage.subarray(0, 20))],
    ['twice', (died: string) => open(died).log.settled()],
  ];
  it.each(deaths)('%s gives no position out twice', async (_, dieAgain) => {
    const directory = copyOf(killed, root);
    const recorded = readLogEnd(directory);
    if (recorded.kind !== 'recorded') throw new Error('A killed server leaves a record.');
    // The record is written before anything else is done.
    writeLogEnd(directory, { ...recorded.end, epoch: 1, next: next() });
    await dieAgain(directory);
    const store = open(directory);
    expect(store.index.count).toBe(BATCHES * BATCH_EVENTS);
    const answer = await store.append('later', 'any', events(1));
    expect(answer.kind === 'appended' && answer.position).toBeGreaterThanOrEqual(next());
    await store.close();
  });
});

describe('batches written together and never confirmed', () => {
  it('are an unfinished end even if later ones of them reached the disk whole', async () => {
    const directory = mkdtempSync(join(root, 'group-'));
    const store = open(directory);
    await store.append('before', 'any', events(1));
    cpSync(join(directory, 'log.end'), join(root, 'before.end'));
    // In one turn, so that they go to the disk in one write.
    await Promise.all([0, 1, 2].map((batch) => store.append(`batch-${batch}`, 'any', events(2))));
    const died = copyOf(directory, root);
    await store.close();
    cpSync(join(root, 'before.end'), join(died, 'log.end'));
    const [file = ''] = segments(died);
    const [, torn] = recordsOf(died, file);
    flip(join(died, file), torn?.start ?? 0);

    const again = open(died);
    expect(again.index.count).toBe(1);
    expect(again.log.cut).toMatchObject({ position: torn?.start });
    await again.close();
  });
});

describe('a log written without fsync', () => {
  it('ends where the newest file stops being whole, says what is gone, and goes on behind it', async () => {
    const directory = mkdtempSync(join(root, 'unsafe-'));
    const store = open(directory, false);
    for (let batch = 0; batch < 5; batch++) await store.append('orders', 'any', events(1));
    const died = copyOf(directory, root);
    await store.close();
    const [file = ''] = segments(died);
    const records = recordsOf(died, file);
    truncateSync(join(died, file), records[2]?.start ?? 0);

    const again = open(died, false);
    expect(again.index.count).toBe(2);
    const lost = (records[4]?.end ?? 0) - (records[2]?.start ?? 0);
    expect(again.log.cut).toMatchObject({ position: records[2]?.start, lost });
    const answer = await again.append('orders', 'any', events(1));
    expect(answer.kind === 'appended' && answer.position).toBeGreaterThan(records[4]?.end ?? 0);
    await again.close();
    expect(readLogEnd(died)).toMatchObject({ kind: 'recorded', end: { epoch: 1, isClean: true } });
  });
});

describe('a log of a version without an end record', () => {
  it('opens, keeps its events and adopts a record that it needs from then on', async () => {
    const directory = copyOf(killed, root);
    asBeforeEndRecord(directory);
    const store = open(directory);
    expect(store.index.count).toBe(BATCHES * BATCH_EVENTS);
    await store.append('later', 'any', events(1));
    await store.close();
    const again = open(directory);
    expect(again.index.count).toBe(BATCHES * BATCH_EVENTS + 1);
    await again.close();
    expect(checkLog(directory).damages).toEqual([]);
    rmSync(join(directory, 'log.end'));
    expect(() => open(directory)).toThrow(/damaged in log\.end/);
  });

  it('is cut where its last write was torn, as before', async () => {
    const directory = copyOf(killed, root);
    asBeforeEndRecord(directory);
    truncateSync(join(directory, lastOf(killed)), readFileSync(join(killed, lastOf(killed))).length - 10);
    const store = open(directory);
    expect(store.index.count).toBe((BATCHES - 1) * BATCH_EVENTS);
    const answer = await store.append('later', 'any', events(1));
    expect(answer.kind === 'appended' && answer.position).toBeGreaterThanOrEqual(positionAfter(killed) - 10);
    await store.close();
  });
});
