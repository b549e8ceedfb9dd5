import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contexts } from '../../libs/domain/contexts.js';
import { RespondToCase, PromiseToClient } from '../../libs/domain/case/commands.js';
import { RecordPurchase } from '../../libs/domain/client/commands.js';
import { ClearRoadblock, RaiseRoadblock } from '../../libs/domain/deal/commands.js';
import { ScoreLead } from '../../libs/domain/lead/commands.js';
import { collectionRoute } from '../../libs/http/record.controllers.js';
import { fieldOf, openTestApi, type TestApi } from '../support/api.js';
import { problemIn } from '../support/problems.js';
import { commands, sampleOf } from './samples.js';
import { euros, freshId, inDays, Scene } from './samples/scene.js';

let api: TestApi;
/** A lead with a history of 12 events: captured, then scored 0 to 10. */
let leadId: string;

const EVENTS = 12;
const PAGE_MAX = 500;

beforeAll(async () => {
  api = await openTestApi();
  const scene = new Scene();
  leadId = scene.lead();
  for (let score = 0; score < EVENTS - 1; score += 1) scene.given(ScoreLead, { leadId, score });
  await api.carryOut(scene.steps);
});

afterAll(async () => {
  await api.close();
});

const get = (path: string) => api.raw({ method: 'GET', path });

describe.each(contexts.flatMap((context) => (collectionRoute(context) === undefined ? [] : [[context.name, context] as const])))('a record of %s', (_, context) => {
  const route = `/v1${collectionRoute(context)}`;

  it('is found where it was created, as its events tell it', async () => {
    const creating = commands.find((registered) => registered.context === context && registered.spec.creates);
    const { before, step } = sampleOf(creating!); // collectionRoute found it
    const occurredAt = inDays(-0.0001);
    await api.carryOut([...before, { ...step, occurredAt }]);
    const id = String(step.fields[context.idField]);
    const [event] = await api.log.read(`${context.category}-${id}`);
    const { status, headers, body } = await get(`${route}/${id}`);
    expect({ status, etag: headers['etag'], body }).toEqual({ status: 200, etag: '"0"', body: { id, revision: 0, position: event?.position, changedAt: occurredAt, state: expect.any(Object) } });
    expect(Object.keys(Object(fieldOf(body, 'state')) as object)).not.toEqual([]);
    expect(fieldOf((await get(`${route}/${id}/history`)).body, 'events')).toMatchObject([{ type: event?.type, revision: 0 }]);
  });

  it('is not found where there is none', async () => {
    for (const path of [freshId('unknown'), `${leadId}-x`, 'a%2Fb', '%C3%BC', '~lead.x', '-', 'x'.repeat(101)]) {
      expect(await problemIn(api, await get(`${route}/${path}`))).toEqual({ status: 404, code: 'record_not_found', fields: [] });
      expect(await problemIn(api, await get(`${route}/${path}/history`))).toEqual({ status: 404, code: 'record_not_found', fields: [] });
    }
  });
});

describe('a record', () => {
  it('of one context is not found as one of another', async () => {
    expect((await problemIn(api, await get(`/v1/deals/${leadId}`))).code).toBe('record_not_found');
  });

  it('tells what is told by id as well: answers, promises, roadblocks, purchases', async () => {
    const scene = new Scene();
    const [caseId, dealId, clientId] = [scene.case(), scene.deal(), scene.client()];
    scene.given(RespondToCase, { caseId, responseId: 'r1' }).given(PromiseToClient, { caseId, promiseId: 'p1', promise: 'By Friday.', dueAt: '2100-01-01T00:00:00.000Z' });
    scene.given(RaiseRoadblock, { dealId, roadblockId: 'b1', cause: 'legal' }).given(RaiseRoadblock, { dealId, roadblockId: 'b2', cause: 'budget' }).given(ClearRoadblock, { dealId, roadblockId: 'b1' });
    scene.given(RecordPurchase, { clientId, purchaseId: 'i1', amount: euros(5) });
    await api.carryOut(scene.steps);
    expect((await get(`/v1/cases/${caseId}`)).body).toMatchObject({ revision: 2, state: { responseIds: ['r1'], promises: { p1: { status: 'open', dueAt: '2100-01-01T00:00:00.000Z' } } } });
    expect((await get(`/v1/deals/${dealId}`)).body).toMatchObject({ revision: 3, state: { roadblocks: { b1: false, b2: true } } });
    expect((await get(`/v1/clients/${clientId}`)).body).toMatchObject({ revision: 1, state: { purchases: { i1: euros(5) } } });
  });

  it('tells at once what was just written', async () => {
    for (let score = 20; score < 25; score += 1) {
      const scene = new Scene();
      const id = scene.lead();
      await api.carryOut([...scene.steps, { command: ScoreLead, fields: { leadId: id, score } }]);
      expect((await get(`/v1/leads/${id}`)).body).toMatchObject({ revision: 1, state: { score } });
    }
  });
});

