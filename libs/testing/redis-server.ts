import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = 'redis-server';
const START_ATTEMPTS_MAX = 200;
const ATTEMPT_MS = 25;
const ANSWER_MS_MAX = 5_000;

export interface TestRedis {
  readonly url: string;
  /** One inline command, `FLUSHALL`; the first line of the answer. */
  command(text: string): Promise<string>;
  /** Ends it; it keeps nothing on disk, so all that it held is gone. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  /** Stops it from answering, as a machine that swaps does: connections stay open. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** Whether this machine has no Redis that tests could start. */
export const isRedisMissing = spawnSync(BINARY, ['--version'], { stdio: 'ignore' }).status !== 0;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });

/** Speaks the protocol by hand: drivers belong to libs/timers. */
const ask = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${text}\r\n`));
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error(`no answer to ${text}`)));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().split('\r\n')[0] ?? '');
    });
    socket.once('error', reject);
  });

async function answers(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 1; attempt <= START_ATTEMPTS_MAX && server.exitCode === null; attempt += 1) {
    if (await ask(port, 'PING').catch(() => '') === '+PONG') return;
    await new Promise((resolve) => setTimeout(resolve, ATTEMPT_MS));
  }
  throw new Error('the Redis for tests did not start');
}

const ended = (server: ChildProcess): Promise<void> => new Promise((resolve) => (server.exitCode === null && server.signalCode === null ? server.once('exit', () => resolve()) : resolve()));

/** Starts a real Redis on a free port in a temporary directory. Throws when none is installed. */
export async function startRedis(): Promise<TestRedis> {
  if (isRedisMissing) throw new Error('these tests need redis-server: apt-get install redis-server');
  const directory = mkdtempSync(join(tmpdir(), 'pipeledger-redis-'));
  const port = await freePort();
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(BINARY, ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    await answers(port, child);
    return child;
  };
  let server = await start();
  const kill = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended(server);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    command: (text) => ask(port, text),
    kill,
    async restart() {
      server = await start();
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async stop() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
