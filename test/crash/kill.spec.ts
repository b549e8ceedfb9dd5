import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';

import { checkEventStore } from '../../libs/eventstore-embedded/cli.js';
import { spawnEventStoreServer } from '../../libs/eventstore-embedded/spawn-server.js';
import { CrashWriter } from './crash-writer.js';
import { randomFrom } from './random.js';

/** The long form: CRASH_KILLS=200. CRASH_SEED repeats the sizes and the moments of a run. */
const kills = Number(process.env.CRASH_KILLS ?? 10);
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
const WRITERS = 32;
const LIFE_MS_MIN = 30;
const LIFE_MS_MAX = 500;
const ROUND_MS_MAX = 30_000;

describe('an event store that is killed', () => {
  it(`${kills} times under ${WRITERS} writers holds every acknowledged event once, in order, and no half batch (seed ${seed})`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-crash-'));
    const random = randomFrom(seed);
    let acknowledged: () => void = () => undefined;
    const writers = Array.from({ length: WRITERS }, () => new CrashWriter(random, () => acknowledged()));
    for (let kill = 1; kill <= kills; kill++) {
      const server = await spawnEventStoreServer({ dataDir });
      const client = EventStoreDBClient.connectionString(server.connectionString);
      const faults = (await Promise.all(writers.map((writer) => writer.faults(client, 'last verified')))).flat();
      expect({ kill, faults }).toEqual({ kill, faults: [] });

      const firstAcknowledged = new Promise<void>((resolve) => (acknowledged = resolve));
      const writing = Promise.all(writers.map((writer) => writer.writeUntilFailure(client)));
      await firstAcknowledged;
      // The kill must come at any moment of a write, so from here this waits for time and not for an event.
      await delay(LIFE_MS_MIN + random() * (LIFE_MS_MAX - LIFE_MS_MIN));
      process.kill(server.pid, 'SIGKILL');
      await writing;
      await client.dispose();
      await server.exited;
    }

    const server = await spawnEventStoreServer({ dataDir });
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const faults = (await Promise.all(writers.map((writer) => writer.faults(client, 'start')))).flat();
    await client.dispose();
    await server.stop();
    expect(faults).toEqual([]);
    expect(writers.reduce((sum, writer) => sum + writer.acknowledgedBatches, 0)).toBeGreaterThan(kills);
    expect(checkEventStore(dataDir).damages).toEqual([]);
    rmSync(dataDir, { recursive: true });
  }, (kills + 1) * ROUND_MS_MAX);
});
