import { parseArgs } from 'node:util';
import { HEALTH_LIMITS } from '../../../libs/projector/status.js';
import { ConfigError } from './config.js';

export interface ServerArguments {
  readonly help: boolean;
  readonly version: boolean;
  /** Fill an empty store with a made-up company. */
  readonly demo: boolean;
  /** Make all views anew from a log that is not the one they were made from. */
  readonly adoptLog: boolean;
}

export const HELP = `Usage: npm start [-- options]

  --demo       fill an empty store with a made-up company, so that every report has something to say
  --adopt-log  make all views anew from this event log, where they were made from another; stop other engines first
  --help       show this
  --version    show the version

Settings (environment):
  PORT             port to listen on; default 3000
  HOST             address to listen on; default 127.0.0.1. 0.0.0.0 or ::  all addresses of this machine
  PIPELEDGER_PUBLIC_URL  how people reach the engine, such as https://sales.example.com: links are built from it, and its pages may send commands
  PIPELEDGER_HOSTS       other host names to answer to, between commas; loopback, HOST and the public URL's are answered to anyway
  PIPELEDGER_DATA  where the embedded stores keep their files; default .pipeledger
  ESDB_URL         EventStoreDB or KurrentDB, esdb://…; default: the embedded event store
  DATABASE_URL     PostgreSQL for the read models, postgres://…; default: embedded PGlite
  REDIS_URL        Redis for the deadline clock, redis://…; default: the in-process clock
  PIPELEDGER_PARTITIONS       parts that each new projection is split into, for several engines on one PostgreSQL to share; default 1
  PIPELEDGER_PARTITIONS_HERE  parts of each projection that this engine writes at most; default: all that no other does
  PIPELEDGER_LAG_MAX_S   seconds that a projection may be behind before /health turns bad; default ${HEALTH_LIMITS.lagSecondsMax}
  PIPELEDGER_PARKED_MAX  events that a projection may have parked before /health turns bad; default ${HEALTH_LIMITS.parkedMax}`;

/** @throws ConfigError naming what is not an option */
export function readArguments(args: readonly string[]): ServerArguments {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const options = { demo: flag, 'adopt-log': flag, help: { ...flag, short: 'h' }, version: { ...flag, short: 'V' } } as const;
    const { values } = parseArgs({ args: [...args], options, strict: true });
    return { demo: values.demo, help: values.help, version: values.version, adoptLog: values['adopt-log'] };
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message.split('.')[0] : String(error)}. See npm start -- --help.`);
  }
}
