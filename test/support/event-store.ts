import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnEventStoreServer } from '../../libs/eventstore-embedded/spawn-server.js';

export interface TestEventStore {
  readonly url: string;
  stop(): Promise<void>;
}

/** The event store that a suite runs on: the one at ESDB_URL, or an embedded one of its own in a new directory. */
export async function testEventStore(): Promise<TestEventStore> {
  const url = process.env['ESDB_URL'];
  if (url) return { url, stop: () => Promise.resolve() };
  const dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-events-'));
  const server = await spawnEventStoreServer({ dataDir });
  return {
    url: server.connectionString,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
