import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type Headers, type RawRequest, type TestApi } from '../support/api.js';
import { problemIn } from '../support/problems.js';
import { freshId, inDays, Scene } from './samples/scene.js';

let api: TestApi;
/** A lead that exists: what is refused here would be carried out if it were well-formed. */
let leadId: string;

beforeAll(async () => {
  api = await openTestApi();
  const scene = new Scene();
  leadId = scene.lead();
  await api.carryOut(scene.steps);
});

afterAll(async () => {
  await api.close();
});

const NESTED = 50_000;
const BODY_BYTES = 1024 * 1024;

interface Expected {
  readonly status: number;
  readonly code: string;
  /** The one field it names, where it names any. */
  readonly field?: string;
}

async function expectProblem(request: RawRequest, { status, code, field }: Expected): Promise<void> {
  const head = await api.log.head();
  expect(await problemIn(api, await api.raw(request))).toEqual({ status, code, fields: field === undefined ? [] : [field] });
  expect(await api.writtenAfter(head)).toEqual([]);
}

const qualify = (body: unknown, headers?: Headers): RawRequest => ({ method: 'POST', path: `/v1/leads/${leadId}/qualify`, body, ...(headers && { headers }) });
const score = (headers: Headers, more: object = {}): RawRequest => ({ method: 'POST', path: `/v1/leads/${leadId}/score`, body: { score: 40, ...more }, headers });

const NOT_JSON: Expected = { status: 400, code: 'malformed_json' };
const NO_OBJECT: Expected = { status: 400, code: 'validation_failed', field: '' };

describe('a body that is no JSON object', () => {
  it.each([
    ['that is cut off', '{"note": "a'], ['with a comma too many', '{"note": "a",}'], ['with two values', '{}{}'], ['in single quotes', "{'note': 'a'}"], ['with a comment', '{} // done'], ['that is XML', '<note/>'], ['of NaN', '{"note": NaN}'],
    ['that would give its object another prototype', '{"__proto__": {"note": "a"}}'], ['that would do so further down', '{"note": {"__proto__": {}}}'], ['that would reach the prototype by the constructor', '{"constructor": {"prototype": {}}}'],
    ['of lists without end', '['.repeat(NESTED)], ['with a raw line end in a text', '{"note": "a\nb"}'],
  ])('is refused: one %s', (_, body) => expectProblem(qualify(body), NOT_JSON));

  it('is refused: one that is no UTF-8', () => expectProblem(qualify(Buffer.concat([Buffer.from('{"note": "a'), Buffer.from([0xff, 0xc0]), Buffer.from('"}')])), NOT_JSON));
  it('is refused: one in UTF-16', () => expectProblem(qualify(Buffer.from('{"note": "a"}', 'utf16le')), NOT_JSON));

  it.each(['[]', '[{}]', 'null', 'true', '5', '"text"'])('is refused: %s', (body) => expectProblem(qualify(body), NO_OBJECT));

  it('is taken as one without fields when there is nothing of it', async () => {
    await expectProblem({ method: 'POST', path: '/v1/leads', body: '' }, { status: 400, code: 'validation_failed', field: 'source' });
    await expectProblem({ method: 'POST', path: '/v1/leads' }, { status: 400, code: 'validation_failed', field: 'source' });
  });

  it('is refused when it is nested deeper than anything', () => expectProblem(qualify(`{"note": ${'['.repeat(NESTED)}${']'.repeat(NESTED)}}`), { status: 400, code: 'validation_failed', field: 'note' }));

  it('is refused when it is too large', () => expectProblem(qualify({ note: 'x'.repeat(BODY_BYTES) }), { status: 413, code: 'body_too_large' }));
});

describe('a body of another type', () => {
  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/vnd.api+json', 'application/jsonp', 'application/json; charset=utf-16', 'application/json; charset=latin1', 'nonsense', 'application/json, text/plain'])(
    'is refused: %s', (type) => expectProblem(qualify('{}', { 'Content-Type': type }), { status: 415, code: 'unsupported_media_type' }));

  it('is refused by the batch route as well', () =>
    expectProblem({ method: 'POST', path: '/v1/commands', body: '{}', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }, { status: 415, code: 'unsupported_media_type' }));

  it.each(['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'application/json; charset = utf-8', 'APPLICATION/JSON'])('is no other: %s', async (type) => {
    expect((await api.raw(qualify('{}', { 'Content-Type': type }))).status).toBe(200);
  });
});

