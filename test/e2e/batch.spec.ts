import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fieldOf, openTestApi, type Headers, type Sent, type TestApi } from '../support/api.js';
import { problemIn } from '../support/problems.js';
import { freshId, Scene } from './samples/scene.js';

let api: TestApi;

beforeAll(async () => {
  api = await openTestApi();
});

afterAll(async () => {
  await api.close();
});

const COMMANDS_MAX = 200;

const sendBatch = (body: unknown, headers?: Headers): Promise<Sent> => api.raw({ method: 'POST', path: '/v1/commands', body, ...(headers && { headers }) });
const results = ({ body }: Sent): readonly Readonly<Record<string, unknown>>[] => fieldOf(body, 'results') as readonly Readonly<Record<string, unknown>>[]; // the tests compare what is in them
const capture = (leadId: string, more: object = {}) => ({ command: 'CaptureLead', leadId, source: 'fair', company: 'Vela Marine', ...more });

async function expectNothingWritten<T>(during: () => Promise<T>): Promise<T> {
  const head = await api.log.head();
  const outcome = await during();
  expect(await api.writtenAfter(head)).toEqual([]);
  return outcome;
}

describe('a batch', () => {
  it.each([
    ['nothing', {}], ['no commands', { commands: [] }], ['no list', { commands: { 0: capture('x') } }], ['null', { commands: null }], ['too many', { commands: Array.from({ length: COMMANDS_MAX + 1 }, () => capture(freshId('lead'))) }],
  ])('is refused as a whole when it holds %s', (_, body) => expectNothingWritten(async () => {
    expect(await problemIn(api, await sendBatch(body))).toEqual({ status: 400, code: 'validation_failed', fields: ['commands'] });
  }));

  it.each([['Idempotency-Key', 'two words'], ['If-Match', '"0"'], ['Pipeledger-Role', 'owner'], ['Pipeledger-Correlation', 'two words']])('is refused as a whole with %s: %s', (name, value) => expectNothingWritten(async () => {
    expect(await problemIn(api, await sendBatch({ commands: [capture(freshId('lead'))] }, { [name]: value }))).toEqual({ status: 400, code: 'validation_failed', fields: [name] });
  }));

  it('answers for each command on its own: one that is refused does not stop the rest', async () => {
    const leadId = freshId('lead');
    const sent = await sendBatch({
      commands: [
        capture(leadId), capture(leadId), null, 'QualifyLead', [], {}, { command: 5 }, { command: 'toString' }, { command: 'SellEverything' },
        { command: 'QualifyLead', leadId, surplus: 1 }, { command: 'QualifyLead', leadId: 'a/b' }, { command: 'QualifyLead' }, { command: 'QualifyLead', leadId: freshId('lead') }, { command: 'QualifyLead', leadId, occurredAt: 'yesterday' },
        { command: 'QualifyLead', leadId, commandId: 5 }, { command: 'QualifyLead', leadId, commandId: 'two words' }, { command: 'QualifyLead', leadId, commandId: '' },
        { command: 'MarkTaskOverdue', taskId: freshId('task'), dueAt: '2026-03-01T12:00:00Z' },
        { command: 'QualifyLead', leadId },
      ],
    });
    expect(sent.status).toBe(200);
    expect(results(sent).map(({ status, code, errors }) => [status, code, ...(Array.isArray(errors) ? errors.map((error: unknown) => fieldOf(error, 'field')) : [])])).toEqual([
      [200, undefined], [409, 'lead_already_exists'], [400, 'validation_failed', 'commands.2'], [400, 'validation_failed', 'commands.3'], [400, 'validation_failed', 'commands.4'],
      [400, 'command_unknown'], [400, 'command_unknown'], [400, 'command_unknown'], [400, 'command_unknown'],
      [400, 'validation_failed', 'surplus'], [400, 'validation_failed', 'leadId'], [400, 'validation_failed', 'leadId'], [404, 'lead_not_found'], [400, 'validation_failed', 'occurredAt'],
      [400, 'validation_failed', 'commandId'], [400, 'validation_failed', 'commandId'], [400, 'validation_failed', 'commandId'],
      [403, 'forbidden'], [200, undefined],
    ]);
    expect((await api.log.read(`lead-${leadId}`)).map(({ type }) => type)).toEqual(['LeadCaptured', 'LeadQualified']);
  });

  it('sent again under the same key answers the same and writes nothing', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const leadIds = [freshId('lead'), freshId('lead')];
    const body = { commands: [...leadIds.map((leadId) => capture(leadId)), { command: 'CaptureLead', source: 'web', company: 'Orla' }, ...leadIds.map((leadId) => ({ command: 'QualifyLead', leadId }))] };
    const once = await sendBatch(body, headers);
    const twice = await expectNothingWritten(() => sendBatch(body, headers));
    expect(results(once).map(({ status, replayed }) => [status, replayed])).toEqual(body.commands.map(() => [200, false]));
    expect(results(twice)).toEqual(results(once).map((result) => ({ ...result, replayed: true })));
  });

  it('knows its commands again by ids of their own, wherever they stand', async () => {
    const item = capture(freshId('lead'), { commandId: randomUUID() });
    const [first] = results(await sendBatch({ commands: [item] }));
    const [, again] = results(await sendBatch({ commands: [capture(freshId('lead')), item] }, { 'Idempotency-Key': randomUUID() }));
    expect(again).toEqual({ ...first, replayed: true });
  });

  it('takes as many commands as it says', async () => {
    const scene = new Scene();
    const leadId = scene.lead();
    await api.carryOut(scene.steps);
    const sent = await sendBatch({ commands: Array.from({ length: COMMANDS_MAX }, (_, index) => ({ command: 'ScoreLead', leadId, score: index % 100 })) });
    expect(results(sent).map(({ revision }) => revision)).toEqual(Array.from({ length: COMMANDS_MAX }, (_, index) => index + 1));
  });
});

