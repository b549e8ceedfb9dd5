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
  const server = await startEventStoreServer({ dataDir: args.data, host, port: args.port, fsync, ...(tls && { tls }), ...(users && { users }) });
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
 * @throws DirectoryLockedError while a server uses it
 */
export function checkEventStore(dataDir: string): LogReport {
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

function usersOf(pairs: string[]): Record<string, string> | undefined {
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const separator = pair.indexOf(':');
      if (separator < 1) throw new Error('--user takes name:password.');
      return [pair.slice(0, separator), pair.slice(separator + 1)];
    }),
  );
}
