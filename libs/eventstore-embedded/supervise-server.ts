import { setTimeout as delay } from 'node:timers/promises';

import { spawnEventStoreServer, type SpawnedEventStoreServer } from './spawn-server.js';
import type { EventStoreServerOptions } from './start-server.js';

/** Starts in a row after each of which the server ended soon; then it is given up. */
export const RESTARTS_MAX = 8;
/** A server that lived so long ended for a reason of its own: the next ones are counted anew. */
const LIVED_MS_MIN = 60_000;
const PAUSE_MS_MIN = 100;
const PAUSE_MS_MAX = 5_000;

export interface SupervisedEventStoreServer {
  readonly port: number;
  readonly connectionString: string;
  /** Process id of the server that runs now, or ran last. */
  readonly pid: number;
  /** Settles when the server cannot be kept running; says why. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts an event store in a child process and starts it again, on the same port, whenever it ends by itself. Clients see a
 * connection that is refused meanwhile. What was acknowledged is on disk.
 * @param report told of each end and of each restart
 * @throws as spawnEventStoreServer does, for the first start
 */
export async function superviseEventStoreServer(
  options: EventStoreServerOptions,
  report: (message: string) => void,
): Promise<SupervisedEventStoreServer> {
  let server = await spawnEventStoreServer(options);
  const { port, connectionString } = server;
  const stopping = new AbortController();
  const watch = async (): Promise<string> => {
    for (let restarts = 0; ; ) {
      const startedMs = performance.now();
      const how = await ended(server);
      if (stopping.signal.aborted) return how;
      if (performance.now() - startedMs >= LIVED_MS_MIN) restarts = 0;
      report(`the embedded event store ended (${how}) and is started again`);
      const next = await restarted({ ...options, port }, restarts, stopping.signal);
      if (typeof next === 'string') return `${next} after the embedded event store had ended (${how})`;
      ({ server } = next);
      restarts = next.restarts;
      report(`the embedded event store runs again, process ${server.pid}`);
    }
  };
  const watching = watch();
  return {
    port,
    connectionString,
    get pid() {
      return server.pid;
    },
    // While it is stopped on purpose nobody listens any more.
    failed: watching,
    async stop() {
      stopping.abort();
      await server.stop();
      await watching;
    },
  };
}

const ended = async ({ exited }: SpawnedEventStoreServer): Promise<string> => {
  const { code, signal } = await exited;
  return signal ?? `code ${code}`;
};

/** Tries until a server runs, with pauses that double. A string says why there is none. */
async function restarted(
  options: EventStoreServerOptions,
  before: number,
  stopping: AbortSignal,
): Promise<string | { readonly server: SpawnedEventStoreServer; readonly restarts: number }> {
  let why = 'it ended too often';
  for (let restarts = before + 1; restarts <= RESTARTS_MAX; restarts += 1) {
    const pauseMs = Math.min(PAUSE_MS_MIN * 2 ** (restarts - 1), PAUSE_MS_MAX);
    await delay(pauseMs, undefined, { signal: stopping }).catch(() => undefined); // aborted: told below
    if (stopping.aborted) return 'it was stopped';
    try {
      const server = await spawnEventStoreServer(options);
      if (!stopping.aborted) return { server, restarts };
      await server.stop();
      return 'it was stopped';
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
      // Damage does not mend itself.
      if (error instanceof Error && error.name === 'LogDamagedError') return why;
    }
  }
  return `given up after ${RESTARTS_MAX} restarts: ${why}`;
}