describe('a command sent more than once', () => {
  const SENDERS = 8;

  it('at the same moment under one key happens once, and all are told the same', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const body = { source: 'web', company: 'Orla' };
    const answers = await Promise.all(Array.from({ length: SENDERS }, () => api.raw({ method: 'POST', path: '/v1/leads', body, headers })));
    const id = fieldOf(answers[0]?.body, 'id');
    expect(answers.map((answer) => [answer.status, fieldOf(answer.body, 'id'), fieldOf(answer.body, 'revision'), answer.headers['location']])).toEqual(answers.map(() => [201, id, 0, `/v1/leads/${String(id)}`]));
    expect(await api.log.read(`lead-${String(id)}`)).toHaveLength(1);
  });

  it('at the same moment under keys of their own happens once, and the others are refused', async () => {
    const body = { leadId: freshId('lead'), source: 'web', company: 'Orla' };
    const answers = await Promise.all(Array.from({ length: SENDERS }, () => api.raw({ method: 'POST', path: '/v1/leads', body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: SENDERS - 1 }, () => 409)]);
    expect(await api.log.read(`lead-${body.leadId}`)).toHaveLength(1);
  });

  it('with its members in another order is the same command', async () => {
    const scene = new Scene();
    const path = `/v1/deals/${scene.deal()}/value`;
    await api.carryOut(scene.steps);
    const headers = { 'Idempotency-Key': randomUUID() };
    const once = await api.raw({ method: 'POST', path, headers, body: '{"value":{"amountMinor":99,"currency":"EUR"},"reason":"less"}' });
    const twice = await api.raw({ method: 'POST', path, headers, body: '{"reason":"less","value":{"currency":"EUR","amountMinor":99}}' });
    expect(twice).toMatchObject({ status: 200, body: { ...Object(once.body), replayed: true } as unknown });
  });

  it('with its moment spelt with another offset is the same command', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const body = { leadId: freshId('lead'), source: 'web', company: 'Orla' };
    const once = await api.raw({ method: 'POST', path: '/v1/leads', headers, body: { ...body, occurredAt: '2026-03-01T12:00:00+01:00' } });
    const twice = await api.raw({ method: 'POST', path: '/v1/leads', headers, body: { ...body, occurredAt: '2026-03-01T11:00:00.000Z' } });
    expect(twice).toMatchObject({ status: 201, body: { ...Object(once.body), replayed: true } as unknown });
  });

  it('answers with the same place for its record, however the address was spelt', async () => {
    const body = { leadId: freshId('lead'), source: 'web', company: 'Orla' };
    const { headers } = await api.raw({ method: 'POST', path: '/v1/leads/?from=form', body });
    expect(headers['location']).toBe(`/v1/leads/${body.leadId}`);
  });
});
