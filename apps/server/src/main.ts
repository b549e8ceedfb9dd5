import { relative } from 'node:path';
import { HELP, readArguments } from './arguments.js';
import { ConfigError, readConfig } from './config.js';
import { startEngine, type Engine } from './engine.js';
import { VERSION } from './version.js';

/** A stop that takes longer than this hangs; the log on disk is safe either way. */
const STOP_MS_MAX = 15_000;

const shown = (path: string): string => relative(process.cwd(), path) || path;

function greet(engine: Engine, dataDir: string): void {
  const rows: [string, string][] = [
    ['API', `${engine.url}/v1`],
    ['API pages', `${engine.url}/docs`],
    ['Events', engine.eventStore],
    ['Views', engine.readStore],
    ['Deadlines', engine.clock],
    ['Data', shown(dataDir)],
  ];
  console.log(`Pipeledger ${VERSION} is ready after ${(performance.now() / 1000).toFixed(1)} s\n`);
  for (const [name, value] of rows) console.log(`  ${name.padEnd(10)} ${value}`);
  console.log('\n  Next: the five-minute tour in README.md, or open the API pages. Ctrl-C stops.\n');
}

/** One sentence for what a person can mend; a stack only for what we must. */
function explain(error: unknown, port: number): string {
  if (error instanceof ConfigError) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} is taken: stop what listens there, or set PORT to another one.`;
  if (code === 'EACCES') return `${error instanceof Error ? error.message : String(error)}: no permission.`;
  if (error instanceof Error && /Locked/.test(error.name)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
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

let port = 0;
try {
  const { help } = readArguments(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    process.exit();
  }
  const config = readConfig(process.env);
  port = config.port;
  const engine = await startEngine(config);
  greet(engine, config.dataDir);
  await stopOnSignals(engine);
} catch (error) {
  console.error(`Pipeledger could not start. ${explain(error, port)}`);
  process.exitCode = 1;
}
process.exit();
