import { keepRunning, type Part, type ReportRestart } from '../timers/keep-running.js';
import { spawnEventStoreServer, type SpawnedEventStoreServer } from './spawn-server.js';
import type { EventStoreServerOptions } from './start-server.js';

export interface KeptEventStoreServer {
  readonly port: number;
  readonly connectionString: string;
  /** The process that serves now; undefined between two of them. */
  readonly pid: () => number | undefined;
  /** Settles when the server is given up, with a sentence. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/**
 * A dead child closes its connections at once; one on a busy machine is only slow. The client's own limits (10 s each) would
 * take the one for the other.
 */
const PATIENT_CLIENT = 'defaultDeadline=30000&keepAliveInterval=30000&keepAliveTimeout=60000';

interface ServerPart extends Part {
  readonly server: SpawnedEventStoreServer;
}

const partOf = (server: SpawnedEventStoreServer): ServerPart => ({
  server,
  ended: server.exited.then(({ code, signal }) => signal ?? `exit code ${code}`),
  stop: () => server.stop(),
});

/**
 * An event store in a child process that is started again whenever it ends by itself, on the same port, so that clients come
 * back to it as to a server that was restarted: calls under way fail as unavailable, and what was acknowledged is on disk.
 * @throws as spawnEventStoreServer, when the first start fails
 */
export async function keepEventStoreServer(
  options: EventStoreServerOptions, report: ReportRestart,
): Promise<KeptEventStoreServer> {
  const first = await spawnEventStoreServer(options);
  const again = async (): Promise<ServerPart> => partOf(await spawnEventStoreServer({ ...options, port: first.port }));
  const kept = keepRunning('the embedded event store', partOf(first), again, report);
  return {
    port: first.port,
    connectionString: `${first.connectionString}&${PATIENT_CLIENT}`,
    pid: () => kept.now()?.server.pid,
    failed: kept.failed,
    stop: () => kept.stop(),
  };
}
