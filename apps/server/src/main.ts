import { relative } from 'node:path';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { servedText } from '../../../libs/http/served-hosts.js';
import { HELP, readArguments } from './arguments.js';
import { readConfig, type ServerConfig } from './config.js';
import type { DemoOutcome } from './demo.js';
import { startEngine, type Engine } from './engine.js';
import { explainFailure } from './explain-failure.js';
import { coloursWanted } from './log-colours.js';
import { VERSION } from './version.js';

/** A stop that takes longer than this hangs; the log on disk is safe either way. */
const STOP_MS_MAX = 15_000;

const shown = (path: string): string => relative(process.cwd(), path) || path;

function greet(engine: Engine, config: ServerConfig): void {
  const url = config.publicUrl ?? engine.url;
  const rows: [string, string][] = [
    ['API', `${url}/v1`],
    ['API pages', `${url}/docs`],
    ['Answers to', `${servedText(config)}; PIPELEDGER_HOSTS adds names`],
    ['Events', engine.eventStore],
    ['Views', engine.readStore],
    ['Deadlines', engine.clock],
    ['Data', shown(config.dataDir)],
  ];
  console.log(`Pipeledger ${VERSION} is ready after ${(performance.now() / 1000).toFixed(1)} s\n`);
  for (const [name, value] of rows) console.log(`  ${name.padEnd(11)} ${value}`);
  if (engine.demo) console.log(`\n${demoText(engine.demo, url)}`);
  else console.log('\n  Next: the five-minute tour in README.md, or open the API pages. Ctrl-C stops.\n');
}

/** What there is to see now, or why nothing was made up. */
function demoText(demo: DemoOutcome, url: string): string {
  if (demo.kind === 'skipped') return `  No demo: this store holds data already (${demo.holds}), and made-up data would mix with it.\n  For one, name an empty folder: PIPELEDGER_DATA=.demo npm start -- --demo. Ctrl-C stops.\n`;
  const pages = ['funnel', 'target-attainment', 'retention', 'coordinator-efficiency', 'agenda'].map((report) => `    ${url}/v1/reports/${report}`);
  const amount = demo.events === 0 ? 'It was here already' : `${demo.events} events were written`;
  return [`  ${amount}. All of it is made up: actors sim-…, correlation id ${demo.simulation}.`, ...(demo.refused === 0 ? [] : [`  ${demo.refused} commands were refused, which is a fault of ours.`]), '  Next, open', ...pages, '  or the API pages. Ctrl-C stops.\n'].join('\n');
}

async function stopOnSignals(engine: Engine): Promise<void> {
  const reason = await Promise.race([
    new Promise<string>((resolve) => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal)); }),
    engine.failed.then((how) => ({ how })),
  ]);
  if (typeof reason === 'string') console.log('\nStopping: finishing what is under way …');
  else {
    console.error(`Stopping: ${reason.how}.`);
    process.exitCode = 1;
  }
  const hang = setTimeout(() => {
    console.error(`Not stopped after ${STOP_MS_MAX / 1000} s; ending. Nothing acknowledged is lost.`);
    process.exit(1);
  }, STOP_MS_MAX);
  await engine.stop();
  clearTimeout(hang);
  console.log('Stopped.');
}

// What the engine and its child processes write is for its own user alone.
process.umask(0o077);
Logger.overrideLogger(new ConsoleLogger({ colors: coloursWanted(process.env, process.stdout.isTTY && process.stderr.isTTY) }));
let port = 0;
let stores: Pick<ServerConfig, 'eventStoreUrl' | 'databaseUrl'> = {};
try {
  const { help, version, demo, adoptLog } = readArguments(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    process.exit();
  }
  if (version) {
    console.log(VERSION);
    process.exit();
  }
  const config = readConfig(process.env);
  port = config.port;
  stores = config;
  const engine = await startEngine(config, { adoptLog, ...(demo && { demo: (line: string) => console.log(line) }) });
  greet(engine, config);
  await stopOnSignals(engine);
} catch (error) {
  console.error(`Pipeledger could not start. ${explainFailure(error, port, stores)}`);
  process.exitCode = 1;
}
process.exit();
