// What the event store's log costs against LMDB, a well-kept embedded store that installs without a compiler.
// Both keep the same: records by position, positions by stream and revision, positions by event id.
// Peers are installed in bench/ (npm install there), or wherever BENCH_PEERS says.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { median, perSecond } from './eventstore-support.mjs';

const IN_FLIGHT = 64;
const CONCURRENT = 20_000;
const MILLION = 1_000_000;
const STREAMS = 100_000;
const RECORD_BYTES = 690;
const RANDOM_READS = 50_000;

const stores = {
  async log(dataDir, durable) {
    const { EventStore } = await import('../libs/eventstore-embedded/streams/event-store.ts');
    const store = new EventStore({ dataDir, durable });
    const data = randomBytes(500);
    const event = () => ({ id: randomBytes(16), type: 'Measured', isJson: false, data, metadata: new Uint8Array(0) });
    const ordinalsAt = (from, to) => Array.from({ length: to - from }, (_, index) => store.index.placeOf(from + index));
    return {
      append: (stream, count) => store.append(stream, 'any', Array.from({ length: count }, event)),
      scan: async () => {
        for (let from = 0; from < store.index.count; from += 512) await store.log.records.read(ordinalsAt(from, Math.min(store.index.count, from + 512)));
        return store.index.count;
      },
      readAt: async (ordinal) => store.log.records.read(ordinalsAt(ordinal, ordinal + 1)),
      count: () => store.index.count,
      close: () => store.close(),
    };
  },

  async lmdb(dataDir, durable) {
    const peers = process.env.BENCH_PEERS ?? fileURLToPath(new URL('.', import.meta.url));
    const { open } = createRequire(join(peers, 'package.json'))('lmdb');
    const root = open({ path: dataDir, maxDbs: 4, noSync: !durable, encoding: 'binary' });
    const records = root.openDB('records', { encoding: 'binary', keyEncoding: 'uint32' });
    const revisions = root.openDB('revisions', { encoding: 'binary' });
    const ids = root.openDB('ids', { encoding: 'binary', keyEncoding: 'binary' });
    const data = randomBytes(RECORD_BYTES);
    const lastRevisions = new Map();
    let next = records.getStats().entryCount;
    const position = Buffer.alloc(4);
    return {
      append: (stream, count) => root.transaction(() => {
        for (let each = 0; each < count; each++) {
          const revision = lastRevisions.get(stream) ?? 0;
          lastRevisions.set(stream, revision + 1);
          position.writeUInt32LE(next, 0);
          void records.put(next++, data);
          void revisions.put([stream, revision], Buffer.from(position));
          void ids.put(randomBytes(16), Buffer.from(position));
        }
      }),
      scan: async () => {
        let count = 0;
        for (const { value } of records.getRange({})) count += value.length > 0 ? 1 : 0;
        return count;
      },
      readAt: async (ordinal) => records.get(ordinal),
      count: () => next,
      close: () => root.close(),
    };
  },
};

export async function run({ rounds, dir, say }) {
  const rows = [];
  for (const name of Object.keys(stores)) {
    const figures = {};
    const note = (what, value) => (figures[what] ??= []).push(value);
    for (let round = 0; round < rounds; round++) {
      say(`${name}: appends, round ${round + 1}`);
      await measureAppends(name, dir, note);
    }
    say(`${name}: a million events`);
    await measureMillion(name, dir, rounds, note);
    const of = (what, unit, digits) => rows.push({ what: `${name}: ${what}`, value: Number(median(figures[what]).toFixed(digits)), unit });
    of('durable appends, 64 in flight', 'appends/s', 0);
    of('durable appends, in hundreds', 'events/s', 0);
    of('filling 1 M, not durable', 'events/s', 0);
    of('reading all', 'events/s', 0);
    of('reading one at random', 'events/s', 0);
    of('opening 1 M', 's', 2);
    of('memory after opening 1 M', 'MB', 0);
    of('on disk at 1 M', 'MB', 0);
  }
  return { title: `The log of the event store against LMDB, medians of ${rounds}`, rows };
}

async function measureAppends(name, dir, note) {
  const dataDir = mkdtempSync(join(dir, `eventstore-storage-${name}-`));
  const store = await stores[name](dataDir, true);
  let left = CONCURRENT;
  note('durable appends, 64 in flight', await perSecond(CONCURRENT, () => Promise.all(Array.from({ length: IN_FLIGHT }, async (_, writer) => {
    while (left-- > 0) await store.append(`stream-${writer}`, 1);
  }))));
  note('durable appends, in hundreds', await perSecond(30_000, async () => {
    for (let count = 0; count < 300; count++) await store.append('hundreds', 100);
  }));
  await store.close();
  rmSync(dataDir, { recursive: true });
}

async function measureMillion(name, dir, rounds, note) {
  const dataDir = mkdtempSync(join(dir, `eventstore-storage-${name}-`));
  const store = await stores[name](dataDir, false);
  note('filling 1 M, not durable', await perSecond(MILLION, async () => {
    for (let count = 0; count < MILLION; ) {
      const writing = [];
      for (let each = 0; each < 200; each++, count += 10) writing.push(store.append(`stream-${(count / 10) % STREAMS}`, 10));
      await Promise.all(writing);
    }
  }));
  await store.close();
  for (let round = 0; round < rounds; round++) {
    // A process of its own, so that the memory is that of the store alone.
    const opened = execFileSync(process.execPath, ['--import', new URL('../test/support/ts-loader.mjs', import.meta.url).href, fileURLToPath(import.meta.url), name, dataDir], { encoding: 'utf8' });
    for (const [what, value] of Object.entries(JSON.parse(opened))) note(what, value);
  }
  note('on disk at 1 M', readdirSync(dataDir).reduce((sum, file) => sum + statSync(join(dataDir, file)).size, 0) / 1e6);
  rmSync(dataDir, { recursive: true });
}

/** Runs in the child: opens, reads, and prints figures. */
async function measureOpened(name, dataDir) {
  const started = performance.now();
  const store = await stores[name](dataDir, false);
  const figures = { 'opening 1 M': (performance.now() - started) / 1_000, 'memory after opening 1 M': process.memoryUsage().rss / 1e6 };
  const count = store.count();
  figures['reading all'] = await perSecond(count, () => store.scan());
  figures['reading one at random'] = await perSecond(RANDOM_READS, async () => {
    for (let each = 0; each < RANDOM_READS; each++) await store.readAt(Math.floor((each * 7_919_317) % count));
  });
  await store.close();
  console.log(JSON.stringify(figures));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await measureOpened(process.argv[2], process.argv[3]);
