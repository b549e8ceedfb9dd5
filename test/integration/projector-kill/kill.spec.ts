import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { foldLog } from '../../../libs/projector/fold-log.js';
import { positionOf, waitFor } from '../../../libs/projector/wait-for.js';
import { openReadStore } from '../../../libs/readstore/open-read-store.js';
import { ReadStoreError, type ReadStore } from '../../../libs/readstore/sql.js';
import { accounts } from '../../../libs/testing/counter-projection.js';
import { dumpFold, dumpTables } from '../../../libs/testing/dump-tables.js';
import { startPostgres, type TestServer } from '../../../libs/testing/postgres-server.js';
import { longHistory } from './history.js';
import type { KillPoint } from './killing-store.js';
import type { ProjectorPlace } from './run-projector.js';

const KILLS = 50;
/** Databases in which the points are tried side by side. */
const LANES = 2;
const EVENTS = 6_000;
const WAIT_MS = 900_000;
const TEST_MS_MAX = 1_800_000;
const MOMENTS = ['sent', 'before', 'answered'] as const;
/** A process is to be dead long before; one that lives on has not reached its point. */
const DEAD_MS_MAX = 20_000;

/** Each within the first batches of a process that starts anew: making tables, claiming, looking up, each write, the commit, what follows it. */
const points: readonly KillPoint[] = Array.from({ length: KILLS }, (_, index) => ({ statement: 1 + index, moment: MOMENTS[index % MOMENTS.length]! }));

const NO_SUCH_TABLE = '42P01';

let server: TestServer;
const children: ChildProcess[] = [];
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await server.stop();
});

function run(place: ProjectorPlace): ChildProcess {
  const child = fork('test/integration/projector-kill/run-projector.ts', [JSON.stringify(place)], { execArgv: ['--disable-warning=ExperimentalWarning', '--import', './test/support/ts-loader.mjs'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.push(child);
  return child;
}

/** The signal that ended it. */
async function ended(child: ChildProcess): Promise<unknown> {
  const late = setTimeout(() => child.kill('SIGTERM'), DEAD_MS_MAX);
  const [, signal] = (await once(child, 'exit')) as unknown[];
  clearTimeout(late);
  return signal;
}

const history = longHistory(EVENTS);

/** Rows, present and past, as a fresh fold of the log up to where the tables say they are. */
async function expectAsFolded(store: ReadStore): Promise<number> {
  const position = await positionOf(store, 'accounts').catch((error: unknown) => {
    if (error instanceof ReadStoreError && error.sqlState === NO_SUCH_TABLE) return undefined; // killed before there were tables
    throw error;
  });
  if (position === undefined) return -1;
  expect(await dumpTables(store, accounts)).toEqual(dumpFold(accounts, foldLog(accounts, history.events.filter((event) => event.position <= position))));
  return position;
}

/** Whether the tables, which a worker may not have made yet, come to hold the whole log. */
async function holdsAll(store: ReadStore): Promise<boolean> {
  const deadlineMs = Date.now() + WAIT_MS;
  while (Date.now() < deadlineMs) {
    try {
      return await waitFor(store, 'accounts', await history.head(), WAIT_MS);
    } catch (error) {
      if (!(error instanceof ReadStoreError) || error.sqlState !== NO_SUCH_TABLE) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return false;
}

describe('a projection worker', () => {
  it(`that is killed at ${KILLS} points leaves rows equal to a fresh fold, each time and in the end`, async () => {
    let killed = 0;
    await Promise.all(Array.from({ length: LANES }, async (_, lane) => {
      const databaseUrl = await server.database();
      const store = await openReadStore({ databaseUrl });
      let reached = -1;
      for (const kill of points.filter((__, index) => index % LANES === lane)) {
        expect({ kill, signal: await ended(run({ databaseUrl, events: EVENTS, partitions: 1, kill })) }).toEqual({ kill, signal: 'SIGKILL' });
        killed += 1;
        const position = await expectAsFolded(store);
        expect(position).toBeGreaterThanOrEqual(reached); // what was committed is not lost
        reached = position;
      }
      expect(reached).toBeGreaterThan(0);
      expect(reached).toBeLessThan(await history.head()); // the last one, too, was killed at work
      const last = run({ databaseUrl, events: EVENTS, partitions: 1 });
      expect(await holdsAll(store)).toBe(true);
      last.kill('SIGKILL');
      expect(await expectAsFolded(store)).toBe(await history.head());
      await store.close();
    }));
    expect(killed).toBe(KILLS);
  }, TEST_MS_MAX);

  it.each([1, 4])('is followed by another that was started with it, and that one by a third, when each is killed at work: %i partitions', async (partitions) => {
    const databaseUrl = await server.database();
    const store = await openReadStore({ databaseUrl });
    const doomed = [70, 110].map((statement) => run({ databaseUrl, events: EVENTS, partitions, kill: { statement, moment: 'sent' } }));
    expect(await Promise.all(doomed.map(ended))).toEqual(['SIGKILL', 'SIGKILL']);
    expect(await positionOf(store, 'accounts')).toBeLessThan(await history.head());
    const pair = [1, 2].map(() => run({ databaseUrl, events: EVENTS, partitions }));
    expect(await holdsAll(store)).toBe(true);
    for (const child of pair) child.kill('SIGKILL');
    expect(await expectAsFolded(store)).toBe(await history.head());
    await store.close();
  }, TEST_MS_MAX);
});