describe('a history', () => {
  const historyOf = async (query = '') => {
    const { body } = await get(`/v1/leads/${leadId}/history${query}`);
    const events = fieldOf(body, 'events');
    return { revisions: (Array.isArray(events) ? events : []).map((event) => fieldOf(event, 'revision')), next: fieldOf(body, 'next') };
  };
  const revisions = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

  it('tells each event whole: what, when, who and why', async () => {
    const key = randomUUID();
    const scene = new Scene();
    const id = scene.lead();
    await api.carryOut(scene.steps);
    await api.send({ command: ScoreLead, fields: { leadId: id, score: 5 } }, { 'Idempotency-Key': key, 'Pipeledger-Actor': 'ada', 'Pipeledger-Correlation': 'fair-2026' });
    const events = fieldOf((await get(`/v1/leads/${id}/history?fromRevision=1`)).body, 'events');
    const [stored] = (await api.log.read(`lead-${id}`)).slice(1);
    expect(events).toEqual([{
      type: 'LeadScored', data: { leadId: id, score: 5 }, id: stored?.id, stream: `lead-${id}`, revision: 1, position: stored?.position, occurredAt: stored?.occurredAt, recordedAt: stored?.recordedAt,
      actor: { id: 'ada', role: 'coordinator' }, commandId: key, correlationId: 'fair-2026', causationId: key,
    }]);
  });

  it('comes oldest first and whole, where it is short', async () => {
    expect(await historyOf()).toEqual({ revisions: revisions(0, EVENTS), next: null });
  });

  it.each([
    ['?limit=5', 0, 5, 5], ['?limit=5&fromRevision=5', 5, 10, 10], ['?limit=5&fromRevision=10', 10, 12, null], ['?limit=12', 0, 12, null], ['?limit=11', 0, 11, 11], [`?limit=${PAGE_MAX}`, 0, 12, null], ['?fromRevision=11', 11, 12, null], ['?fromRevision=12', 12, 12, null], ['?fromRevision=999999999999999', 0, 0, null],
  ])('comes in pages: %s', async (query, from, to, next) => {
    expect(await historyOf(query)).toEqual({ revisions: revisions(from, to), next });
  });

  it('read page by page is the whole, each event once', async () => {
    const seen: unknown[] = [];
    let next: unknown = 0;
    for (let page = 0; page < EVENTS && next !== null; page += 1) {
      const read = await historyOf(`?limit=3&fromRevision=${String(next)}`);
      seen.push(...read.revisions);
      next = read.next;
    }
    expect({ seen, next }).toEqual({ seen: revisions(0, EVENTS), next: null });
  });

  it.each([
    ['limit', '0'], ['limit', '-1'], ['limit', String(PAGE_MAX + 1)], ['limit', '1.5'], ['limit', 'ten'], ['limit', ''], ['limit', '1&limit=2'], ['limit', '1e2'], ['limit', '%2B5'], ['limit', '9'.repeat(16)],
    ['fromRevision', '-1'], ['fromRevision', 'first'], ['fromRevision', ''], ['fromRevision', '1.0'], ['fromRevision', '9'.repeat(16)], ['fromRevision', '0x1'], ['fromRevision', '1&fromRevision=2'],
  ])('is not asked for with %s=%s', async (name, value) => {
    expect(await problemIn(api, await get(`/v1/leads/${leadId}/history?${name}=${value}`))).toEqual({ status: 400, code: 'validation_failed', fields: [name] });
  });
});
