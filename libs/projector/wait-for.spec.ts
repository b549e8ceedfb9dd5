import { expect, it } from '@jest/globals';
import type { Sql } from '../readstore/sql.js';
import { waitFor } from './wait-for.js';

const WAIT_MS = 30_000;

it('however many wait, a store has two looks at most to answer, and each wait is told of no earlier moment than it asked at', async () => {
  const asked: ((position: number) => void)[] = [];
  const query = () => new Promise<object[]>((resolve) => asked.push((position) => resolve([{ projection: 'accounts', position }])));
  const sql: Sql = { query: query as Sql['query'], script: () => Promise.reject(new Error('not asked')), copyIn: () => Promise.reject(new Error('not asked')) }; // rows are what this test says
  const early = waitFor(sql, 'accounts', 1, WAIT_MS);
  const others = Array.from({ length: 50 }, () => waitFor(sql, 'accounts', 7, WAIT_MS));
  expect(asked).toHaveLength(1);
  asked[0]!(1);
  expect(await early).toBe(true);
  expect(asked).toHaveLength(2);
  asked[1]!(7);
  expect(await Promise.all(others)).toEqual(others.map(() => true));
  expect(asked).toHaveLength(2);
});
