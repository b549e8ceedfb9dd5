import { resolve } from 'node:path';
import { PARTITIONS_MAX } from '../../../libs/projector/builds.js';
import { parseMasterKey } from '../../../libs/personal-data/master-key.js';
import { HEALTH_LIMITS, type HealthLimits } from '../../../libs/projector/status.js';

/** All that can be set from outside. Everything has a default that works on a bare machine. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Where the embedded event store and read store keep their files. */
  readonly dataDir: string;
  /** EventStoreDB / KurrentDB; undefined: the embedded server. */
  readonly eventStoreUrl?: string;
  /** PostgreSQL; undefined: PGlite. */
  readonly databaseUrl?: string;
  /** Redis for BullMQ; undefined: the in-process clock. */
  readonly redisUrl?: string;
  /** Wraps the keys of personal data; undefined: one made in the data directory. */
  readonly masterKey?: Buffer;
  /** Hash partitions of projections that are new; undefined: one. */
  readonly partitions?: number;
  /** Partitions of each projection that this process runs at most; undefined: all it can get. */
  readonly partitionsHereMax?: number;
  /** Beyond which /health turns bad; undefined: HEALTH_LIMITS. */
  readonly healthLimits?: HealthLimits;
}

/** A setting that cannot be used; its message is one sentence for the person who set it. */
export class ConfigError extends Error {}

const PORT_MAX = 65_535;

function port(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > PORT_MAX) throw new ConfigError(`PORT must be a whole number from 0 to ${PORT_MAX}, not "${value}".`);
  return number;
}

const WHOLE_MAX = 999_999_999;

function whole(name: string, value: string | undefined, min: number, max: number): number | undefined {
  if (value === undefined || value === '') return undefined;
  if (!/^\d{1,9}$/.test(value) || Number(value) < min || Number(value) > max) throw new ConfigError(`${name} must be a whole number from ${min} to ${max}, not "${value}".`);
  return Number(value);
}

function url(name: string, value: string | undefined, protocols: readonly string[]): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (!protocols.some((protocol) => value.startsWith(`${protocol}://`))) throw new ConfigError(`${name} must start with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}.`);
  return value;
}

/** @throws ConfigError */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ServerConfig {
  const eventStoreUrl = url('ESDB_URL', env['ESDB_URL'], ['esdb', 'esdb+discover']);
  const databaseUrl = url('DATABASE_URL', env['DATABASE_URL'], ['postgres', 'postgresql']);
  const redisUrl = url('REDIS_URL', env['REDIS_URL'], ['redis', 'rediss']);
  const masterText = env['PIPELEDGER_MASTER_KEY'] ?? '';
  const masterKey = parseMasterKey(masterText);
  if (masterText !== '' && !masterKey) throw new ConfigError('PIPELEDGER_MASTER_KEY must be 32 bytes in base64, such as `openssl rand -base64 32` gives.');
  const partitions = whole('PIPELEDGER_PARTITIONS', env['PIPELEDGER_PARTITIONS'], 1, PARTITIONS_MAX);
  const partitionsHereMax = whole('PIPELEDGER_PARTITIONS_HERE', env['PIPELEDGER_PARTITIONS_HERE'], 1, PARTITIONS_MAX);
  return {
    host: env['HOST'] ?? '127.0.0.1', port: port(env['PORT'] ?? '3000'), dataDir: resolve(env['PIPELEDGER_DATA'] ?? '.pipeledger'),
    healthLimits: { lagSecondsMax: whole('PIPELEDGER_LAG_MAX_S', env['PIPELEDGER_LAG_MAX_S'], 0, WHOLE_MAX) ?? HEALTH_LIMITS.lagSecondsMax, parkedMax: whole('PIPELEDGER_PARKED_MAX', env['PIPELEDGER_PARKED_MAX'], 0, WHOLE_MAX) ?? HEALTH_LIMITS.parkedMax },
    ...(partitions !== undefined && { partitions }), ...(partitionsHereMax !== undefined && { partitionsHereMax }),
    ...(eventStoreUrl && { eventStoreUrl }), ...(databaseUrl && { databaseUrl }), ...(redisUrl && { redisUrl }), ...(masterKey && { masterKey }),
  };
}
