import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getMetadataStorage } from 'class-validator';
import type { CommandClass } from '../../libs/kernel/command.js';
import { aRoleFor, fieldOf, openTestApi, requestOf, type RawRequest, type TestApi } from '../support/api.js';
import { problemIn } from '../support/problems.js';
import { badValues, type BadValue, type FieldSchema } from './bad-values.js';
import { commands, sampleOf, type Sample } from './samples.js';

let api: TestApi;
let schemas: unknown;

beforeAll(async () => {
  api = await openTestApi();
  schemas = fieldOf(fieldOf((await api.raw({ method: 'GET', path: '/openapi.json' })).body, 'components'), 'schemas');
});

afterAll(async () => {
  await api.close();
});

const REQUESTS_AT_ONCE = 8;

/** The fields of a command: those that class-validator checks. */
const fieldsOf = (command: CommandClass): readonly string[] => [...new Set(getMetadataStorage().getTargetValidationMetadatas(command, '', false, false).map(({ propertyName }) => propertyName))];

/** What went wrong with the requests that were to be refused: those that were not, or not as a fault of this field. */
async function notRefused(field: string, requests: readonly (RawRequest & { readonly what: string })[]): Promise<readonly unknown[]> {
  const head = await api.log.head();
  const wrong: unknown[] = [];
  for (let from = 0; from < requests.length; from += REQUESTS_AT_ONCE) {
    await Promise.all(requests.slice(from, from + REQUESTS_AT_ONCE).map(async ({ what, ...request }) => {
      const sent = await api.raw(request);
      if (sent.status !== 400) return void wrong.push({ what, status: sent.status, body: sent.body });
      const { code, fields } = await problemIn(api, sent);
      if (code !== 'validation_failed' || fields.join() !== field) wrong.push({ what, body: sent.body });
    }));
  }
  const written = await api.writtenAfter(head);
  return written.length > 0 ? [...wrong, { written }] : wrong;
}

describe.each(commands.map((registered) => [registered.spec.name, registered] as const))('%s', (name, registered) => {
  const { command, spec, context } = registered;
  let sample: Sample;
  let valid: RawRequest;

  beforeAll(async () => {
    sample = sampleOf(registered);
    await api.carryOut(sample.before);
    valid = { ...requestOf(sample.step), headers: { 'Pipeledger-Role': aRoleFor(command) } };
  });

  const schemaOf = (field: string): FieldSchema => {
    const schema = fieldOf(fieldOf(fieldOf(schemas, name), 'properties'), field);
    expect(schema).toBeDefined();
    return schema as FieldSchema; // a part of an OpenAPI document; badValues throws where it is of no kind it knows
  };
  const isRequired = (field: string): boolean => {
    const required = fieldOf(fieldOf(schemas, name), 'required');
    return Array.isArray(required) && required.includes(field);
  };

  it.each(fieldsOf(command).filter((field) => !spec.params.includes(field)))('takes nothing wrong as %s', async (field) => {
    const given: unknown = sample.step.fields[field];
    const { [field]: _, ...others } = sample.step.fields;
    const inBody = ({ what, value }: BadValue) => ({ ...valid, what, body: { ...Object(requestOf({ ...sample.step, fields: others }).body), [field]: value } as unknown });
    // Of what is created the id may be left out: one is derived.
    const needed = isRequired(field) && !(spec.creates && field === context.idField);
    const missing = needed ? [inBody({ what: 'nothing', value: undefined }), inBody({ what: 'null', value: null })] : [];
    expect(await notRefused(field, [...badValues(field, schemaOf(field), given).map(inBody), ...missing])).toEqual([]);
  });

  for (const field of spec.params) it(`takes nothing wrong as ${field} in its address`, async () => {
    const texts = badValues(field, schemaOf(field), sample.step.fields[field]).filter(({ value }) => typeof value === 'string' && value !== '' && !/\p{Surrogate}/u.test(value));
    const inAddress = texts.map(({ what, value }) => ({ ...valid, what, path: requestOf({ ...sample.step, fields: { ...sample.step.fields, [field]: value } }).path }));
    const differing = ['other', 5, {}].map((value) => ({ ...valid, what: `${JSON.stringify(value)} in the body`, body: { ...Object(valid.body), [field]: value } as unknown }));
    expect(await notRefused(field, [...inAddress, ...differing])).toEqual([]);
  });

  it.each(['surplus', 'id', 'toString', 'hasOwnProperty', 'type'])('has no field %s', async (field) => {
    expect(await notRefused(field, [1, null, 'text'].map((value) => ({ ...valid, what: JSON.stringify(value), body: { ...Object(valid.body), [field]: value } as unknown })))).toEqual([]);
  });

  it('would have been carried out but for that', async () => {
    expect((await api.raw(valid)).status).toBe(spec.creates ? 201 : 200);
  });
});
