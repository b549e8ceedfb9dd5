import { whenParentIsGone } from './end-with-parent.js';
import { quietGrpcLog } from './grpc-log.js';
import { type EventStoreServer, type EventStoreServerOptions, startEventStoreServer } from './start-server.js';
import { describeCut } from './storage/cut-tail.js';

/**
 * The process that `spawnEventStoreServer` runs: options come as the only argument, the port goes back by message.
 * `alive` is a sign of life on the way there.
 */
export type ChildMessage =
  | { kind: 'alive' }
  | { kind: 'listening'; port: number; cutReport: string | undefined }
  | { kind: 'failed'; name: string; message: string };

let server: EventStoreServer | undefined;

async function stop(): Promise<void> {
  await server?.stop();
  process.exit(0);
}

// Ctrl-C reaches the whole process group; the parent stops its own work first and then this process.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void stop());
// A parent that is gone cannot stop us any more.
whenParentIsGone(() => void stop());

process.umask(0o077);
quietGrpcLog();
report({ kind: 'alive' });
try {
  // The parent is this library's own spawn-server: it writes these options and nothing else.
  server = await startEventStoreServer(JSON.parse(process.argv[2] ?? '{}') as EventStoreServerOptions);
  const cutReport = server.cut === undefined ? undefined : describeCut(server.cut);
  report({ kind: 'listening', port: server.port, cutReport });
} catch (error) {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  report({ kind: 'failed', name, message });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}

function report(message: ChildMessage): void {
  // A parent that has gone meanwhile hears nothing; 'disconnect' has stopped us then.
  process.send?.(message, () => undefined);
}
