import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getMetadataStorage } from 'class-validator';
import type { CommandClass } from '../../libs/kernel/command.js';
import { aRoleFor, fieldOf, openTestApi, requestOf, type RawRequest, type TestApi } from '../support/api.js';
import { problemIn } from '../support/problems.js';
import { badValues, type FieldSchema } from './bad-values.js';
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
/** How many of a field's bad values go through the command's own route. All of them go through the batch route, which carries them at once. */
const VALUES_BY_ROUTE = 3;
const BATCH_COMMANDS_MAX = 200;

/** The fields of a command: those that class-validator checks. */
const fieldsOf = (command: CommandClass): readonly string[] => [...new Set(getMetadataStorage().getTargetValidationMetadatas(command, '', false, false).map(({ propertyName }) => propertyName))];

/** A request or an item of a batch that is to be refused, and what is wrong with it. */
type Refused<T> = T & { readonly what: string };

/** What was not refused, or not as a fault of this field alone; and whatever was written meanwhile. */
async function faultsOf(sending: () => Promise<readonly unknown[]>): Promise<readonly unknown[]> {
  const head = await api.log.head();
  const faults = await sending();
  const written = await api.writtenAfter(head);
  return written.length > 0 ? [...faults, { written }] : faults;
}

const byRoute = async (field: string, requests: readonly Refused<RawRequest>[]): Promise<readonly unknown[]> => {
  const faults: unknown[] = [];
  for (let from = 0; from < requests.length; from += REQUESTS_AT_ONCE) {
    await Promise.all(requests.slice(from, from + REQUESTS_AT_ONCE).map(async ({ what, ...request }) => {
      const sent = await api.raw(request);
      if (sent.status !== 400) return void faults.push({ what, status: sent.status, body: sent.body });
      const { code, fields } = await problemIn(api, sent);
      if (code !== 'validation_failed' || fields.join() !== field) faults.push({ what, body: sent.body });
    }));
  }
  return faults;
};

const byBatch = async (field: string, role: string, items: readonly Refused<{ readonly item: object }>[]): Promise<readonly unknown[]> => {
  expect(items.length).toBeLessThanOrEqual(BATCH_COMMANDS_MAX);
  const { body } = await api.raw({ method: 'POST', path: '/v1/commands', body: { commands: items.map(({ item }) => item) }, headers: { 'Pipeledger-Role': role } });
  const results = fieldOf(body, 'results');
  if (!Array.isArray(results) || results.length !== items.length) return [{ what: 'a batch of all', body }];
  return items.flatMap(({ what }, index) => {
    const result: unknown = results[index];
    const errors = fieldOf(result, 'errors');
    const isNamed = Array.isArray(errors) && errors.length === 1 && fieldOf(errors[0], 'field') === field;
    return fieldOf(result, 'status') === 400 && fieldOf(result, 'code') === 'validation_failed' && isNamed ? [] : [{ what, result }];
  });
};

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
    // Of what is created the id may be left out: one is derived.
    const needed = isRequired(field) && !(spec.creates && field === context.idField);
    const values = [...(needed ? [{ what: 'nothing', value: undefined }, { what: 'null', value: null }] : []), ...badValues(field, schemaOf(field), given)];
    const requests = values.slice(0, VALUES_BY_ROUTE).map(({ what, value }) => ({ ...valid, what, body: { ...Object(requestOf({ ...sample.step, fields: others }).body), [field]: value } as unknown }));
    const items = values.map(({ what, value }) => ({ what, item: { command: name, ...others, [field]: value } }));
    expect(await faultsOf(async () => [...await byRoute(field, requests), ...await byBatch(field, aRoleFor(command), items)])).toEqual([]);
  });

  for (const field of spec.params) it(`takes nothing wrong as ${field} in its address`, async () => {
    const texts = badValues(field, schemaOf(field), sample.step.fields[field]).filter(({ value }) => typeof value === 'string' && value !== '' && !/\p{Surrogate}/u.test(value));
    const inAddress = texts.map(({ what, value }) => ({ ...valid, what, path: requestOf({ ...sample.step, fields: { ...sample.step.fields, [field]: value } }).path }));
    const differing = ['other', 5, {}].map((value) => ({ ...valid, what: `${JSON.stringify(value)} in the body`, body: { ...Object(valid.body), [field]: value } as unknown }));
    expect(await faultsOf(() => byRoute(field, [...inAddress, ...differing]))).toEqual([]);
  });

  it.each(['surplus', 'toString', 'hasOwnProperty', 'type'])('has no field %s', async (field) => {
    const requests = [1, null].map((value) => ({ ...valid, what: JSON.stringify(value), body: { ...Object(valid.body), [field]: value } as unknown }));
    expect(await faultsOf(() => byRoute(field, requests))).toEqual([]);
  });

  it('would have been carried out but for that', async () => {
    expect((await api.raw(valid)).status).toBe(spec.creates ? 201 : 200);
  });
});
