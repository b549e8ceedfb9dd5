// The projection engine over a simulated company: live, rebuilt, as of the past, and what each report takes.
// `--part live-one|live|rebuild|reports`, `--store postgresql|pglite` and `--events 100000` run less of it; several with commas.
// `--dir DIR` keeps the simulated log there, so that the next run need not make it again.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { ENGINE_FLAGS } from './engine-flags-support.mjs';
import { median, percentile } from './eventstore-support.mjs';
import { logOf } from './projections-log-support.mjs';
import { spawnEventStoreServer } from '../libs/eventstore-embedded/spawn-server.ts';
import { startPostgres } from '../libs/testing/postgres-server.ts';

const PARTS = ['live-one', 'live', 'rebuild', 'reports'];
const STORES = ['postgresql', 'pglite'];
const SIZES = [10_000, 100_000, 1_000_000];
/** The projection that stands for one alone. */
const ONE = 'funnel';
const TIMES = 40;
/** The month that reports are asked of ends with the log's event of this number, or with the last one of a shorter log. */
const FIXED_AT = 100_000;
const WORKER = fileURLToPath(new URL('./projections-worker-support.mjs', import.meta.url));
const LOADER = new URL('../test/support/ts-loader.mjs', import.meta.url).href;
const OUTPUT_BYTES_MAX = 64 * 1_024 * 1_024;

const chosen = (text, all, name) => {
  const wanted = text === undefined ? all : text.split(',').map((each) => (typeof all[0] === 'number' ? Number(each) : each));
  const unknown = wanted.find((each) => !all.includes(each));
  if (unknown !== undefined) throw new Error(`--${name} must be among ${all.join(', ')}`);
  return wanted;
};

async function inWorker(task) {
  const { stdout } = await promisify(execFile)(process.execPath, [...ENGINE_FLAGS, '--disable-warning=ExperimentalWarning', '--import', LOADER, WORKER, JSON.stringify(task)], { maxBuffer: OUTPUT_BYTES_MAX });
  return JSON.parse(stdout);
}

/** A read store that holds nothing, and how to get rid of it. */
async function emptyStore(kind, dir) {
  if (kind === 'postgresql') {
    const server = await startPostgres({ durable: true });
    return { options: { databaseUrl: await server.database() }, drop: () => server.stop() };
  }
  const dataDir = mkdtempSync(join(dir, 'projections-bench-'));
  return { options: { dataDir }, drop: async () => rmSync(dataDir, { recursive: true, force: true }) };
}

const dayBefore = (day, days) => new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);

/**
 * What each report is asked: of one fixed month, however long the log, and for whom there is most of; now, and as of the moment at
 * which that month was over. The bonus report is left out: it asks for the name of a plan.
 */
function questionsOf(reports, { marks }, size) {
  const { day, position } = marks[Math.min(size, FIXED_AT)];
  const month = { from: dayBefore(day, 30), to: dayBefore(day, 1) };
  const questions = reports.filter((report) => report !== 'bonus-accrual').flatMap((report) => {
    if (report === 'agenda') return [{ report, of: 'member', query: {} }];
    if (report === 'timeline') return ['member', 'lead', 'client'].map((of) => ({ report, of, query: {} }));
    if (report === 'lead-duplicates') return [{ report, query: {} }];
    return [{ report, query: month }];
  });
  return questions.flatMap((question) => [question, { ...question, query: { ...question.query, asOf: String(position - 1) } }]);
}

export async function run({ dir, say, part, store: storeNames, events }) {
  const parts = chosen(part, PARTS, 'part');
  const sizes = chosen(events, SIZES, 'events').sort((a, b) => a - b);
  const largest = sizes.at(-1);
  say(`the log of ${largest} events`);
  const log = await logOf(dir, largest, SIZES.filter((size) => size <= largest), say);
  const server = await spawnEventStoreServer({ dataDir: log.dataDir });
  const rows = [];
  const row = (what, value, unit, goal) => rows.push({ what, value: Number(value.toFixed(value < 10 ? 2 : 0)), unit, ...(goal && { goal }) });
  try {
    for (const kind of chosen(storeNames, STORES, 'store')) await measure({ kind, parts, sizes, log, server, dir, say, row });
  } finally {
    await server.stop();
  }
  return { title: `Projections over ${largest} simulated events`, rows };
}

async function measure({ kind, parts, sizes, log, server, dir, say, row }) {
  const goal = (text) => (kind === 'postgresql' ? text : undefined);
  const largest = sizes.at(-1);
  const at = (size) => ({ eventStore: server.connectionString, position: log.marks[size].position });
  const eventsOf = (size) => log.marks[size].events;
  const fresh = async (work) => {
    const { options, drop } = await emptyStore(kind, dir);
    try {
      await work(options);
    } finally {
      await drop();
    }
  };
  if (parts.includes('live-one') || parts.includes('rebuild')) {
    await fresh(async (store) => {
      say(`${kind}: ${ONE} alone, live`);
      const { ms, residentMb } = await inWorker({ task: 'live', store, projections: [ONE], ...at(largest) });
      if (parts.includes('live-one')) row(`${kind}, ${largest}: live, ${ONE} alone`, eventsOf(largest) / (ms / 1_000), 'events/s', goal('>= 15000'));
      if (parts.includes('live-one')) row(`${kind}, ${largest}: memory, ${ONE} alone`, residentMb, 'MB', '<= 600');
      if (!parts.includes('rebuild')) return;
      say(`${kind}: ${ONE} rebuilt`);
      const again = await inWorker({ task: 'rebuilt', store, projections: [ONE], ...at(largest) });
      row(`${kind}, ${largest}: rebuild of ${ONE}`, eventsOf(largest) / (again.ms / 1_000), 'events/s', goal('>= 30000'));
      row(`${kind}, ${largest}: memory, rebuild of ${ONE}`, again.residentMb, 'MB', '<= 600');
    });
  }
  if (!parts.includes('live') && !parts.includes('reports')) return;
  await fresh(async (store) => {
    let before = 0;
    for (const size of sizes) {
      say(`${kind}: all projections, live, to ${size}`);
      const { ms, residentMb, projections, reports } = await inWorker({ task: 'live', store, ...at(size) });
      if (parts.includes('live')) row(`${kind}, ${size}: live, all ${projections.length} projections`, (eventsOf(size) - before) / (ms / 1_000), 'events/s', goal('>= 8000'));
      if (parts.includes('live')) row(`${kind}, ${size}: memory, all projections`, residentMb, 'MB', '<= 600');
      before = eventsOf(size);
      if (!parts.includes('reports')) continue;
      say(`${kind}: reports at ${size}`);
      const { answers } = await inWorker({ task: 'reports', store, questions: questionsOf(reports, log, size), times: TIMES });
      for (const { report, of, query, ms: [first, ...took] } of answers) {
        const name = `${kind}, ${size}: ${report}${of === undefined ? '' : ` of a ${of}`}${query.asOf === undefined ? '' : ', as of the past'}`;
        row(`${name}, first`, first, 'ms');
        row(`${name}, p50`, median(took), 'ms');
        row(`${name}, p95`, percentile(took, 0.95), 'ms', size === 1_000_000 && query.asOf === undefined ? goal('<= 100') : undefined);
      }
    }
  });
}
