import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fieldOf, openTestApi, type Headers, type Sent, type TestApi } from '../support/api.js';
import { euros, freshId, Scene } from './samples/scene.js';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const post = (path: string, body: unknown, headers: Headers = {}): Promise<Sent> =>
  api.raw({ method: 'POST', path, body, headers });
const keyed = (key: string = randomUUID()): Headers => ({ 'Idempotency-Key': key });
const codesOf = (answers: readonly Sent[]): unknown[] =>
  answers.map(({ status, body }) => fieldOf(body, 'code') ?? status).sort();
const others = (count: number): string[] => Array.from({ length: count }, () => 'command_id_reused');

async function aDeal(amount: number): Promise<string> {
  const scene = new Scene();
  const dealId = scene.deal();
  await api.carryOut(scene.steps);
  expect((await post(`/v1/deals/${dealId}/value`, { value: euros(amount) })).status).toBe(200);
  return dealId;
}

describe('an idempotency key', () => {
  const AT_ONCE = 64;

  it('stands for one of many bodies that come at once, and for none that come later', async () => {
    const headers = keyed();
    const bodies = Array.from({ length: AT_ONCE }, (_, index) => ({ source: 'web', company: `Company ${index}` }));
    const answers = await Promise.all(bodies.map((body) => post('/v1/leads', body, headers)));
    expect(codesOf(answers)).toEqual([201, ...others(AT_ONCE - 1)]);
    const winner = answers.findIndex(({ status }) => status === 201);
    const { stream, events } = answers[winner]!.body as { stream: string; events: { id: string }[] };
    expect(await api.log.read(stream)).toMatchObject([{ id: events[0]!.id, data: { company: `Company ${winner}` } }]);
    expect(codesOf([await post('/v1/leads', { source: 'web', company: 'Later' }, headers)])).toEqual([
      'command_id_reused',
    ]);
    expect((await post('/v1/leads', bodies[winner], headers)).body).toEqual({
      ...(answers[winner]!.body as object),
      replayed: true,
    });
  });

  it('stands for one of many values of one deal', async () => {
    const [dealId, headers] = [await aDeal(1), keyed()];
    const values = Array.from({ length: 16 }, (_, index) => ({ value: euros(100 + index) }));
    const answers = await Promise.all(values.map((body) => post(`/v1/deals/${dealId}/value`, body, headers)));
    expect(codesOf(answers)).toEqual([200, ...others(15)]);
  });

  it.each([
    ['one after the other', async (send: (() => Promise<Sent>)[]) => [await send[0]!(), await send[1]!()]],
    ['at once', (send: (() => Promise<Sent>)[]) => Promise.all(send.map((each) => each()))],
  ])('stands for one record (%s)', async (_, run) => {
    const headers = keyed();
    const ids = [freshId('lead'), freshId('lead')];
    const answers = await run(
      ids.map((leadId) => () => post('/v1/leads', { leadId, source: 'web', company: 'Orla' }, headers)),
    );
    expect(codesOf(answers)).toEqual([201, 'command_id_reused']);
  });

  it('stands for one item of a batch, wherever else it is sent', async () => {
    const commandId = randomUUID();
    const item = (leadId: string) => ({ command: 'CaptureLead', commandId, leadId, source: 'web', company: 'Orla' });
    const [first, second] = [item(freshId('lead')), item(freshId('lead'))];
    const { body } = await post('/v1/commands', { commands: [first, second, first] });
    const results = fieldOf(body, 'results') as { status: number; code?: string; replayed?: boolean }[];
    expect(results.map(({ status, code, replayed }) => code ?? [status, replayed])).toEqual([
      [200, false],
      'command_id_reused',
      [200, true],
    ]);
    const { command: _, commandId: key, ...fields } = second;
    expect(codesOf([await post('/v1/leads', fields, keyed(key))])).toEqual(['command_id_reused']);
  });

  it('belongs to its caller', async () => {
    const headers = keyed();
    const body = { source: 'web', company: 'Orla' };
    const [ada, ben] = await Promise.all(
      ['ada', 'ben'].map((actor) => post('/v1/leads', body, { ...headers, 'Pipeledger-Actor': actor })),
    );
    expect([ada!.status, ben!.status]).toEqual([201, 201]);
    expect(fieldOf(ada!.body, 'id')).not.toBe(fieldOf(ben!.body, 'id'));
  });

  it('of a refused command may be used for the corrected one', async () => {
    const [dealId, headers] = [await aDeal(1), keyed()];
    expect((await post(`/v1/deals/${dealId}/close`, { outcome: 'lost' }, headers)).status).toBe(422);
    expect((await post(`/v1/deals/${dealId}/close`, { outcome: 'lost', reason: 'price' }, headers)).status).toBe(200);
  });

  it('remembers a command that had nothing to do', async () => {
    const dealId = await aDeal(100);
    const [first, second] = [keyed(), keyed()];
    const nothing = await post(`/v1/deals/${dealId}/value`, { value: euros(100) }, first);
    expect(nothing).toMatchObject({ status: 200, body: { events: [], replayed: false } });
    await post(`/v1/deals/${dealId}/value`, { value: euros(200) }, second);
    const again = await post(`/v1/deals/${dealId}/value`, { value: euros(100) }, first);
    expect(again.body).toEqual({ ...(nothing.body as object), replayed: true });
    expect(fieldOf((await api.raw({ method: 'GET', path: `/v1/deals/${dealId}` })).body, 'state')).toMatchObject({
      value: euros(200),
    });
  });
});

it('a revision that the caller saw is heeded where there is nothing to do', async () => {
  const leadId = freshId('lead');
  await post('/v1/leads', { leadId, source: 'web', company: 'Orla' });
  const answers = await Promise.all(
    Array.from({ length: 64 }, () => post(`/v1/leads/${leadId}/qualify`, {}, { 'If-Match': '0' })),
  );
  expect(codesOf(answers)).toEqual([200, ...Array.from({ length: 63 }, () => 'revision_conflict')]);
});

it('what the engine notes of commands is no part of a history', async () => {
  const dealId = await aDeal(100);
  const noted = await post(`/v1/deals/${dealId}/value`, { value: euros(100) }, keyed());
  await post(`/v1/deals/${dealId}/value`, { value: euros(300) });
  const record = await api.raw({ method: 'GET', path: `/v1/deals/${dealId}` });
  expect(fieldOf(record.body, 'revision')).toBe(Number(fieldOf(noted.body, 'revision')) + 1);
  const pages: unknown[] = [];
  for (let from: unknown = 0; typeof from === 'number';) {
    const { body } = await api.raw({ method: 'GET', path: `/v1/deals/${dealId}/history?limit=1&fromRevision=${from}` });
    pages.push(...(fieldOf(body, 'events') as { type: string }[]).map(({ type }) => type));
    from = fieldOf(body, 'next');
  }
  expect(pages).toEqual(['DealOpened', 'DealValueRevised', 'DealValueRevised']);
});

it('many revisions of one deal at once are all taken', async () => {
  const dealId = await aDeal(1);
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, index) => post(`/v1/deals/${dealId}/value`, { value: euros(1_000 + index) })),
  );
  expect(codesOf(answers)).toEqual(Array.from({ length: 64 }, () => 200));
});
