import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Registered } from '../../libs/dispatch/registry.js';
import { aggregateIdOf } from '../../libs/eventstore/transact.js';
import { build } from '../../libs/kernel/command.js';
import { ROLES } from '../../libs/kernel/event.js';
import { streamOf } from '../../libs/kernel/context.js';
import { fieldOf, openTestApi, type Headers, type Step, type TestApi } from '../support/api.js';
import { problemIn } from '../support/problems.js';
import { commands, sampledCommands, sampleOf, type Sample } from './samples.js';
import { freshId, inDays } from './samples/scene.js';

let api: TestApi;

beforeAll(async () => {
  api = await openTestApi();
});

afterAll(async () => {
  await api.close();
});

/** These say how things are to be, not what happened: their contexts refuse none of them. */
const NEVER_REFUSED = new Set(['DefinePipeline', 'EnableRule', 'DisableRule', 'ForgetContact', 'PublishMaterial', 'DefineReport']);

interface RefusedStep {
  readonly status: number;
  readonly code: RegExp;
  readonly fields: Step['fields'];
}

/** Refusals that the general rules below do not find. */
const OWN_REFUSALS: Readonly<Record<string, (fields: Step['fields']) => RefusedStep>> = {
  SetPolicy: () => ({ status: 422, code: /^policy_empty$/, fields: {} }),
  AssignTraining: (fields) => ({ status: 409, code: /^training_already_assigned$/, fields }),
  RecordCertification: (fields) => ({ status: 422, code: /^certification_expires_before_issued$/, fields: { ...fields, expiresOn: '2025-12-31' } }),
  MarkCertificateExpired: (fields) => ({ status: 404, code: /^certification_not_found$/, fields: { ...fields, certificationId: freshId('certificate') } }),
  ShareMaterial: (fields) => ({ status: 404, code: /^material_not_found$/, fields: { ...fields, materialId: freshId('material') } }),
};

/** A refusal of a command that has just been carried out: what exists is not created twice, and what does not exist is not changed. */
function refusedAfter({ context, spec }: Registered, { fields }: Step): RefusedStep {
  const own = OWN_REFUSALS[spec.name];
  if (own) return own(fields);
  if (spec.creates) return { status: 409, code: /_already_exists$/, fields };
  return { status: 404, code: /_not_found$/, fields: { ...fields, [context.idField]: freshId('unknown') } };
}

async function expectRefused(step: Step, headers: Headers, expected: { readonly status: number; readonly code: unknown }): Promise<void> {
  const head = await api.log.head();
  const seen = await problemIn(api, await api.send(step, headers));
  expect({ status: seen.status, code: seen.code }).toEqual(expected);
  expect(await api.writtenAfter(head)).toEqual([]);
}

it('there is a sample of every command, and of no other', () => {
  expect([...sampledCommands].sort()).toEqual(commands.map(({ spec }) => spec.name).sort());
});

describe.each(commands.map((registered) => [registered.spec.name, registered] as const))('%s', (name, registered) => {
  const { context, command, spec } = registered;
  const key = randomUUID();
  let sample: Sample;

  beforeAll(async () => {
    sample = sampleOf(registered);
    await api.carryOut(sample.before);
  });

  it('is not for roles that it does not name', async () => {
    const other = ROLES.find((role) => !spec.roles.includes(role));
    expect(other).toBeDefined();
    await expectRefused(sample.step, { 'Pipeledger-Role': String(other) }, { status: 403, code: 'forbidden' });
  });

  it('is refused for a moment that is yet to come', async () => {
    await expectRefused({ ...sample.step, occurredAt: inDays(1) }, {}, { status: 422, code: 'occurred_in_future' });
  });

  it('is refused when the record is not where the caller saw it', async () => {
    await expectRefused(sample.step, { 'If-Match': '"999"' }, { status: 409, code: 'revision_conflict' });
  });

  it('is carried out: events of its context, told with where they are', async () => {
    const head = await api.log.head();
    const { status, headers, body } = await api.send(sample.step, { 'Idempotency-Key': key });
    const id = aggregateIdOf(context, build(command, sample.step.fields));
    const stream = streamOf(context.category, id);
    const stored = (await api.log.read(stream)).filter(({ commandId }) => commandId === key);
    const last = stored.at(-1);
    expect({ status, body }).toEqual({
      status: spec.creates ? 201 : 200,
      body: { id, stream, revision: last?.revision, position: last?.position, events: stored.map((event) => ({ id: event.id, type: event.type })), replayed: false },
    });
    expect(headers['etag']).toBe(`"${last?.revision}"`);
    expect(await api.writtenAfter(head)).toEqual(stored.map(({ type }) => type));
    expect(stored.map(({ type }) => type).filter((type) => !Object.hasOwn(context.events, type))).toEqual([]);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.map(({ actor }) => actor.role)).toEqual(stored.map(() => spec.roles[0]));
    if (spec.creates) {
      expect(headers['location']).toBe(`/v1${spec.route}/${encodeURIComponent(id)}`);
      expect(fieldOf((await api.raw({ method: 'GET', path: headers['location'] ?? '' })).body, 'revision')).toBe(last?.revision);
    }
  });

  it('sent again with the same key answers the same and writes nothing', async () => {
    const id = aggregateIdOf(context, build(command, sample.step.fields));
    const stored = (await api.log.read(streamOf(context.category, id))).filter(({ commandId }) => commandId === key);
    const head = await api.log.head();
    const { status, headers, body } = await api.send(sample.step, { 'Idempotency-Key': key, 'If-Match': '"999"' });
    expect({ status, body }).toEqual({
      status: spec.creates ? 201 : 200,
      body: { id, stream: streamOf(context.category, id), revision: stored.at(-1)?.revision, position: stored.at(-1)?.position, events: stored.map((event) => ({ id: event.id, type: event.type })), replayed: true },
    });
    expect(headers['etag']).toBe(`"${stored.at(-1)?.revision}"`);
    expect(headers['location']).toBe(spec.creates ? `/v1${spec.route}/${encodeURIComponent(id)}` : undefined);
    expect(await api.writtenAfter(head)).toEqual([]);
  });

  it('sent again with the same key and other content is refused', async () => {
    await expectRefused({ ...sample.step, occurredAt: inDays(-0.001) }, { 'Idempotency-Key': key }, { status: 409, code: 'command_id_reused' });
  });

  if (NEVER_REFUSED.has(name)) return;
  it('is refused where it makes no sense, with a code of its context', async () => {
    const { status, code, fields } = refusedAfter(registered, sample.step);
    expect(Object.keys(context.refusals)).toContainEqual(expect.stringMatching(code));
    await expectRefused({ command, fields }, {}, { status, code: expect.stringMatching(code) });
  });
});
