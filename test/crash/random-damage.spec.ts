import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { checkEventStore } from '../../libs/eventstore-embedded/cli.js';
import { cutLog } from '../../libs/eventstore-embedded/storage/cut-log.js';
import { LogDamagedError } from '../../libs/eventstore-embedded/storage/log-damage.js';
import { recordAt } from '../../libs/eventstore-embedded/storage/record.js';
import type { EventStore } from '../../libs/eventstore-embedded/streams/event-store.js';
import { type AcknowledgedLog, type End, writeAcknowledgedLog } from './acknowledged-log.js';
import { copyOf, events, open } from './log-files.js';
import { randomFrom } from './random.js';

/**
 * The long form: CRASH_DAMAGES=200. CRASH_SEED repeats the kinds of damage and how far into a file each is; the logs
 * differ by how their writers raced.
 */
const damages = Number(process.env.CRASH_DAMAGES ?? 16);
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
/** So many damages are done to copies of one log before another is written. */
const DAMAGES_A_LOG = 10;
const PLACES_MAX = 3;
const RANGE_BYTES_MAX = 600;
const LOG_MS_MAX = 30_000;

const root = mkdtempSync(join(tmpdir(), 'eventstore-random-damage-'));
afterAll(() => rmSync(root, { recursive: true }));

const ENDS: readonly End[] = ['stopped', 'killed'];

describe.each(ENDS)(`the log of a server that was %s, hurt at random (seed ${seed})`, (end) => {
  const random = randomFrom(seed);
  const logs: AcknowledgedLog[] = [];
  const rounds = Math.ceil(damages / 2);
  beforeAll(async () => {
    for (let count = 0; count * DAMAGES_A_LOG < rounds; count++) {
      logs.push(await writeAcknowledgedLog(root, end, randomFrom(seed + count)));
    }
  }, Math.ceil(rounds / DAMAGES_A_LOG) * LOG_MS_MAX);

  it(`${rounds} times loses no acknowledged event without a refusal, and gives no position out twice`, async () => {
    const told = { refused: 0, whole: 0 };
    for (let round = 0; round < rounds; round++) {
      const log = logs[Math.floor(round / DAMAGES_A_LOG)];
      if (log === undefined) throw new Error('There is a log for each round.');
      const directory = copyOf(log.dataDir, root);
      const hurt = hurtOneFile(directory, random);
      const store = openOrRefuse(directory);
      if (store === undefined) await expectCutToGoOn(directory, log, { seed, round, hurt });
      else await expectWhole(store, log, { seed, round, hurt });
      told[store === undefined ? 'refused' : 'whole']++;
      rmSync(directory, { recursive: true });
    }
    // Both must happen, or the rounds show nothing.
    expect(told.refused).toBeGreaterThan(0);
  }, damages * LOG_MS_MAX);
});

type Round = { seed: number; round: number; hurt: string };

/** Flips, zeroes, shortens or deletes one file of a log; says what it did. */
function hurtOneFile(directory: string, random: () => number): string {
  const files = readdirSync(directory).filter((name) => name.endsWith('.events') || name === 'log.end').sort();
  // The newest file is where damage and torn writes look alike.
  const newest = files.filter((each) => each !== 'log.end').at(-1);
  const name = (random() < 0.4 ? newest : files[Math.floor(random() * files.length)]) ?? '';
  const path = join(directory, name);
  const bytes = readFileSync(path);
  const at = Math.floor(random() * bytes.length);
  const kind = Math.floor(random() * 4);
  if (kind === 0) {
    rmSync(path);
    return `${name} deleted`;
  }
  if (kind === 1) {
    truncateSync(path, at);
    return `${name} of ${bytes.length} bytes cut at ${at}`;
  }
  const count = 1 + Math.floor(random() * PLACES_MAX);
  const places = Array.from({ length: count }, () => Math.floor(random() * bytes.length));
  for (const place of places) {
    if (kind === 2) bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8));
    else bytes.fill(0, place, Math.min(bytes.length, place + 1 + Math.floor(random() * RANGE_BYTES_MAX)));
  }
  writeFileSync(path, bytes);
  return `${name} of ${bytes.length} bytes ${kind === 2 ? 'flipped' : 'zeroed'} at ${places.join(', ')}`;
}

/** The store; undefined where it was refused with a sentence that names file and position, and the check agrees. */
function openOrRefuse(directory: string): EventStore | undefined {
  try {
    return open(directory);
  } catch (error) {
    expect(error).toBeInstanceOf(LogDamagedError);
    expect(String(error)).toMatch(/The event log is damaged in (\d{16}\.events|log\.end) at position \d+.*: .+/);
    expect(String(error)).toContain(`Run "pipeledger eventstore check --data ${directory}"`);
    expect(checkEventStore(directory).damages.map(({ kind }) => kind)).toContain('damaged');
    return undefined;
  }
}

/** Every acknowledged event is where it was, and new ones get new positions, also after another kill. */
async function expectWhole(store: EventStore, log: AcknowledgedLog, round: Round): Promise<void> {
  const missing = log.acknowledged.filter(({ stream, revision, id }) => idAt(store, stream, revision) !== id);
  expect({ ...round, missing }).toEqual({ ...round, missing: [] });
  await expectNewPositions(store, log, round);
}

/** What the refusal offers where there is no copy: the log is sound again, and no position is given out twice. */
async function expectCutToGoOn(directory: string, log: AcknowledgedLog, round: Round): Promise<void> {
  cutLog(directory, checkEventStore(directory).soundEnd);
  await expectNewPositions(open(directory), log, round);
}

async function expectNewPositions(store: EventStore, log: AcknowledgedLog, round: Round): Promise<void> {
  let newest = log.lastPosition;
  let current = store;
  for (let life = 0; life < 2; life++) {
    const answer = await current.append('later', 'any', events(1));
    const position = answer.kind === 'appended' ? (answer.position ?? -1) : -1;
    const shown = { ...round, life, position, newest };
    expect({ ...shown, isNew: position > newest }).toEqual({ ...shown, isNew: true });
    newest = position;
    const killed = copyOf(current.log.dataDir, root);
    await current.close();
    current = open(killed);
  }
  await current.close();
}

function idAt(store: EventStore, stream: string, revision: number): string | undefined {
  const number = store.index.streams.find(stream);
  if (number === undefined || revision >= store.index.revisionCount(number)) return undefined;
  const record = store.log.records.readNow(store.index.placeOf(store.index.ordinalOfRevision(number, revision)));
  const hex = recordAt.id(record, 0).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
