import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../libs/projector/wait-for.js';
import { openReadStore } from '../../libs/readstore/open-read-store.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { accounts, booked, opened, POISON_AMOUNT } from '../../libs/testing/counter-projection.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { startPostgres, type TestServer } from '../../libs/testing/postgres-server.js';
import { startProjectionServer, type ProjectionServer } from './projection-server.js';

const WAIT_MS = 900_000;

let postgres: TestServer;
let store: ReadStore;
let log: InMemoryLog;
let server: ProjectionServer;
const limits = { lagSecondsMax: 0, parkedMax: 1 };
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  store = await openReadStore({ databaseUrl: await postgres.database() });
  log = new InMemoryLog();
  log.append(opened('a'));
  server = await startProjectionServer({ store, log, projection: accounts, limits });
  await server.work();
  await caughtUp();
});
afterEach(async () => {
  await server.stop();
  await store.close();
});

const caughtUp = async (): Promise<void> => expect(await waitFor(store, 'accounts', await log.head(), WAIT_MS)).toBe(true);

describe('the health of the engine', () => {
  it('is good while the stores answer and nothing is missing', async () => {
    expect(await server.get('/health')).toMatchObject({ status: 200, body: { status: 'ok', details: { event_store: { status: 'up' }, read_store: { status: 'up' }, accounts: { status: 'up', state: 'live', parked: 0 }, reference_data: { timeZones: process.versions['tz'], currencies: '2026-01-01' } } } });
    expect(await server.get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('is bad when a projection is further behind than it may be, until it has caught up', async () => {
    await server.rest();
    log.append(booked('a', 1));
    expect(await server.get('/health')).toMatchObject({ status: 503, body: { status: 'error', error: { accounts: { status: 'down', problems: [expect.stringMatching(/^accounts is \d+ s behind; the limit is 0 s$/)] } } } });
    expect((await server.get('/health/live')).status).toBe(200);
    await server.work();
    await caughtUp();
    expect((await server.get('/health')).status).toBe(200);
  });

  it('is good when reading had to be taken up again, which is counted', async () => {
    await server.rest();
    Object.assign(log, { resumed: 3 });
    await server.work();
    let status = await server.get('/v1/projections/accounts');
    // Told with the worker's next sign of life.
    for (; Reflect.get(Object(status.body), 'resumed') === 0; status = await server.get('/v1/projections/accounts'));
    expect(status).toMatchObject({ status: 200, body: { resumed: 3, problems: [], partitions: [{ resumed: 3 }] } });
    expect((await server.get('/health')).status).toBe(200);
  });

  it('is bad when more is parked than may be, until that is discarded', async () => {
    const poison = log.append(booked('a', POISON_AMOUNT));
    await caughtUp();
    expect((await server.get('/health')).status).toBe(200);
    log.append(booked('a', 1));
    await caughtUp();
    expect(await server.get('/health')).toMatchObject({ status: 503, body: { error: { accounts: { problems: ['accounts has 2 events parked; the limit is 1'] } } } });
    await server.post(`/v1/projections/accounts/parked/${poison}/discard`);
    expect((await server.get('/health')).status).toBe(200);
  });

  it('is bad when the event store or the read store does not answer', async () => {
    const { head } = log;
    log.head = () => Promise.reject(new Error('no answer'));
    expect(await server.get('/health')).toMatchObject({ status: 503, body: { error: { event_store: { problems: ['the event store does not answer'] } } } });
    log.head = head;
    await postgres.crash();
    expect(await server.get('/health')).toMatchObject({ status: 503, body: { error: { read_store: { status: 'down' } }, details: { event_store: { status: 'up' } } } });
    expect(await server.get('/v1/projections')).toMatchObject({ status: 503, body: { code: 'read_store_unavailable' } });
    await postgres.restart();
  });
});
