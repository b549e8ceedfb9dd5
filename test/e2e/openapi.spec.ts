import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contexts } from '../../libs/domain/contexts.js';
import { ledgerRefusals } from '../../libs/eventstore/intent.js';
import { PROBLEMS, REFUSAL_STATUS } from '../../libs/http/problem.js';
import { IMPORT_PROBLEMS } from '../../libs/import/import-problems.js';
import { SIMULATION_PROBLEMS } from '../../libs/simulation/simulation-problems.js';
import type { RefusalCatalog } from '../../libs/kernel/refusal.js';
import { fieldOf, openTestApi, requestOf, type TestApi } from '../support/api.js';
import { misfits } from '../support/json-schema.js';
import { commands, sampleOf } from './samples.js';

type Node = Readonly<Record<string, unknown>>;

interface Operation extends Node {
  readonly method: string;
  readonly path: string;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'options', 'head'];

let api: TestApi;
let document: Node;

beforeAll(async () => {
  api = await openTestApi();
  document = Object((await api.raw({ method: 'GET', path: '/openapi.json' })).body) as Node; // of anything but an object the first test says so
});

afterAll(async () => {
  await api.close();
});

const at = (...path: readonly string[]): unknown => path.reduce<unknown>((node, name) => fieldOf(node, name), document);

/** What a local reference leads to. @throws where it leads nowhere */
function resolve(ref: string): unknown {
  const found = ref.startsWith('#/') ? at(...ref.slice(2).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))) : undefined;
  if (found === undefined) throw new Error(`${ref} leads nowhere`);
  return found;
}

/** Every object in the document, however deep. */
function everyNode(root: unknown): Node[] {
  if (typeof root !== 'object' || root === null) return [];
  return [...(Array.isArray(root) ? [] : [root as Node]), ...Object.values(root).flatMap(everyNode)];
}

const operations = (): Operation[] =>
  Object.entries(Object(at('paths')) as Node).flatMap(([path, item]) => Object.entries(Object(item) as Node).map(([method, operation]) => ({ ...(Object(operation) as Node), method, path })));

const parametersIn = (operation: Node | undefined, place: string): string[] =>
  (Array.isArray(operation?.['parameters']) ? operation['parameters'] : []).filter((parameter) => fieldOf(parameter, 'in') === place).map((parameter) => String(fieldOf(parameter, 'name')));

const operationOf = (name: string): Operation | undefined => operations().find(({ operationId }) => operationId === name);
const bodySchema = (operation: Node | undefined): unknown => fieldOf(fieldOf(fieldOf(fieldOf(operation, 'requestBody'), 'content'), 'application/json'), 'schema');
const names = (node: unknown): string[] => Object.keys(Object(node) as Node).sort();

describe('the OpenAPI document', () => {
  it('is of version 3.1 and says of what', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Pipeledger', version: 'test' }, paths: {}, components: { schemas: {} } });
  });

  it('is there as YAML as well', async () => {
    expect((await api.raw({ method: 'GET', path: '/openapi.yaml' })).status).toBe(200);
  });

  it('refers to nothing that it does not hold', () => {
    const refs = everyNode(document).flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    expect(refs.length).toBeGreaterThan(commands.length);
    for (const ref of refs) expect(() => resolve(ref)).not.toThrow();
  });

  it('has nothing that only 3.0 knew', () => {
    expect(everyNode(document).filter((node) => 'nullable' in node || typeof node['exclusiveMinimum'] === 'boolean' || typeof node['exclusiveMaximum'] === 'boolean')).toEqual([]);
  });

  it('gives each operation a method, a name fit for a program, a summary or tag, and answers with a description', () => {
    const all = operations();
    const ids = all.map(({ operationId }) => String(operationId));
    expect(all.filter(({ method }) => !METHODS.includes(method))).toEqual([]);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index || !/^[A-Za-z]\w*$/.test(id))).toEqual([]);
    for (const { responses, path } of all) {
      expect({ path, statuses: names(responses) }).toEqual({ path, statuses: expect.arrayContaining([expect.stringMatching(/^20[0-9]$/)]) });
      for (const response of Object.values(Object(responses) as Node)) expect(typeof fieldOf(response, 'description')).toBe('string');
    }
  });

  it('declares exactly the parameters that each address holds', () => {
    for (const operation of operations()) {
      const inAddress = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect({ path: operation.path, parameters: parametersIn(operation, 'path').sort() }).toEqual({ path: operation.path, parameters: inAddress.sort() });
    }
  });

  it('requires only what it describes', () => {
    const wrong = everyNode(at('components', 'schemas')).filter(({ required, properties }) => Array.isArray(required) && properties !== undefined && required.some((name) => fieldOf(properties, String(name)) === undefined));
    expect(wrong).toEqual([]);
  });
});

