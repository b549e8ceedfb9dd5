import { existsSync, readFileSync } from 'node:fs';

import { lockDirectory } from './storage/lock.js';
import { checkLog, type LogReport } from './storage/check-log.js';
import { describeCut } from './storage/recover.js';
import { startEventStoreServer } from './start-server.js';

export type EventStoreCommandArguments = {
  data: string;
  port: number;
  host?: string;
  tlsCert?: string;
  tlsKey?: string;
  /** `name:password` each. */
  user?: string[];
  unsafeNoFsync?: boolean;
};

/**
 * `pipeledger eventstore`: serves a data directory until SIGINT or SIGTERM, then stops cleanly.
 * @throws an error to be shown to the user if the arguments do not fit or the server cannot start
 */
export async function runEventStoreCommand(args: EventStoreCommandArguments, print: (line: string) => void): Promise<void> {
  if ((args.tlsCert === undefined) !== (args.tlsKey === undefined)) throw new Error('--tls-cert and --tls-key belong together.');
  const tls = args.tlsCert === undefined || args.tlsKey === undefined ? undefined : { certFile: args.tlsCert, keyFile: args.tlsKey };
  const users = usersOf(args.user ?? []);
  const host = args.host ?? '127.0.0.1';
  const fsync = args.unsafeNoFsync !== true;
  for (const [option, file] of [['--tls-cert', args.tlsCert], ['--tls-key', args.tlsKey]] as const) if (file !== undefined) ensureReadable(option, file);
  const server = await startEventStoreServer({ dataDir: args.data, host, port: args.port, fsync, ...(tls && { tls }), ...(users && { users }) }).catch((error: unknown) => {
    throw isPortTaken(error) ? new Error(`Port ${args.port} of ${host} is taken: stop what listens there, or choose another one with --port.`) : error;
  });
  if (server.cut !== undefined) print(describeCut(server.cut));
  if (args.unsafeNoFsync === true) print('Appends are acknowledged before they are on disk: a power cut loses what was appended last.');
  print(`The event store listens on esdb://${host}:${server.port}?tls=${tls !== undefined}`);

  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await server.stop();
  print('The event store has stopped.');
}

/**
 * `pipeledger eventstore check`: reads every event of a directory that no server uses, and changes nothing.
 * @throws DirectoryLockedError while a server uses it; an error to be shown to the user if there is no such directory
 */
export function checkEventStore(dataDir: string): LogReport {
  if (!existsSync(dataDir)) throw new Error(`There is no directory ${dataDir}.`);
  const lock = lockDirectory(dataDir);
  try {
    return checkLog(dataDir);
  } finally {
    lock.release();
  }
}

/** The report in sentences, one a line. */
export function describeLogReport(report: LogReport): string[] {
  const summary = `${report.events} events of ${report.streams} streams in ${report.segments} files, ${report.bytes} bytes.`;
  if (report.damages.length === 0) return [summary, 'Every event is sound.'];
  return [
    summary,
    ...report.damages.flatMap((damage) => [
      `${damage.file}, positions ${damage.position} to ${damage.until}: ${damage.reason}. ` +
        (damage.kind === 'unfinished' ? 'It is the unfinished end of a write; the next start removes it.' : 'Restore the file from a copy.'),
      ...(damage.says === undefined ? [] : [`  the record there says it is ${damage.says}`]),
      ...damage.hurt.map((events) => `  hurt: ${events}`),
    ]),
  ];
}

/** @throws an error to be shown to the user: found out before the log is opened */
function ensureReadable(option: string, file: string): void {
  try {
    readFileSync(file);
  } catch (error) {
    throw new Error(`${option} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}

/** grpc-js gives the system's error as text alone. */
const isPortTaken = (error: unknown): boolean => error instanceof Error && error.message.includes('EADDRINUSE');

function usersOf(pairs: string[]): Record<string, string> | undefined {
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const separator = pair.indexOf(':');
      if (separator < 1 || separator === pair.length - 1) throw new Error('--user takes name:password.');
      return [pair.slice(0, separator), pair.slice(separator + 1)];
    }),
  );
}
