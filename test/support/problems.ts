import { expect } from '@jest/globals';
import { fieldOf, type Sent, type TestApi } from './api.js';

/** What a problem document said. */
export interface SeenProblem {
  readonly status: number;
  readonly code: string;
  /** The fields it names as malformed. */
  readonly fields: readonly string[];
}

const CONTENT_TYPE = 'application/problem+json; charset=utf-8';
/** Codes whose pages were found to say what they should, with their statuses. Pages do not change while a server runs. */
const pagesSeen = new Set<string>();

/** Reads an answer as an RFC 9457 problem and holds it to everything that is promised of one, its page included. */
export async function problemIn(api: Pick<TestApi, 'raw'>, { status, headers, body }: Sent): Promise<SeenProblem> {
  const [code, title, instance] = ['code', 'title', 'instance'].map((name) => String(fieldOf(body, name))) as [string, string, string]; // as many as names
  const holds = headers['content-type'] === CONTENT_TYPE && /^[a-z0-9_]+$/.test(code) && fieldOf(body, 'type') === `/problems/${code}` && fieldOf(body, 'status') === status && title.endsWith('.') && instance.startsWith('/');
  // Thousands of answers pass through here: the matchers, which tell well and take long, see only those that are wrong.
  if (!holds) {
    expect({ contentType: headers['content-type'], body }).toEqual({
      contentType: CONTENT_TYPE,
      body: expect.objectContaining({ type: `/problems/${code}`, title: expect.stringMatching(/\.$/), status, code: expect.stringMatching(/^[a-z0-9_]+$/), instance: expect.stringMatching(/^\//) }),
    });
    throw new Error(`${code} is told in another way than others: ${JSON.stringify(body)}`);
  }
  const page = `${code} ${status}`;
  if (!pagesSeen.has(page)) {
    expect(await api.raw({ method: 'GET', path: `/problems/${code}` })).toMatchObject({ status: 200, body: { code, status } });
    pagesSeen.add(page);
  }
  const errors = fieldOf(body, 'errors');
  return { status, code, fields: Array.isArray(errors) ? errors.map((error: unknown) => String(fieldOf(error, 'field'))) : [] };
}