describe.each(commands.map((registered) => [registered.spec.name, registered] as const))('%s in the OpenAPI document', (name, registered) => {
  const { context, spec } = registered;
  const expectedStatuses = (): Map<number, string[]> => {
    const refusals: RefusalCatalog = { ...(context.refusals as RefusalCatalog), ...ledgerRefusals };
    const codes = new Map<number, string[]>();
    for (const [code, { kind }] of Object.entries(refusals)) codes.set(REFUSAL_STATUS[kind], [...(codes.get(REFUSAL_STATUS[kind]) ?? []), code]);
    return codes.set(400, ['validation_failed', 'malformed_json']).set(403, ['forbidden']).set(413, ['body_too_large']).set(415, ['unsupported_media_type']);
  };

  it('has its address, roles and headers', () => {
    const operation = operationOf(name);
    expect(operation).toMatchObject({ method: spec.method.toLowerCase(), path: `/v1${spec.route.replace(/:(\w+)/g, '{$1}')}`, 'x-roles': [...spec.roles], summary: spec.summary, tags: [context.name] });
    expect(parametersIn(operation, 'header')).toEqual(['Idempotency-Key', 'If-Match', 'Pipeledger-Actor', 'Pipeledger-Role', 'Pipeledger-Correlation']);
  });

  it('lists the fields of its body, and requires those that have to be there', () => {
    const schema = resolve(String(fieldOf(bodySchema(operationOf(name)), '$ref')));
    const { step } = sampleOf(registered);
    expect(names(fieldOf(schema, 'properties'))).toEqual([...Object.keys(step.fields).filter((field) => !spec.params.includes(field)), 'occurredAt'].sort());
    const whole = at('components', 'schemas', name);
    expect(names(fieldOf(whole, 'properties'))).toEqual(Object.keys(step.fields).sort());
    const required = fieldOf(whole, 'required');
    expect(fieldOf(schema, 'required') ?? []).toEqual((Array.isArray(required) ? required : []).filter((field) => !spec.params.includes(String(field))));
    if (spec.creates) expect(required).not.toContain(context.idField);
  });

  it('describes a body that the route takes', () => {
    const { step } = sampleOf(registered);
    expect(misfits(bodySchema(operationOf(name)), requestOf({ ...step, occurredAt: '2026-03-01T12:00:00Z' }).body, resolve)).toEqual([]);
    expect(misfits(at('components', 'schemas', name), step.fields, resolve)).toEqual([]);
  });

  it('names its refusals under their statuses', () => {
    const responses = fieldOf(operationOf(name), 'responses');
    const expected = expectedStatuses();
    expect(names(responses)).toEqual([spec.creates ? '201' : '200', ...[...expected.keys()].map(String), '503'].sort());
    for (const [status, codes] of expected) {
      const response = fieldOf(responses, String(status));
      for (const code of codes) expect(fieldOf(response, 'description')).toContain(`\`${code}\``);
      expect(names(fieldOf(response, 'content'))).toEqual(['application/problem+json']);
    }
  });
});

describe('the pages of problems', () => {
  const refusals = (): [string, number][] => [...contexts.map((context) => context.refusals as RefusalCatalog), ledgerRefusals].flatMap((catalog) => Object.entries(catalog).map(([code, { kind }]): [string, number] => [code, REFUSAL_STATUS[kind]]));
  const problems = (): [string, number][] => Object.entries({ ...PROBLEMS, ...IMPORT_PROBLEMS, ...SIMULATION_PROBLEMS }).map(([code, { status }]) => [code, status]);

  it('are there for every code that an answer can carry, with its status', async () => {
    for (const [code, status] of [...refusals(), ...problems()]) {
      expect(await api.raw({ method: 'GET', path: `/problems/${code}` })).toMatchObject({ status: 200, body: { code, status, title: expect.any(String) } });
    }
  });

  it('say which contexts refuse so', async () => {
    const body = (await api.raw({ method: 'GET', path: '/problems/owner_unknown' })).body;
    expect(fieldOf(body, 'contexts')).toEqual(contexts.filter(({ refusals }) => Object.hasOwn(refusals as object, 'owner_unknown')).map(({ name }) => name));
  });

  it('are listed, each once', async () => {
    const list = fieldOf((await api.raw({ method: 'GET', path: '/problems' })).body, 'problems');
    const codes = (Array.isArray(list) ? list : []).map((page) => String(fieldOf(page, 'code')));
    expect(codes.sort()).toEqual([...new Set([...refusals(), ...problems()].map(([code]) => code))].sort());
  });

  it('mean one thing: a code has one status wherever it is used', () => {
    const statuses = new Map<string, Set<number>>();
    for (const [code, status] of [...refusals(), ...problems()]) statuses.set(code, (statuses.get(code) ?? new Set()).add(status));
    expect([...statuses].filter(([, all]) => all.size > 1)).toEqual([]);
  });
});
