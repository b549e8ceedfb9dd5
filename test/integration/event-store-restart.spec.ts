import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { jsonEvent } from '@eventstore/db-client';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import { EventStoreUnavailable } from '../../libs/eventstore/unavailable.js';
import { keepEventStoreServer } from '../../libs/eventstore-embedded/kept-server.js';

/** Calls under way when the server dies. */
const AT_ONCE = 64;

const note = (n: number) => jsonEvent({ type: 'noted', data: { n } });

it('an event store that is killed runs again: what was acknowledged is there, all else failed as unavailable', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-restart-'));
  let again: () => void = () => undefined;
  const runsAgain = new Promise<void>((resolve) => { again = resolve; });
  const server = await keepEventStoreServer({ dataDir }, (sentence) => { if (sentence.endsWith('runs again')) again(); });
  const log = new EventLog(connectEventStore(server.connectionString), new Codec([]));
  await log.append('note-before', -1, [note(0)]);
  const killed = server.pid() ?? 0;

  const appends = Array.from({ length: AT_ONCE }, (_, n) => log.append(`note-${n}`, -1, [note(n)]));
  const reads = Array.from({ length: AT_ONCE }, () => log.head());
  process.kill(killed, 'SIGKILL');
  const appended = await Promise.allSettled(appends);
  const settled = [...appended, ...(await Promise.allSettled(reads))];
  const wrong = settled.filter((each) => each.status === 'rejected' && !(each.reason instanceof EventStoreUnavailable));
  expect(wrong).toEqual([]);

  await runsAgain;
  expect(server.pid()).not.toBe(killed);
  const acknowledged = appended.flatMap((each, n) => (each.status === 'fulfilled' ? [n] : []));
  const kept = await Promise.all(acknowledged.map((n) => log.revisionOf(`note-${n}`)));
  expect(kept).toEqual(acknowledged.map(() => 0));
  expect(await log.revisionOf('note-before')).toBe(0);
  expect((await log.append('note-after', -1, [note(1)])).revision).toBe(0);

  await disconnectEventStore();
  await server.stop();
  await rm(dataDir, { recursive: true });
});
