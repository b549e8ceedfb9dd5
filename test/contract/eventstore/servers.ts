import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';

import { spawnEventStoreServer } from '../../../libs/eventstore-embedded/spawn-server.js';

/** A running server under the contract: its client, and where else to connect. */
export type ServerUnderTest = { client: EventStoreDBClient; connectionString: string };

type Started = { connectionString: string; stop(): Promise<void> };

/**
 * Runs a part of the contract against the server that ESDB_URL names, or against the embedded one twice: over plain
 * and over encrypted connections. Tests use names of their own, so a server may hold anything else.
 */
export function describeContract(title: string, tests: (server: ServerUnderTest) => void): void {
  const url = process.env.ESDB_URL;
  const targets: [string, () => Promise<Started>][] = url === undefined
    ? [['over a plain connection', startPlain], ['over TLS', startTls]]
    : [['of ESDB_URL', () => Promise.resolve({ connectionString: url, stop: () => Promise.resolve() })]];

  describe.each(targets)(`${title} %s`, (_, start) => {
    // Filled before the first test runs; tests must read it then, not while they are being defined.
    const server: Partial<ServerUnderTest> = {};
    let started: Started | undefined;
    beforeAll(async () => {
      started = await start();
      server.connectionString = started.connectionString;
      server.client = EventStoreDBClient.connectionString(started.connectionString);
    });
    afterAll(async () => {
      await server.client?.dispose();
      await started?.stop();
    });
    tests(server as ServerUnderTest);
  });
}

/** A stream of this run alone. Its category has no hyphen. */
export function newStream(category = 'contract'): string {
  return `${category}${randomUUID().replaceAll('-', '')}-1`;
}

async function startPlain(): Promise<Started> {
  const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-contract-'));
  const server = await spawnEventStoreServer({ dataDir });
  return { connectionString: server.connectionString, stop: () => server.stop().then(() => rmSync(dataDir, { recursive: true })) };
}

async function startTls(): Promise<Started> {
  const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-contract-'));
  const tls = createCertificate(dataDir);
  const server = await spawnEventStoreServer({ dataDir: join(dataDir, 'log'), tls });
  return {
    connectionString: `${server.connectionString.replace('127.0.0.1', 'localhost')}&tlsCAFile=${encodeURIComponent(tls.certFile)}`,
    stop: () => server.stop().then(() => rmSync(dataDir, { recursive: true })),
  };
}

/** A certificate for 127.0.0.1 that signs itself, made by the openssl command. */
export function createCertificate(directory: string): { certFile: string; keyFile: string } {
  const certFile = join(directory, 'server.crt');
  const keyFile = join(directory, 'server.key');
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', keyFile, '-out', certFile,
  ], { stdio: 'ignore' });
  return { certFile, keyFile };
}
