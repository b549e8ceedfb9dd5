import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readModels } from '../../apps/projector/src/start-projector.js';
import { startEngine, type Engine, type StartOptions } from '../../apps/server/src/engine.js';
import { explainFailure } from '../../apps/server/src/explain-failure.js';
import { LEDGER } from '../../libs/dispatch/command-handlers.js';
import { checkEventStore } from '../../libs/eventstore-embedded/cli.js';
import type { Ledger } from '../../libs/eventstore/transact.js';
import { READ_SIDE, type ReadSide } from '../../libs/http/read-side.js';
import { waitFor, WAIT_MS_MAX } from '../../libs/projector/wait-for.js';
import { openReadStore } from '../../libs/readstore/open-read-store.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { knownByRules } from '../../libs/rules/rule-store.js';
import { testPostgres } from '../../libs/testing/postgres-server.js';
import { sendRaw } from '../support/api.js';

const TIMEOUT_MS = 600_000;

/** Engines on one data directory, one after another, whose events can be put back to what they were. */
describe('an engine whose event log is not the one that its views were made from', () => {
  let root: string;
  let databases: Awaited<ReturnType<typeof testPostgres>> | undefined;
  let databaseUrl: string | undefined;
  const dataDir = (): string => join(root, 'data');
  const events = (): string => join(dataDir(), 'events');
  const database = () => (databaseUrl === undefined ? {} : { databaseUrl });

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'pipeledger-known-log-'));
    databases = process.env['DATABASE_URL'] ? await testPostgres() : undefined;
    databaseUrl = await databases?.database();
  });
  afterAll(async () => {
    await databases?.stop();
    await rm(root, { recursive: true, force: true });
  });

  const start = (options: StartOptions = {}): Promise<Engine> =>
    startEngine({ host: '127.0.0.1', port: 0, dataDir: dataDir(), ...database() }, options);

  async function capture(engine: Engine, leadId: string): Promise<void> {
    const answer = await sendRaw(engine.url, {
      method: 'POST', path: '/v1/leads', headers: { 'Pipeledger-Role': 'coordinator' },
      body: { leadId, source: 'fair', company: `Company of ${leadId}` },
    });
    expect(answer).toMatchObject({ status: 201 });
  }

  const storeOf = (engine: Engine): ReadStore => engine.app.get<symbol, ReadSide>(READ_SIDE).store;

  /** The leads that the views know, once they have all of the log. */
  async function leadsOf(engine: Engine): Promise<string[]> {
    const store = storeOf(engine);
    const head = await engine.app.get<symbol, Ledger>(LEDGER).log.head();
    for (const { name } of (await readModels()).projections) await waitFor(store, name, head, WAIT_MS_MAX);
    const rows = await store.query<{ lead_id: string }>('SELECT lead_id FROM funnel_lead ORDER BY lead_id');
    return rows.map(({ lead_id: leadId }) => leadId);
  }

  async function putBack(copy: string): Promise<void> {
    await rm(events(), { recursive: true, force: true });
    await cp(join(root, copy), events(), { recursive: true });
  }

  async function expectRefused(): Promise<void> {
    const error: unknown = await start().then((engine) => engine.stop(), (failure: unknown) => failure);
    const sentence = /^The views know an event that the event log does not hold \([-0-9a-f]{36}, .* --adopt-log/;
    expect(explainFailure(error, 0)).toMatch(sentence);
  }

  it('does not start, nor writes to that log, until it is told to make them anew', async () => {
    let engine = await start();
    await capture(engine, 'lead-a');
    expect(await leadsOf(engine)).toEqual(['lead-a']);
    await engine.stop();
    await cp(events(), join(root, 'older'), { recursive: true });

    engine = await start();
    await capture(engine, 'lead-b');
    expect(await leadsOf(engine)).toEqual(['lead-a', 'lead-b']);
    await engine.stop();

    await putBack('older');
    await expectRefused();
    const older = checkEventStore(join(root, 'older'));
    expect(checkEventStore(events())).toMatchObject({ events: older.events, damages: [] });
    await rm(events(), { recursive: true });
    await expectRefused();

    await putBack('older');
    engine = await start({ adoptLog: true });
    await capture(engine, 'lead-c');
    expect(await leadsOf(engine)).toEqual(['lead-a', 'lead-c']);
    await engine.stop();
    engine = await start();
    expect(await leadsOf(engine)).toEqual(['lead-a', 'lead-c']);
    await engine.stop();
  }, TIMEOUT_MS);

  it('takes the log that is there for its own where an earlier version noted no event', async () => {
    let engine = await start();
    await leadsOf(engine);
    await engine.stop();
    const before = await openViews();
    await before.query('UPDATE projection_checkpoint SET known_event = NULL');
    await before.query('UPDATE rule_checkpoint SET known_event = NULL');
    await before.close();

    engine = await start();
    const unknown = 'SELECT projection FROM projection_checkpoint WHERE known_event IS NULL';
    expect(await storeOf(engine).query(unknown)).toEqual([]);
    expect(await knownByRules(storeOf(engine))).toMatchObject({ event: { id: expect.any(String) } });
    await engine.stop();
    await rm(events(), { recursive: true });
    await expectRefused();
  }, TIMEOUT_MS);

  const openViews = (): Promise<ReadStore> => openReadStore({ ...database(), dataDir: join(dataDir(), 'views') });
});
