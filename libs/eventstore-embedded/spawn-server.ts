import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { bracketed, isEveryAddress } from './address.js';
import type { ChildMessage } from './child-server.js';
import type { EventStoreServerOptions } from './start-server.js';

export type SpawnedEventStoreServer = {
  port: number;
  connectionString: string;
  pid: number;
  /** Said once by a server that found an unfinished end of its log and cut it. */
  cutReport: string | undefined;
  stop(): Promise<void>;
  /** Settles when the process has ended, for whatever reason. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** Stopping answers what is under way; a process that takes longer hangs. */
const STOP_MS_MAX = 10_000;
/** A start takes as long as the log and the machine need; one that says nothing for so long hangs. */
export const START_SILENCE_MS_MAX = 600_000;

/**
 * Starts an event store in a child process: in the same process it would take half of the reading speed. The child
 * ends with its parent, ignores Ctrl-C, and stops on `stop()` or SIGTERM.
 * @throws an error with the name and the message of what kept the server from starting
 */
export async function spawnEventStoreServer(options: EventStoreServerOptions): Promise<SpawnedEventStoreServer> {
  const child = forkChild(options);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  const message = await started(child, exited);
  if (message.kind === 'failed') throw Object.assign(new Error(message.message), { name: message.name });

  if (message.cutReport !== undefined) process.stderr.write(`${message.cutReport}\n`);
  const host = options.host === undefined || isEveryAddress(options.host) ? '127.0.0.1' : bracketed(options.host);
  // The child was seen to run, so it has a process id.
  const pid = child.pid ?? 0;
  return {
    port: message.port,
    connectionString: `esdb://${host}:${message.port}?tls=${options.tls !== undefined}`,
    pid,
    cutReport: message.cutReport,
    exited,
    stop: () => stop(child, exited),
  };
}

function forkChild(options: EventStoreServerOptions): ChildProcess {
  // Under Jest this file is TypeScript, and so is the child: a plain Node process needs a loader for it.
  const isSource = import.meta.url.endsWith('.ts');
  const child = new URL(isSource ? './child.ts' : './child.js', import.meta.url);
  const loader = new URL('../../test/support/ts-loader.mjs', import.meta.url);
  return fork(fileURLToPath(child), [JSON.stringify(options)], {
    execArgv: isSource ? ['--disable-warning=ExperimentalWarning', '--import', loader.href] : ['--enable-source-maps'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** What came of the start. A child that lives is waited for, however slow, while it gives signs of life. */
async function started(
  child: ChildProcess, exited: SpawnedEventStoreServer['exited'],
): Promise<Exclude<ChildMessage, { kind: 'alive' }>> {
  let silence: NodeJS.Timeout | undefined;
  const failed = (message: string) => ({ kind: 'failed' as const, name: 'EventStoreServerError', message });
  const told = new Promise<Exclude<ChildMessage, { kind: 'alive' }>>((resolve, reject) => {
    const listen = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        child.kill('SIGKILL');
        const silent = `gave no sign of life for ${START_SILENCE_MS_MAX / 1_000} s while it started`;
        resolve(failed(`The embedded event store ${silent}.`));
      }, START_SILENCE_MS_MAX);
    };
    listen();
    child.on('message', (received) => {
      const message = received as ChildMessage; // only child.ts and child-server.ts write to this channel
      if (message.kind === 'alive') listen();
      else resolve(message);
    });
    child.once('error', reject);
  });
  const ended = exited.then(({ code, signal }) =>
    failed(`The embedded event store ended before it listened (${signal ?? `exit code ${code}`}).`));
  try {
    return await Promise.race([told, ended]);
  } finally {
    clearTimeout(silence);
  }
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const giveUp = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await exited;
  clearTimeout(giveUp);
}
