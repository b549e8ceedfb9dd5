import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../libs/projector/wait-for.js';
import { openReadStore } from '../../libs/readstore/open-read-store.js';
import type { ReadLimits } from '../../libs/readstore/read-queue.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { accounts, booked, opened } from '../../libs/testing/counter-projection.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { testPostgres, type TestDatabases } from '../../libs/testing/postgres-server.js';
import { startProjectionServer, type ProjectionServer } from './projection-server.js';

const WAIT_MS = 30_000;
const LONG_MS = 600_000;
const ENDLESS = 'SELECT count(*) AS n FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b';
/** Every kind of read that the read store answers. */
const READS = ['/v1/reports/balances', '/v1/reports/balances?format=csv', '/v1/reports/balances?asOf=0', '/v1/reports/balances/rows?table=accounts_account', '/v1/reports/balances/rows?table=accounts_account&format=csv', '/v1/projections', '/v1/projections/accounts', '/v1/projections/accounts/parked'];

let postgres: TestDatabases;
let directory: string;
let store: ReadStore;
let log: InMemoryLog;
let server: ProjectionServer;
beforeAll(async () => {
  postgres = await testPostgres();
  directory = await mkdtemp(join(tmpdir(), 'pipeledger-busy-'));
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  await rm(directory, { recursive: true });
});

describe.each([
  { name: 'PostgreSQL', open: async (reads: Partial<ReadLimits>) => openReadStore({ databaseUrl: await postgres.database(), reads }) },
  { name: 'PGlite in a thread', open: (reads: Partial<ReadLimits>) => openReadStore({ dataDir: join(directory, String(performance.now())), reads }) },
])('while reads keep $name busy', ({ open }) => {
  afterEach(async () => {
    await server.stop();
    await store.close();
  });

  async function start(reads: Partial<ReadLimits>): Promise<void> {
    store = await open(reads);
    log = new InMemoryLog();
    log.append(opened('a'));
    server = await startProjectionServer({ store, log, projection: accounts });
    await server.work();
    await caughtUp();
    expect((await server.get('/health')).status).toBe(200);
  }
  const caughtUp = async (): Promise<void> => expect(await waitFor(store, 'accounts', await log.head(), WAIT_MS)).toBe(true);

  it('health answers, the excess of every kind is refused at once, and afterwards all are served', async () => {
    await start({ atOnce: 1, waitingMax: 1, waitMsMax: LONG_MS, statementMsMax: LONG_MS });
    const hold = held();
    const running = store.read(hold.work);
    await hold.begun;
    const waiting = store.read((sql) => sql.query('SELECT 1 AS x'));
    expect(await server.get('/health')).toMatchObject({ status: 200, body: { status: 'ok', details: { read_store: { status: 'up' }, accounts: { status: 'up' } } } });
    expect(await server.get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    for (const path of READS) {
      const refused = await server.get(path);
      expect({ path, status: refused.status, body: refused.body, after: refused.headers.get('retry-after') })
        .toMatchObject({ path, status: 429, body: { code: 'too_many_requests', detail: expect.stringContaining('1 reads run and 1 wait') }, after: '1' });
    }
    hold.end();
    expect(await Promise.all([running, waiting])).toEqual([undefined, [{ x: 1 }]]);
    for (const path of READS) expect({ path, status: (await server.get(path)).status }).toEqual({ path, status: 200 });
  }, 120_000);

  it('with a statement that would never end, health answers meanwhile; the statement is ended in the store, and projections go on', async () => {
    await start({ atOnce: 1, waitingMax: 1, waitMsMax: LONG_MS, statementMsMax: 1_500 });
    const slow = store.read((sql) => sql.query(ENDLESS)).catch((error: unknown) => error);
    expect((await server.get('/health')).status).toBe(200);
    log.append(booked('a', 5));
    expect(await slow).toMatchObject({ kind: 'timeout' });
    await caughtUp();
    expect(await server.get('/v1/reports/balances')).toMatchObject({ status: 200, body: { total: 5 } });
  }, 120_000);
});

/** A read that keeps its place until it is told to end. */
function held() {
  let end = (): void => undefined;
  let tellBegun = (): void => undefined;
  const begun = new Promise<void>((resolve) => (tellBegun = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { begun, end, work: async (): Promise<void> => {
    tellBegun();
    await ended;
  } };
}
