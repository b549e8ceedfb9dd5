import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fieldOf, openTestApi, type Headers, type TestApi } from '../support/api.js';
import { problemIn } from '../support/problems.js';
import { Scene } from './samples/scene.js';

let api: TestApi;
let leadId: string;
const EVIL = 'http://evil.example';

beforeAll(async () => {
  api = await openTestApi();
  const scene = new Scene();
  leadId = scene.lead();
  await api.carryOut(scene.steps);
}, 120_000);

afterAll(() => api.close());

/** The status line of what is sent as it stands. */
const statusOf = (lines: readonly string[]): Promise<number> => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(api.url);
  let text = '';
  const socket = connect(Number(port), hostname, () => socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`));
  socket.on('data', (chunk: Buffer) => { text += chunk.toString(); });
  socket.on('error', reject);
  socket.on('close', () => resolve(Number(text.split(' ')[1])));
});

describe('a page of another site', () => {
  const commands = (headers: Headers): Promise<unknown>[] => [
    ['POST', `/v1/leads/${leadId}/qualify`], ['POST', '/v1/rules/first_follow_up/dry-run'], ['POST', '/v1/imports'], ['POST', '/v1/projections/funnel/rollback'], ['DELETE', '/v1/x'], ['GET', '/problems'],
  ].map(async ([method, path]) => problemIn(api, await api.raw({ method: method as 'POST', path: path!, headers })));

  it.each<[string, Headers]>([
    ['another origin', { Origin: EVIL }], ['an opaque origin', { Origin: 'null' }], ['another port', { Origin: 'http://127.0.0.1:1' }], ['a sibling site', { 'Sec-Fetch-Site': 'same-site' }], ['a form', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }],
    ['two sites', { 'Sec-Fetch-Site': 'same-origin, cross-site' }],
  ])('neither commands nor asks: %s', async (_, headers) => {
    const head = await api.log.head();
    for (const answer of commands(headers)) expect(await answer).toEqual({ status: 403, code: 'origin_foreign', fields: [] });
    expect(await api.writtenAfter(head)).toEqual([]);
  });

  it('may link here, but not frame what it links to', async () => {
    const linked = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
    expect((await api.raw({ method: 'GET', path: '/problems', headers: { ...linked, 'Sec-Fetch-Dest': 'document' } })).status).toBe(200);
    expect((await api.raw({ method: 'GET', path: '/problems', headers: { ...linked, 'Sec-Fetch-Dest': 'iframe' } })).status).toBe(403);
  });

  it('is told from our own, and from what is no browser', async () => {
    const qualify = (headers: Headers) => api.raw({ method: 'POST', path: `/v1/leads/${leadId}/qualify`, headers });
    expect((await qualify({ Origin: api.url, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
    expect((await qualify({})).status).not.toBe(403);
  });
});

describe('the host that a request names', () => {
  it.each([['127.0.0.1', 200], ['localhost:8080', 200], ['LOCALHOST.', 200], ['[::1]:3000', 200], ['127.0.0.2', 200], ['evil.example', 421], ['localhost.evil.example', 421], ['10.0.0.1', 421], ['user@localhost', 421], ['localhost:x', 421], ['localhost, evil.example', 421], ['', 421]])('is served or not: %p', async (host, status) => {
    expect(await statusOf(['GET /health/live HTTP/1.1', `Host: ${host}`])).toBe(status);
  });

  it('must be one, in the address too', async () => {
    expect(await statusOf(['GET /health/live HTTP/1.0'])).toBe(421);
    expect(await statusOf(['GET /health/live HTTP/1.1', 'Host: localhost', 'Host: evil.example'])).toBe(421);
    expect(await statusOf(['GET http://evil.example/health/live HTTP/1.1', 'Host: localhost'])).toBe(421);
    expect(await statusOf(['GET http://localhost/health/live HTTP/1.1', 'Host: localhost'])).toBe(200);
  });

  it('is a problem of its own, whatever a proxy claims', async () => {
    const sent = await api.raw({ method: 'GET', path: '/problems', headers: { Host: 'evil.example', 'X-Forwarded-Host': 'localhost' } });
    expect(await problemIn(api, sent)).toEqual({ status: 421, code: 'host_not_served', fields: [] });
  });
});

describe('a body', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', 'text/plain; application/json'])('is of the type that its address takes, even an empty one: not %s', async (type) => {
    const head = await api.log.head();
    for (const path of [`/v1/leads/${leadId}/qualify`, '/v1/projections/funnel/rollback', '/v1/commands']) {
      for (const body of ['', '{}']) expect(await problemIn(api, await api.raw({ method: 'POST', path, body, headers: { 'Content-Type': type } }))).toMatchObject({ status: 415 });
    }
    expect(await api.writtenAfter(head)).toEqual([]);
  });
});

describe('every answer', () => {
  it.each(['/docs', '/openapi.json', '/docs/swagger-ui.css', '/problems', '/nothing', '/health/live', '/%ff'])('carries what keeps a browser from misusing it: %s', async (path) => {
    expect((await api.raw({ method: 'GET', path })).headers).toMatchObject({
      'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
  });
});

describe('an address that takes another method', () => {
  it.each([
    ['GET', '/v1/leads', 'POST'], ['PUT', '/v1/leads', 'POST'], ['PATCH', '/v1/leads/x', 'GET, HEAD'], ['DELETE', '/v1/leads/x/', 'GET, HEAD'], ['OPTIONS', '/v1/leads', 'POST'], ['GET', '/v1/commands', 'POST'], ['POST', '/docs', 'GET, HEAD'],
  ] as const)('says so and names them: %s %s', async (method, path, allow) => {
    const sent = await api.raw({ method, path });
    expect(await problemIn(api, sent)).toEqual({ status: 405, code: 'method_not_allowed', fields: [] });
    expect(sent.headers['allow']).toBe(allow);
  });
});

describe('a record that the reader has', () => {
  it('is not sent again, however its tag is told', async () => {
    const path = `/v1/leads/${leadId}`;
    const { headers, body } = await api.raw({ method: 'GET', path });
    const tag = String(headers['etag']);
    expect(tag).toBe(`"${String(fieldOf(body, 'revision'))}"`);
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const sent = await api.raw({ method: 'GET', path, headers: { 'If-None-Match': known } });
      expect({ known, status: sent.status, text: sent.text, tag: sent.headers['etag'] }).toEqual({ known, status: 304, text: '', tag });
    }
    for (const known of ['"x"', '"99"', tag.slice(1, -1)]) expect((await api.raw({ method: 'GET', path, headers: { 'If-None-Match': known } })).status).toBe(200);
  });
});
