import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

import { spawnEventStoreServer } from '../libs/eventstore-embedded/spawn-server.ts';

export const EVENT_BYTES = 500;

/** A JSON event whose data takes 500 bytes. */
export function event500() {
  return jsonEvent({ type: 'Measured', data: { filling: 'x'.repeat(EVENT_BYTES - '{"filling":""}'.length) } });
}

/** A server in a new directory under `dir`, with a client. */
export async function startServer(dir, dataDir = mkdtempSync(join(dir, 'eventstore-bench-'))) {
  const server = await spawnEventStoreServer({ dataDir });
  const client = EventStoreDBClient.connectionString(server.connectionString);
  return {
    ...server,
    dataDir,
    client,
    async stop() {
      await client.dispose();
      await server.stop();
    },
  };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Runs `work` and returns how many of `count` it did a second. */
export async function perSecond(count, work) {
  const started = performance.now();
  await work();
  return count / ((performance.now() - started) / 1_000);
}

/** The memory a process has in RAM, in MB; only Linux tells. */
export function residentMb(pid) {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}