describe('an address that is none', () => {
  it.each([
    ['GET', '/v1'], ['GET', '/v1/nothing'], ['POST', '/v1/leads/x/nothing'], ['POST', '/v1/leads//qualify'], ['GET', '/problems/nothing'], ['GET', '/problems/__proto__'],
  ] as const)('is told so: %s %s', (method, path) => expectProblem({ method, path, ...(method !== 'GET' && { body: {} }) }, { status: 404, code: 'route_not_found' }));

  it.each(['/v1/leads/%', '/v1/leads/%zz/qualify', '/v1/leads/%E0%A4/qualify', '/v1/leads/%C0%AF/qualify'])('is told so when it is badly escaped: %s', (path) => expectProblem({ method: 'POST', path, body: {} }, { status: 400, code: 'bad_request' }));

  it.each([
    ['a slash', 'a%2Fb'], ['a line end', 'a%0A'], ['NUL', 'a%00'], ['a space', 'a%20b'], ['an umlaut', '%C3%BC'], ['an emoji', '%F0%9F%98%80'], ['101 characters', 'x'.repeat(101)], ['a leading tilde', '~lead.x'], ['two dots', '%2e%2e'], ['a prototype', '__proto__'],
  ])('is told so when its id holds %s', (_, id) => expectProblem({ method: 'POST', path: `/v1/leads/${id}/qualify`, body: {} }, { status: 400, code: 'validation_failed', field: 'leadId' }));

  it.each([201, 9_000])('is told so when its id has %d characters', (length) => expectProblem({ method: 'POST', path: `/v1/leads/${'x'.repeat(length)}/qualify`, body: {} }, { status: 400, code: 'bad_request' }));

  it('does not name another record than the body', () => expectProblem(qualify({ leadId: freshId('lead') }), { status: 400, code: 'validation_failed', field: 'leadId' }));
});

describe('a header that is malformed', () => {
  it.each([
    ['Idempotency-Key', ''], ['Idempotency-Key', 'two words'], ['Idempotency-Key', 'x'.repeat(256)], ['Idempotency-Key', 'ü'],
    ['If-Match', ''], ['If-Match', '*'], ['If-Match', 'one'], ['If-Match', '"0'], ['If-Match', '0"'], ['If-Match', '-1'], ['If-Match', '1.0'], ['If-Match', 'W/"0"'], ['If-Match', '"0", "1"'], ['If-Match', '9'.repeat(16)],
    ['Pipeledger-Role', ''], ['Pipeledger-Role', 'owner'], ['Pipeledger-Role', 'Manager'], ['Pipeledger-Role', 'toString'],
    ['Pipeledger-Actor', ''], ['Pipeledger-Actor', 'Ada Quist'], ['Pipeledger-Actor', 'x'.repeat(256)],
    ['Pipeledger-Correlation', 'two words'], ['Pipeledger-Correlation', 'x'.repeat(256)],
  ])('is named: %s "%s"', (name, value) => expectProblem(score({ [name]: value }), { status: 400, code: 'validation_failed', field: name }));

  it('is refused when there is too much of it', () => new Promise<void>((resolve, reject) => {
    const { hostname, port } = new URL(api.url);
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(`GET /health/live HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`));
    socket.setEncoding('utf8').on('data', (data: string) => { answer += data; }).on('error', reject).on('end', () => {
      try {
        expect(answer).toMatch(/^HTTP\/1\.1 431 [^]*\r\ncontent-type: application\/problem\+json; charset=utf-8\r\n[^]*"code":"headers_too_large"/);
        resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }));

  it('is refused with no request at all', () => new Promise<void>((resolve, reject) => {
    const { hostname, port } = new URL(api.url);
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write('GARBAGE\r\n\r\n'));
    socket.setEncoding('utf8').on('data', (data: string) => { answer += data; }).on('error', reject).on('end', () => (/^HTTP\/1\.1 400 [^]*"code":"bad_request"/.test(answer) ? resolve() : reject(new Error(answer))));
  }));
});

describe('the revision a caller saw', () => {
  it('must be the one the record is at', async () => {
    await expectProblem(score({ 'If-Match': '"7"' }), { status: 409, code: 'revision_conflict' });
    const scene = new Scene();
    const path = `/v1/leads/${scene.lead()}/score`;
    await api.carryOut(scene.steps);
    const first = await api.raw({ method: 'POST', path, body: { score: 1 }, headers: { 'If-Match': '"0"' } });
    expect({ status: first.status, etag: first.headers['etag'] }).toEqual({ status: 200, etag: '"1"' });
    await expectProblem({ method: 'POST', path, body: { score: 2 }, headers: { 'If-Match': '"0"' } }, { status: 409, code: 'revision_conflict' });
    expect((await api.raw({ method: 'POST', path, body: { score: 2 }, headers: { 'If-Match': '1' } })).status).toBe(200);
  });
});

describe('when something happened', () => {
  it.each(['2026-03-01T12:00:00', '2026-03-01', '2026-02-31T12:00:00Z', '2026-02-29T12:00:00Z', '2026-03-01T24:01:00Z', '2026-03-01T12:00:60Z', '2026-03-01T12:00:00+24:00', '1899-12-31T00:00:00Z', '2999-01-01T00:00:00Z', 'yesterday', '', 1_772_366_400, {}, [], true])(
    'is a moment with an offset, not %j', (occurredAt) => expectProblem(score({}, { occurredAt }), { status: 400, code: 'validation_failed', field: 'occurredAt' }));

  it('is not yet to come', () => expectProblem(score({}, { occurredAt: inDays(0.01) }), { status: 422, code: 'occurred_in_future' }));

  it('may be a little ahead, as clocks differ', async () => {
    expect((await api.raw(score({}, { occurredAt: inDays(1 / 1_440), score: 61 }))).status).toBe(200);
  });
});
