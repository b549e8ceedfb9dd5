import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

import { spawnEventStoreServer } from '../../libs/eventstore-embedded/spawn-server.js';
import { SEGMENT_BYTES_MAX } from './log-files.js';

/** An event of which the server said that it has it. */
export type Acknowledged = { stream: string; revision: number; id: string };
/** `lastPosition`: the highest position that the server ever told anyone. */
export type AcknowledgedLog = { dataDir: string; acknowledged: Acknowledged[]; lastPosition: number };

const WRITERS = 6;
const EVENTS_MIN = 120;
const EVENTS_MORE = 80;
const BATCH_EVENTS_MAX = 4;
const FILLING_MAX = 300;

/** How a server ends: by SIGTERM when all is answered, or by SIGKILL under load. */
export type End = 'stopped' | 'killed';

/** Has a server write a log of several small segments, and ends it. */
export async function writeAcknowledgedLog(root: string, end: End, random: () => number): Promise<AcknowledgedLog> {
  const dataDir = mkdtempSync(join(root, `${end}-`));
  const server = await spawnEventStoreServer({ dataDir, segmentBytesMax: SEGMENT_BYTES_MAX });
  const client = EventStoreDBClient.connectionString(server.connectionString);
  const log: AcknowledgedLog = { dataDir, acknowledged: [], lastPosition: -1 };
  const wanted = EVENTS_MIN + Math.floor(random() * EVENTS_MORE);
  let enough: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (enough = resolve));
  let isStopping = false;
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    const stream = `acknowledged${randomUUID().replaceAll('-', '')}-${writer}`;
    for (let revision = 0; !isStopping; ) {
      const size = 1 + Math.floor(random() * BATCH_EVENTS_MAX);
      const filling = (): string => 'x'.repeat(Math.floor(random() * FILLING_MAX));
      const events = Array.from({ length: size }, () => jsonEvent({ type: 'Written', data: { filling: filling() } }));
      try {
        const { position } = await client.appendToStream(stream, events);
        log.lastPosition = Math.max(log.lastPosition, Number(position?.commit));
      } catch (error) {
        if (isServerGone(error)) return;
        throw error;
      }
      for (const { id } of events) log.acknowledged.push({ stream, revision: revision++, id });
      if (log.acknowledged.length >= wanted) enough();
    }
  });
  await Promise.race([reached, Promise.all(writers)]);
  if (end === 'killed') process.kill(server.pid, 'SIGKILL');
  else isStopping = true;
  await Promise.all(writers);
  await client.dispose();
  await (end === 'killed' ? server.exited : server.stop());
  return log;
}

function isServerGone(error: unknown): boolean {
  return error instanceof Error && 'type' in error && (error.type === 'unavailable' || error.type === 'cancelled');
}
