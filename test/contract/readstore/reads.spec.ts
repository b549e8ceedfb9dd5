import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openReadStore } from '../../../libs/readstore/open-read-store.js';
import type { ReadLimits } from '../../../libs/readstore/read-queue.js';
import type { ReadStore, Sql } from '../../../libs/readstore/sql.js';
import { testPostgres, type TestDatabases } from '../../../libs/testing/postgres-server.js';

/** Runs for hours where nothing ends it. */
const ENDLESS = 'SELECT count(*) AS n FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b';
const LONG_MS = 600_000;

let postgres: TestDatabases;
let directory: string;
beforeAll(async () => {
  postgres = await testPostgres();
  directory = await mkdtemp(join(tmpdir(), 'pipeledger-reads-'));
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  await rm(directory, { recursive: true });
});

describe.each([
  { name: 'PostgreSQL', open: async (reads: Partial<ReadLimits>) => openReadStore({ databaseUrl: await postgres.database(), reads }) },
  { name: 'PGlite in a thread', open: (reads: Partial<ReadLimits>) => openReadStore({ dataDir: join(directory, randomUUID()), reads }) },
])('reads of $name', ({ open }) => {
  let store: ReadStore;
  afterEach(() => store.close());

  it('end in the store when their time is over, leave nothing behind, and others go on', async () => {
    store = await open({ statementMsMax: 50 });
    await store.script('CREATE TABLE kept (x integer)');
    const late = store.read((sql) => sql.query(ENDLESS));
    const written = store.transaction((sql) => sql.query('INSERT INTO kept VALUES (1)'));
    await expect(late).rejects.toMatchObject({ kind: 'timeout', sqlState: '57014' });
    await written;
    expect(await store.query('SELECT x FROM kept')).toEqual([{ x: 1 }]);
    for (let again = 0; again < 3; again += 1) {
      await expect(store.read((sql) => sql.query(ENDLESS))).rejects.toMatchObject({ kind: 'timeout' });
      expect(await store.read((sql) => sql.query('SELECT x FROM kept'))).toEqual([{ x: 1 }]);
    }
  }, 60_000);

  it('beyond those that run and wait are refused at once, while writes go on between the others', async () => {
    store = await open({ atOnce: 1, waitingMax: 1, waitMsMax: LONG_MS });
    await store.script('CREATE TABLE kept (x integer)');
    const order: string[] = [];
    const hold = held();
    const running = store.read((sql) => hold.work(sql));
    await hold.begun;
    const waiting = store.read((sql) => sql.query('SELECT x FROM kept')).then((rows) => void order.push(`read ${rows.length}`));
    await expect(store.read((sql) => sql.query('SELECT 1'))).rejects.toMatchObject({ kind: 'busy' });
    const written = store.query('INSERT INTO kept VALUES (1)').then(() => void order.push('written'));
    hold.end();
    await Promise.all([running, waiting, written]);
    expect(order.sort()).toEqual(expect.arrayContaining(['written']));
    expect(await store.read((sql) => sql.query('SELECT x FROM kept'))).toEqual([{ x: 1 }]);
  }, 60_000);

  it('may not write', async () => {
    store = await open({});
    await store.script('CREATE TABLE kept (x integer)');
    await expect(store.read((sql) => sql.query('INSERT INTO kept VALUES (1)'))).rejects.toMatchObject({ sqlState: '25006' });
  }, 60_000);
});

/** A read that keeps its place until it is told to end. */
function held() {
  let end = (): void => undefined;
  let tellBegun = (): void => undefined;
  const begun = new Promise<void>((resolve) => (tellBegun = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { begun, end, work: async (sql: Sql): Promise<void> => {
    await sql.query('SELECT 1');
    tellBegun();
    await ended;
  } };
}
