import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const BINARIES = '/usr/lib/postgresql/15/bin';
const START_ATTEMPTS_MAX = 200;
const ATTEMPT_MS = 50;

/** A PostgreSQL server for tests, wherever it runs. */
export interface TestDatabases {
  /** The URL of a fresh, empty database. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

/** A server that a test owns and may hurt. */
export interface TestServer extends TestDatabases {
  /** Kills it without warning, as a power cut does to its clients. */
  crash(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
}

function asPostgres(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  // The server refuses to run as root.
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']));
  return { uid: id('-u'), gid: id('-g') };
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 1; attempt <= START_ATTEMPTS_MAX && server.exitCode === null; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, ATTEMPT_MS));
    }
  }
  throw new Error(`the PostgreSQL server for tests did not start (${BINARIES}/postgres)`);
}

const ended = (server: ChildProcess): Promise<void> => new Promise((resolve) => (server.exitCode === null && server.signalCode === null ? server.once('exit', () => resolve()) : resolve()));

async function administer(server: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Databases on a server outside: made for this suite, dropped when it ends. Its user must be allowed to create them. */
function databasesOn(server: string): TestDatabases {
  const made: string[] = [];
  return {
    async database() {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await administer(server, [`CREATE DATABASE ${name}`]);
      made.push(name);
      const url = new URL(server);
      url.pathname = `/${name}`;
      return url.href;
    },
    stop: () => administer(server, made.map((name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

/** The PostgreSQL that a suite runs on: the server at DATABASE_URL, or one of its own. */
export function testPostgres(): Promise<TestDatabases> {
  const url = process.env['DATABASE_URL'];
  return url ? Promise.resolve(databasesOn(url)) : startPostgres();
}

/** What a test does not need: nothing of what it writes has to outlive a power cut. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Starts a real PostgreSQL 15 in a temporary directory, `durable` as it comes or not at all. Throws when its binaries are missing. */
export async function startPostgres({ durable = false }: { readonly durable?: boolean } = {}): Promise<TestServer> {
  if (!existsSync(join(BINARIES, 'postgres'))) throw new Error(`these tests need PostgreSQL 15 in ${BINARIES}: apt-get install postgresql-15`);
  const directory = mkdtempSync(join(tmpdir(), 'pipeledger-postgres-'));
  const user = asPostgres();
  if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid);
  execFileSync(join(BINARIES, 'initdb'), ['-D', join(directory, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], { ...user, cwd: directory, stdio: 'pipe' });
  const port = await freePort();
  const settings = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '60', ...(durable ? {} : NOT_DURABLE) };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const base = `postgres://postgres@127.0.0.1:${port}`;
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(join(BINARIES, 'postgres'), ['-D', join(directory, 'data'), ...flags], { ...user, cwd: directory, stdio: 'ignore' });
    await answers(`${base}/postgres`, child);
    return child;
  };
  let server = await start();
  let databases = 0;
  return {
    async database() {
      const name = `test_${(databases += 1)}`; // several may be asked for at once
      await administer(`${base}/postgres`, [`CREATE DATABASE ${name}`]);
      return `${base}/${name}`;
    },
    async crash() {
      server.kill('SIGQUIT'); // "immediate" shutdown: no checkpoint, every client cut off
      await ended(server);
    },
    async restart() {
      server = await start();
    },
    async stop() {
      server.kill('SIGINT');
      await ended(server);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
