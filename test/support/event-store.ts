import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnEventStoreServer } from '../../libs/eventstore-embedded/spawn-server.js';

export interface TestEventStore {
  readonly url: string;
  stop(): Promise<void>;
}

/** The event store that a suite runs on: the one at ESDB_URL, which others may use meanwhile, or one of its own. */
export function testEventStore(): Promise<TestEventStore> {
  const url = process.env['ESDB_URL'];
  return url ? Promise.resolve({ url, stop: () => Promise.resolve() }) : ownEventStore();
}

/**
 * An embedded event store in a process and a new directory of its own, whatever ESDB_URL says: for suites to which the whole log
 * must be theirs, because a worker acts on all of it, or because identifiers come from a file.
 */
export async function ownEventStore(): Promise<TestEventStore> {
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
