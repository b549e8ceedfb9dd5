import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openBuild, prepareStore } from '../../libs/projector/builds.js';
import { claimPartition, FencedOff } from '../../libs/projector/claim.js';
import { foldLog } from '../../libs/projector/fold-log.js';
import { PartitionWriter } from '../../libs/projector/partition-writer.js';
import { Projector } from '../../libs/projector/projector.js';
import { waitFor } from '../../libs/projector/wait-for.js';
import { openReadStore } from '../../libs/readstore/open-read-store.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { accounts, booked, opened } from '../../libs/testing/counter-projection.js';
import { dumpFold, dumpTables } from '../../libs/testing/dump-tables.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { startPostgres, type TestServer } from '../../libs/testing/postgres-server.js';

const WAIT_MS = 900_000;

describe('several workers on one PostgreSQL', () => {
  let server: TestServer;
  let url: string;
  let store: ReadStore;
  let other: ReadStore;
  let log: InMemoryLog;
  const projectors: Projector[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    url = await server.database();
    [store, other] = await Promise.all([openReadStore({ databaseUrl: url }), openReadStore({ databaseUrl: url })]);
    log = new InMemoryLog();
  });
  afterEach(async () => {
    await Promise.all(projectors.splice(0).map((projector) => projector.stop()));
    await Promise.all([store.close(), other.close()]);
  });

  const run = async (on: ReadStore, partitions: number, partitionsHereMax?: number): Promise<Projector> => {
    const projector = new Projector({ store: on, source: log, projections: [accounts], partitions, ...(partitionsHereMax && { partitionsHereMax }) });
    projectors.push(projector);
    await projector.start();
    return projector;
  };
  const some = (count: number): number => {
    for (let each = 0; each < count; each += 1) log.append(each < 20 ? opened(`a${each}`) : booked(`a${each % 20}`, each));
    return log.entries.at(-1)!.position;
  };
  const isTrue = async (): Promise<void> => expect(await dumpTables(store, accounts)).toEqual(dumpFold(accounts, foldLog(accounts, log.events)));

  it('never both write: the one that was overtaken is fenced off, and nothing of its batch stays', async () => {
    await prepareStore(store);
    const build = await openBuild(store, accounts, 1);
    const position = some(40);
    const fed = { events: log.entries, lastPosition: position, caughtUp: true };
    const slow = new PartitionWriter(store, accounts, await store.transaction((sql) => claimPartition(sql, build, 0, 'slow')));
    const quick = new PartitionWriter(other, accounts, await other.transaction((sql) => claimPartition(sql, build, 0, 'quick')));
    await expect(slow.write(fed)).rejects.toThrow(FencedOff);
    expect(await store.query('SELECT 1 FROM accounts_account')).toEqual([]);
    await quick.write(fed);
    await expect(slow.write(fed)).rejects.toThrow(FencedOff);
    await isTrue();
  });

  it('take a batch whose commit was not acknowledged for what it is: written once', async () => {
    await prepareStore(store);
    const build = await openBuild(store, accounts, 1);
    const fed = { events: log.entries, lastPosition: some(40), caughtUp: true };
    const claim = await store.transaction((sql) => claimPartition(sql, build, 0, 'one'));
    await new PartitionWriter(store, accounts, claim).write(fed);
    // The same claim, not knowing that its write went through.
    await expect(new PartitionWriter(store, accounts, claim).write(fed)).rejects.toThrow(FencedOff);
    await isTrue();
  });

  it('stand by until the leader is gone, and then go on where it stopped', async () => {
    const first = await run(store, 1);
    await run(other, 1);
    expect(await waitFor(store, 'accounts', some(100), WAIT_MS)).toBe(true);
    await first.stop();
    expect(await waitFor(store, 'accounts', some(100), WAIT_MS)).toBe(true);
    await isTrue();
  });

  it('share the partitions of one projection', async () => {
    await run(store, 4, 2);
    await run(other, 4, 2);
    expect(await waitFor(store, 'accounts', some(300), WAIT_MS)).toBe(true);
    await isTrue();
    const seats = await store.query<{ count: number }>(`SELECT count(*) AS count FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY pid`);
    expect(seats.map(({ count }) => count)).toEqual([2, 2]);
  });

  it('live through a crash of the database, losing and repeating nothing', async () => {
    await run(store, 2);
    expect(await waitFor(store, 'accounts', some(100), WAIT_MS)).toBe(true);
    await server.crash();
    some(100);
    await server.restart();
    const reached = async (): Promise<boolean> => waitFor(store, 'accounts', await log.head(), WAIT_MS).catch(() => reached()); // the pool may still hold a dead connection
    expect(await reached()).toBe(true);
    await isTrue();
  });
});
