import { spawn, type ChildProcess } from 'node:child_process';

const START_MS_MAX = 60_000;
const LOOK_MS = 50;

/** A whole engine in a process of its own, to be killed. */
export interface EngineProcess {
  readonly url: string;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? child.once('exit', () => resolve()) : resolve()));

const listening = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let output = '';
    const giveUp = setTimeout(() => reject(new Error(`the engine did not start:\n${output}`)), START_MS_MAX);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const url = /(http:\/\/[\d.]+:\d+)\/v1[\s\S]*Ctrl-C/.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(giveUp);
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => {
      clearTimeout(giveUp);
      reject(new Error(`the engine ended:\n${output}`));
    });
  });

/** Starts the engine from its sources on a data directory. */
export async function startEngineProcess(dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<EngineProcess> {
  const { ESDB_URL: _, DATABASE_URL: __, REDIS_URL: ___, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', './test/support/ts-loader.mjs', 'apps/server/src/main.ts'],
    { env: { ...inherited, PORT: '0', PIPELEDGER_DATA: dataDir, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await listening(child);
  return {
    url,
    async kill() {
      child.kill('SIGKILL');
      await ended(child);
    },
  };
}

/** Looks until it is so. Throws after `waitMs`. */
export async function until(so: () => Promise<boolean>, waitMs: number): Promise<void> {
  for (const deadline = performance.now() + waitMs; !(await so()); await new Promise((resolve) => setTimeout(resolve, LOOK_MS))) {
    if (performance.now() > deadline) throw new Error(`it was not so after ${waitMs} ms`);
  }
}
