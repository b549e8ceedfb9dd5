// How late deadlines are marked by the engine as `npm start` runs it, in a process of its own: read store, all projections, rules and API beside it.
// Lateness is read from the log: when the event that marks a deadline was recorded, less the moment at which it had to ring.
// `--part in-process-normal|in-process-burst|bullmq-normal|bullmq-burst` and `--store postgresql|pglite` run less of it; several with
// commas. `--events 10000` sizes the burst.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

import { ENGINE_FLAGS } from './engine-flags-support.mjs';
import { percentile } from './eventstore-support.mjs';
import { latenessOf, pause, plan, QUIET_MS } from './timers-log-support.mjs';
import { spawnEventStoreServer } from '../libs/eventstore-embedded/spawn-server.ts';
import { disconnectEventStore } from '../libs/eventstore/connect.ts';
import { startPostgres } from '../libs/testing/postgres-server.ts';
import { startRedis } from '../libs/testing/redis-server.ts';

const MAIN = fileURLToPath(new URL('../dist/apps/server/src/main.js', import.meta.url));
const BURST = 10_000;
/** Normal running: so many deadlines spread over a minute, and in the middle of it a burst of so many in one second. */
const SPREAD = 3_000;
const SPREAD_MS = 60_000;
const NORMAL_BURST = 500;
const SECOND_MS = 1_000;
const LOOK_MS = 500;
/** The promise for normal running; for the burst it is what we aim at. */
const GOAL = '<= 2000';

const evenly = (count, spanMs, fromMs = 0) => Array.from({ length: count }, (_, index) => fromMs + Math.floor((index * spanMs) / count));

/** Which clock rings; and when, in milliseconds after the first ring. */
const normal = () => [...evenly(SPREAD, SPREAD_MS), ...evenly(NORMAL_BURST, SECOND_MS, SPREAD_MS / 2)];
const burst = (count) => evenly(count, SECOND_MS);
const PARTS = {
  'in-process-normal': { clock: 'in-process', offsetsMs: normal },
  'in-process-burst': { clock: 'in-process', offsetsMs: burst },
  'bullmq-normal': { clock: 'bullmq', offsetsMs: normal },
  'bullmq-burst': { clock: 'bullmq', offsetsMs: burst },
};
const STORES = ['postgresql', 'pglite'];

function chosen(text, all, name) {
  const wanted = text === undefined ? all : text.split(',');
  const unknown = wanted.find((each) => !all.includes(each));
  if (unknown !== undefined) throw new Error(`--${name} must be among ${all.join(', ')}`);
  return wanted;
}

/** The engine, ready; `stop` waits until it has ended. */
async function startEngine(env, say) {
  const engine = spawn(process.execPath, [...ENGINE_FLAGS, MAIN], { env: { ...process.env, PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => engine.once('exit', resolve));
  createInterface({ input: engine.stderr }).on('line', say);
  const url = await Promise.race([
    new Promise((resolve) => createInterface({ input: engine.stdout }).on('line', (line) => {
      const api = /https?:\/\/\S+(?=\/v1)/.exec(line);
      if (api) resolve(api[0]);
    })),
    ended.then((code) => Promise.reject(new Error(`the engine ended before it was ready: ${code}`))),
  ]);
  return {
    url,
    async stop() {
      engine.kill('SIGTERM');
      await ended;
    },
  };
}

/** Waits until every projection has taken in the whole log. @throws when that is so too late to be quiet before the first ring */
async function quiet(url, firstMs) {
  for (;;) {
    const response = await fetch(`${url}/health`);
    const { details } = await response.json();
    if (response.ok && Object.values(details).every(({ lagSeconds = 0 }) => lagSeconds === 0)) break;
    await pause(LOOK_MS);
  }
  if (Date.now() > firstMs - QUIET_MS) throw new Error('this machine is too slow: the first deadline would ring while the engine takes in the plans');
}

/** Plans deadlines, starts the engine in front of them, and gives what the log then says of each. */
async function measure({ offsetsMs, clock, storeKind, dir, say }) {
  const place = mkdtempSync(join(dir, 'timers-bench-'));
  const stops = [];
  try {
    const events = await spawnEventStoreServer({ dataDir: join(place, 'events') });
    stops.push(() => events.stop());
    const env = { ESDB_URL: events.connectionString, PIPELEDGER_DATA: place, DATABASE_URL: '', REDIS_URL: '' };
    if (storeKind === 'postgresql') {
      const server = await startPostgres();
      stops.push(() => server.stop());
      env.DATABASE_URL = await server.database();
    }
    if (clock === 'bullmq') {
      const redis = await startRedis();
      stops.push(() => redis.stop());
      env.REDIS_URL = redis.url;
    }
    stops.push(disconnectEventStore);
    const planned = await plan(events.connectionString, offsetsMs);
    const engine = await startEngine(env, say);
    stops.push(() => engine.stop());
    await quiet(engine.url, planned.firstMs);
    return await latenessOf(planned);
  } finally {
    for (const stop of stops.reverse()) await stop();
    rmSync(place, { recursive: true, force: true });
  }
}

export async function run({ dir, say, part, store, events }) {
  const rows = [];
  for (const storeKind of chosen(store, STORES, 'store')) {
    for (const name of chosen(part, Object.keys(PARTS), 'part')) {
      const { clock, offsetsMs } = PARTS[name];
      const moments = offsetsMs(Number(events ?? BURST));
      const what = `${storeKind}, ${clock}: ${name.endsWith('burst') ? `${moments.length} in one second` : `${moments.length} in normal running`}`;
      say(what);
      const { latenessMs, drainMs } = await measure({ offsetsMs: moments, clock, storeKind, dir, say });
      const row = (figure, value, unit, goal) => rows.push({ what: `${what}, ${figure}`, value: Math.round(value), unit, ...(goal && { goal }) });
      row('late, p50', percentile(latenessMs, 0.5), 'ms');
      row('late, p99', percentile(latenessMs, 0.99), 'ms', GOAL);
      row('late, most', Math.max(...latenessMs), 'ms');
      if (name.endsWith('burst')) row('marked', moments.length / (drainMs / 1_000), 'deadlines/s');
    }
  }
  return { title: 'Deadlines: how late each is marked, by the log', rows };
}
