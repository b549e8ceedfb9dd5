import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { hostOf } from '../../../libs/http/served-hosts.js';
import { PARTITIONS_MAX } from '../../../libs/projector/builds.js';
import { parseMasterKey } from '../../../libs/personal-data/master-key.js';
import { HEALTH_LIMITS, type HealthLimits } from '../../../libs/projector/status.js';

/** All that can be set from outside. Everything has a default that works on a bare machine. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** `scheme://host[:port]` under which people reach the engine; undefined: where it listens. */
  readonly publicUrl?: string;
  /** Host names that it serves besides loopback, `host` and that of `publicUrl`; undefined: none. */
  readonly hosts?: readonly string[];
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
  if (!/^\d{1,5}$/.test(value) || Number(value) > PORT_MAX) {
    throw new ConfigError(`PORT must be a whole number from 0 to ${PORT_MAX}, not "${value}".`);
  }
  return Number(value);
}

/** An address of four numbers that is none would be looked up as a name, and found to be nobody's. */
const FOUR_NUMBERS = /^\d+(\.\d+)*$/;

/** A host name or an address, IPv6 with or without brackets, without a port. */
function host(name: string, value: string): string {
  const bare = value.replace(/^\[(.*)\]$/, '$1');
  const isName = hostOf(value) !== undefined && !value.includes(':') && !FOUR_NUMBERS.test(value);
  if (isIP(bare) === 0 && !isName) {
    throw new ConfigError(`${name} must be a host name or an IP address without a port, not "${value}".`);
  }
  return bare;
}

const HOSTS_MAX = 100;

function hosts(value: string | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const names = value.split(',').map((each) => each.trim()).filter((each) => each !== '');
  if (names.length > HOSTS_MAX) throw new ConfigError(`PIPELEDGER_HOSTS must list at most ${HOSTS_MAX} names.`);
  return names.map((each) => host('PIPELEDGER_HOSTS', each));
}

/** Scheme, host and port alone: routes stand at the root of the server. */
function publicUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  const isWhole = parsed && /^https?:$/.test(parsed.protocol) && parsed.href === `${parsed.origin}/`;
  if (!isWhole) {
    throw new ConfigError(`PIPELEDGER_PUBLIC_URL must be http:// or https:// with a host and no path, such as https://sales.example.com, not "${withoutPassword(value)}".`);
  }
  host('PIPELEDGER_PUBLIC_URL', parsed.hostname);
  return parsed.origin;
}

const withoutPassword = (value: string): string => value.replace(/:\/\/[^/]*@/, '://…@');

const WHOLE_MAX = 999_999_999;

function whole(name: string, value: string | undefined, min: number, max: number): number | undefined {
  if (value === undefined || value === '') return undefined;
  if (!/^\d{1,9}$/.test(value) || Number(value) < min || Number(value) > max) throw new ConfigError(`${name} must be a whole number from ${min} to ${max}, not "${value}".`);
  return Number(value);
}

function url(name: string, value: string | undefined, protocols: readonly string[]): string | undefined {
  if (value === undefined || value === '') return undefined;
  const isOne = protocols.some((protocol) => value.startsWith(`${protocol}://`));
  if (!isOne) throw new ConfigError(`${name} must start with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}.`);
  // Several hosts between commas are a URL to the drivers, and none to the standard.
  const single = value.replace(/(:\/\/(?:[^@/]*@)?)[^/?]*,/, '$1');
  const hasHost = URL.canParse(single) && (new URL(single).host !== '' || !name.startsWith('ESDB'));
  if (!hasHost) throw new ConfigError(`${name} is no URL: it must be ${protocols[0]!}://host:port with a port up to ${PORT_MAX}.`);
  return value;
}

/** What is set to nothing is not set. @throws ConfigError naming the first setting that cannot be used */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ServerConfig {
  const env: Readonly<Record<string, string | undefined>> = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const reachedAs = publicUrl(env['PIPELEDGER_PUBLIC_URL']);
  const served = hosts(env['PIPELEDGER_HOSTS']);
  const eventStoreUrl = url('ESDB_URL', env['ESDB_URL'], ['esdb', 'esdb+discover']);
  const databaseUrl = url('DATABASE_URL', env['DATABASE_URL'], ['postgres', 'postgresql']);
  const redisUrl = url('REDIS_URL', env['REDIS_URL'], ['redis', 'rediss']);
  const masterText = env['PIPELEDGER_MASTER_KEY'] ?? '';
  const masterKey = parseMasterKey(masterText);
  if (masterText !== '' && !masterKey) throw new ConfigError('PIPELEDGER_MASTER_KEY must be 32 bytes in base64, such as `openssl rand -base64 32` gives.');
  const partitions = whole('PIPELEDGER_PARTITIONS', env['PIPELEDGER_PARTITIONS'], 1, PARTITIONS_MAX);
  const partitionsHereMax = whole('PIPELEDGER_PARTITIONS_HERE', env['PIPELEDGER_PARTITIONS_HERE'], 1, PARTITIONS_MAX);
  return {
    host: host('HOST', env['HOST'] ?? '127.0.0.1'), port: port(env['PORT'] ?? '3000'), dataDir: resolve(env['PIPELEDGER_DATA'] ?? '.pipeledger'),
    healthLimits: { lagSecondsMax: whole('PIPELEDGER_LAG_MAX_S', env['PIPELEDGER_LAG_MAX_S'], 0, WHOLE_MAX) ?? HEALTH_LIMITS.lagSecondsMax, parkedMax: whole('PIPELEDGER_PARKED_MAX', env['PIPELEDGER_PARKED_MAX'], 0, WHOLE_MAX) ?? HEALTH_LIMITS.parkedMax },
    ...(reachedAs && { publicUrl: reachedAs }), ...(served && { hosts: served }),
    ...(partitions !== undefined && { partitions }), ...(partitionsHereMax !== undefined && { partitionsHereMax }),
    ...(eventStoreUrl && { eventStoreUrl }), ...(databaseUrl && { databaseUrl }), ...(redisUrl && { redisUrl }), ...(masterKey && { masterKey }),
  };
}
