import { expect } from '@jest/globals';
import { fieldOf, type Sent, type TestApi } from './api.js';

/** What a problem document said. */
export interface SeenProblem {
  readonly status: number;
  readonly code: string;
  /** The fields it names as malformed. */
  readonly fields: readonly string[];
}

const pages = new Map<string, unknown>();

/** Pages do not change while a server runs: each is asked for once. */
async function pageOf(api: TestApi, type: string): Promise<unknown> {
  if (!pages.has(type)) pages.set(type, (await api.raw({ method: 'GET', path: type })).body);
  return pages.get(type);
}

/** Reads an answer as an RFC 9457 problem and holds it to everything that is promised of one, its page included. */
export async function problemIn(api: TestApi, { status, headers, body }: Sent): Promise<SeenProblem> {
  const code = String(fieldOf(body, 'code'));
  expect({ type: headers['content-type'], body }).toEqual({
    type: 'application/problem+json; charset=utf-8',
    body: expect.objectContaining({ type: `/problems/${code}`, title: expect.any(String), status, code: expect.stringMatching(/^[a-z0-9_]+$/), instance: expect.stringMatching(/^\//) }),
  });
  expect(await pageOf(api, `/problems/${code}`)).toMatchObject({ code, status });
  const errors = fieldOf(body, 'errors');
  return { status, code, fields: Array.isArray(errors) ? errors.map((error: unknown) => String(fieldOf(error, 'field'))) : [] };
}
