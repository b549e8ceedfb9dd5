import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryEvent, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../apps/cli/src/main.js';
import { readModels } from '../../apps/projector/src/start-projector.js';
import { readConfig } from '../../apps/server/src/config.js';
import { startEngine, type Engine } from '../../apps/server/src/engine.js';
import { connectEventStore } from '../../libs/eventstore/connect.js';
import { startPostgres, type TestServer } from '../../libs/testing/postgres-server.js';
import { ownEventStore, type TestEventStore } from '../support/event-store.js';
import { parseCsv } from '../support/parse-csv.js';

let dataDir: string;
let postgres: TestServer;
let events: TestEventStore;
let engine: Engine;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-read-models-'));
  [postgres, events] = await Promise.all([startPostgres(), ownEventStore()]);
  engine = await startEngine(readConfig({ PORT: '0', PIPELEDGER_DATA: dataDir, DATABASE_URL: await postgres.database(), ESDB_URL: events.url, PIPELEDGER_PARTITIONS: '2' }));
});
afterAll(async () => {
  await engine.stop();
  await events.stop();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${engine.url}${path}`, init);
  const text = await response.text();
  return { status: response.status, text, body: (response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined) };  
}

async function send(path: string, fields: object): Promise<number> {
  const { status, body } = await ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body.position;
}

async function cli(...words: string[]) {
  let [out, err] = ['', ''];
  const code = await runCli(words, { out: (text) => void (out += text), err: (text) => void (err += text), errIsTty: false, env: { PIPELEDGER_URL: engine.url }, nowMs: () => performance.now() });
  return { code, out, err };
}

describe('the read models of a running engine on PostgreSQL', () => {
  it('hold what a command wrote as soon as a report is asked for its position, as rows and CSV too', async () => {
    const position = await send('/v1/leads', { leadId: 'first', source: 'fair', company: 'Vela Marine' });
    const report = await ask(`/v1/reports/funnel?waitMs=30000&minPosition=${position}`);
    expect(report).toMatchObject({ status: 200, body: { lagMs: 0, groups: [expect.any(Object)] } });
    expect(report.body.position).toBeGreaterThanOrEqual(position);
    const rows = await ask('/v1/reports/funnel/rows?table=funnel_lead');
    expect(rows).toMatchObject({ status: 200, body: { table: 'funnel_lead', rows: [{ lead_id: 'first', known_from_position: position }], next: null } });
    const [header, line] = parseCsv((await ask('/v1/reports/funnel/rows?table=funnel_lead&format=csv')).text);
    expect(line![header!.indexOf('lead_id')]).toBe('first');
    expect((await ask(`/v1/reports/funnel/rows?table=funnel_lead&asOf=${position - 1}`)).body.rows).toEqual([]);
  });

  it('give rows and CSV of every report there is', async () => {
    const { reports } = await readModels();
    for (const { name } of reports) {
      const unnamed = await ask(`/v1/reports/${name}/rows?limit=0`);
      expect(unnamed).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
      const csv = await ask(`/v1/reports/${name}?format=csv`);
      // A report that cannot do without a parameter says so, in CSV as in JSON.
      if (csv.status === 400) expect(csv.body.errors.length).toBeGreaterThan(0);
      else expect({ name, header: parseCsv(csv.text)[0] }).toMatchObject({ name, header: expect.arrayContaining(['asOf', 'position', 'definition.name', 'lagMs']) });
      const tables = String((await ask(`/v1/reports/${name}/rows?table=none`)).body.errors[0].message).replace('table must be one of ', '').split(', ');
      for (const table of tables) expect({ table, ...(await ask(`/v1/reports/${name}/rows?table=${table}&sort=-known_from`)) }).toMatchObject({ table, status: 200 });
    }
  });

  it('are well, and say so', async () => {
    expect(await ask('/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
    const { code, out } = await cli('projections', 'status');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/\nfunnel +live /) });
    expect((await ask('/v1/projections/funnel')).body.partitions).toHaveLength(2);
  });

  it('pass over what other applications write: they stay well, do not count it, and nobody waits for it', async () => {
    const client = connectEventStore(events.url);
    const types = (await readModels()).projections.flatMap((projection) => projection.events as readonly string[]);
    const { rows } = (await ask('/v1/reports/funnel/rows?table=funnel_lead')).body;
    for (const [index, type] of types.entries()) {
      await client.appendToStream(`shop-${index}`, jsonEvent({ type, data: { foo: 'bar' } }));
      await client.appendToStream(`lead-of-others-${index}`, jsonEvent({ type, data: { leadId: 'x' } }));
    }
    const { position } = await client.appendToStream('shop-last', binaryEvent({ type: 'DealOpened', data: Uint8Array.of(0, 1, 255) }));
    const { status, body } = await ask(`/v1/reports/funnel/rows?table=funnel_lead&waitMs=30000&minPosition=${position!.commit}`);
    expect({ status, rows: body.rows }).toEqual({ status: 200, rows });
    expect((await ask('/health')).status).toBe(200);
    for (const each of (await ask('/v1/projections')).body.projections) expect(each).toMatchObject({ caughtUp: true, lagEvents: 0, lagSeconds: 0, parked: 0, problems: [] });
  });

  it('do not stand in the way of a command whose record others have written into: it is refused, and says why', async () => {
    const client = connectEventStore(events.url);
    await client.appendToStream('lead-theirs', jsonEvent({ type: 'LeadCaptured', data: { foo: 'bar' } }));
    const told = { status: 409, body: { code: 'foreign_stream', detail: expect.stringContaining('lead-theirs') } };
    const headers = { 'content-type': 'application/json' };
    expect(await ask('/v1/leads', { method: 'POST', headers, body: JSON.stringify({ leadId: 'theirs', source: 'fair', company: 'Oro' }) })).toMatchObject(told);
    expect(await ask('/v1/leads/theirs')).toMatchObject(told);
    const commands = [{ command: 'CaptureLead', leadId: 'theirs', source: 'fair', company: 'Oro' }, { command: 'ScoreLead', leadId: 'first', score: 3 }];
    const { status, body } = await ask('/v1/commands', { method: 'POST', headers, body: JSON.stringify({ commands }) });
    expect({ status, results: body.results }).toMatchObject({ status: 200, results: [{ status: 409, code: 'foreign_stream' }, { status: 200 }] });
  });

  it('are unwell while an event waits that nobody can read, until it is discarded', async () => {
    const metadata = { $correlationId: 'c', $causationId: 'c', actor: { id: 'ada', role: 'coordinator' }, occurredAt: '2026-03-01T00:00:00.000Z', commandId: 'c', commandHash: 'h', schemaVersion: 99 };
    await connectEventStore(events.url).appendToStream('lead-broken', jsonEvent({ type: 'LeadCaptured', data: {}, metadata }));
    await send('/v1/leads', { leadId: 'second', source: 'fair', company: 'Oro' });
    const position = await send('/v1/leads', { leadId: 'third', source: 'fair', company: 'Oro' });
    expect((await ask(`/v1/reports/funnel?waitMs=30000&minPosition=${position}`)).status).toBe(200);
    expect(await ask('/health')).toMatchObject({ status: 503, body: { error: { funnel: { problems: [expect.stringContaining('1 events parked')] } } } });
    const { projections } = await readModels();
    for (const { name } of projections.filter((each) => each.events.includes('LeadCaptured'))) { // types that the engine knows, or none
      const { parked } = JSON.parse((await cli('parked', 'list', name, '--json')).out);
      expect(parked).toMatchObject([{ stream: 'lead-broken', key: null }]);
      expect((await cli('parked', 'discard', name, String(parked[0].position))).code).toBe(0);
    }
    expect((await ask('/health')).status).toBe(200);
  });

  it('can be rebuilt while they serve, each of them, and come out equal', async () => {
    const { projections } = await readModels();
    for (const { name } of projections) expect({ name, ...(await cli('projections', 'rebuild', name)) }).toMatchObject({ name, code: 0 });
    expect((await cli('projections', 'rollback', 'funnel')).code).toBe(0);
    const position = await send('/v1/leads', { leadId: 'fourth', source: 'fair', company: 'Oro' });
    expect((await ask(`/v1/reports/funnel/rows?table=funnel_lead&waitMs=30000&minPosition=${position}`)).body.rows).toHaveLength(4);
    expect((await ask('/health')).status).toBe(200);
  });

  it('have each operation of theirs on the API page', async () => {
    const { body } = await ask('/openapi.json');
    const ids = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
    expect(ids).toEqual(expect.arrayContaining(['Projections', 'Projection', 'RebuildProjection', 'RollBackProjection', 'ParkedEvents', 'ParkedEvent', 'RetryParkedEvents', 'DiscardParkedEvent', 'Health', 'ReportFunnel', 'ReportFunnelRows', 'ReportCoordinatorEfficiencyRows']));
    expect(ids.filter((id, index) => !/^[A-Za-z]\w*$/.test(id) || ids.indexOf(id) !== index)).toEqual([]);
  });
});

describe('the settings of the read models', () => {
  it('must be whole numbers', () => {
    for (const [name, value] of [['PIPELEDGER_LAG_MAX_S', 'soon'], ['PIPELEDGER_PARKED_MAX', '-1'], ['PIPELEDGER_PARTITIONS', '0'], ['PIPELEDGER_PARTITIONS_HERE', '65']] as const) expect(() => readConfig({ [name]: value })).toThrow(`${name} must be a whole number`);
    expect(readConfig({ PIPELEDGER_LAG_MAX_S: '5' }).healthLimits).toEqual({ lagSecondsMax: 5, parkedMax: 0 });
  });
});
