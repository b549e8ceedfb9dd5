import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { type Address, bracketed, isEveryAddress, parseAddress } from './address.js';
import { quietGrpcLog } from './grpc-log.js';
import { lockDirectory } from '../data-directory/lock.js';
import { checkLog, type LogReport } from './storage/check-log.js';
import { cutLog } from './storage/cut-log.js';
import { describeCut } from './storage/cut-tail.js';
import { startEventStoreServer } from './start-server.js';

export type EventStoreCommandArguments = {
  data: string;
  port: number;
  host?: string;
  /** `host` or `host:port`. */
  advertise?: string;
  tlsCert?: string;
  tlsKey?: string;
  /** `name:password` each. */
  user?: string[];
  unsafeNoFsync?: boolean;
  /** Bytes. */
  maxAppendSize?: number;
};

/**
 * `pipeledger eventstore`: serves a data directory until SIGINT or SIGTERM, then stops cleanly.
 * @throws an error to be shown to the user if the arguments do not fit or the server cannot start
 */
export async function runEventStoreCommand(args: EventStoreCommandArguments, print: (line: string) => void): Promise<void> {
  if ((args.tlsCert === undefined) !== (args.tlsKey === undefined)) throw new Error('--tls-cert and --tls-key belong together.');
  const tls = args.tlsCert === undefined || args.tlsKey === undefined ? undefined : { certFile: args.tlsCert, keyFile: args.tlsKey };
  const users = usersOf(args.user ?? []);
  const advertise = advertiseOf(args);
  const host = args.host ?? '127.0.0.1';
  process.umask(0o077);
  quietGrpcLog();
  const server = await startEventStoreServer({
    dataDir: args.data, host, port: args.port, fsync: args.unsafeNoFsync !== true, ...(advertise && { advertise }), ...(tls && { tls }), ...(users && { users }),
    ...(args.maxAppendSize !== undefined && { maxAppendBytes: args.maxAppendSize }),
  });
  if (server.cut !== undefined) print(describeCut(server.cut));
  if (args.unsafeNoFsync === true) print('Appends are acknowledged before they are on disk: a power cut loses what was appended last.');
  if (users === undefined && !isLoopback(host)) print('Without --user, whoever can reach this machine may read and write everything.');
  print('Access lists ($acl) are kept and returned, not enforced: every user may do everything.');
  print(`The event store of ${resolve(args.data)} (${counted(server.events, 'event')}) listens on ${urlOf(host, server.port, tls !== undefined)}`);

  await untilToldToStop();
  print('\nStopping: answering what is under way …');
  await server.stop();
  print('The event store has stopped.');
}

function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function advertiseOf({ advertise, port }: EventStoreCommandArguments): Address | undefined {
  if (advertise === undefined) return undefined;
  const address = parseAddress(bracketed(advertise), port);
  if (address === undefined) throw new Error('--advertise takes host or host:port.');
  return address;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

/** Where a client on this machine connects; from elsewhere by this machine's name. */
function urlOf(host: string, port: number, isTls: boolean): string {
  const query = `?tls=${isTls}`;
  return isEveryAddress(host) ? `esdb://127.0.0.1:${port}${query} and on every other address of this machine` : `esdb://${bracketed(host)}:${port}${query}`;
}

/**
 * `pipeledger eventstore check`: reads every event of a directory that no server uses, and changes nothing.
 * @throws DirectoryLockedError while a server uses it; an error to be shown to the user if there is no log to check
 */
export function checkEventStore(dataDir: string): LogReport {
  if (!existsSync(dataDir) || !statSync(dataDir).isDirectory()) throw new Error(`There is no directory "${dataDir}".`);
  const lock = lockDirectory(dataDir);
  try {
    const report = checkLog(dataDir);
    // Nothing hurt would be the wrong answer to a name mistyped.
    if (report.segments === 0 && report.damages.length === 0) {
      throw new Error(`There is no event log in ${dataDir} (no file *.events): nothing was checked.`);
    }
    return report;
  } finally {
    lock.release();
  }
}

/**
 * `pipeledger eventstore cut`: gives up everything from a position on, and says in sentences what became of it.
 * @throws DirectoryLockedError while a server uses the directory; CutRefusedError if the log cannot be cut there
 */
export function cutEventStore(dataDir: string, at: number): string[] {
  if (!existsSync(dataDir) || !statSync(dataDir).isDirectory()) throw new Error(`There is no directory "${dataDir}".`);
  const lock = lockDirectory(dataDir);
  try {
    const { bytes, next, savedAs } = cutLog(dataDir, at);
    return [
      `The log ends at position ${at} now and goes on at ${next}, so that no position is given out twice.`,
      `${counted(bytes, 'byte')} were cut${savedAs.length === 0 ? '' : ` and kept in ${savedAs.join(', ')}`}.`,
    ];
  } finally {
    lock.release();
  }
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The report in sentences, one a line. */
export function describeLogReport(report: LogReport): string[] {
  const summary = `${counted(report.events, 'event')} of ${counted(report.streams, 'stream')} ` +
    `in ${counted(report.segments, 'file')}, ${counted(report.bytes, 'byte')}.` +
    (report.logId === undefined ? '' : ` Log ${report.logId}, cut ${counted(report.epoch, 'time')}.`);
  if (report.damages.length === 0) return [summary, 'Every event is sound.'];
  return [
    summary,
    ...report.damages.flatMap((damage) => [
      `${damage.file}, positions ${damage.position} to ${damage.until}: ${damage.reason}. ` +
        (damage.kind === 'unfinished' ? 'It is the unfinished end of a write; the next start removes it.' : 'Restore the file from a copy.'),
      ...(damage.says === undefined ? [] : [`  the record there says it is ${damage.says}`]),
      ...damage.hurt.map((events) => `  hurt: ${events}`),
    ]),
    ...(report.damages.every(({ kind }) => kind === 'unfinished') ? [] : [
      `The log is whole up to position ${report.soundEnd}: where there is no copy, ` +
        `"pipeledger eventstore cut --at ${report.soundEnd}" gives up everything behind it.`,
    ]),
  ];
}

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
