import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openPglite } from './pglite-store.js';
import type { ReadStore } from './sql.js';

let directory: string;
let thread: Worker;
const seen = (worker: Worker): void => { thread = worker; };
let store: ReadStore;
let runsAgain: Promise<void>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pipeledger-pglite-'));
  process.on('worker', seen);
  runsAgain = new Promise((resolve, reject) => {
    openPglite(directory, (sentence) => { if (sentence.endsWith('runs again')) resolve(); }).then((opened) => { store = opened; }, reject);
  });
  while (!(store as ReadStore | undefined)) await new Promise((resolve) => setImmediate(resolve));
});
afterEach(async () => {
  process.off('worker', seen);
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

it('starts its thread again when that dies: what was committed is there, what was under way is not', async () => {
  await store.script('CREATE TABLE kept (x integer); INSERT INTO kept VALUES (1)');
  const seat = await store.takeSeat('worker');
  const cutOff = store.transaction(async (sql) => {
    await sql.query('INSERT INTO kept VALUES (2)');
    await thread.terminate();
    await sql.query('INSERT INTO kept VALUES (3)');
  });
  await expect(cutOff).rejects.toMatchObject({ name: 'ReadStoreError', kind: 'unavailable' });
  await expect(store.query('SELECT x FROM kept')).rejects.toMatchObject({ kind: 'unavailable' });
  expect(seat?.held()).toBe(false);

  await runsAgain;
  expect(await store.query('SELECT x FROM kept')).toEqual([{ x: 1 }]);
  const next = await store.takeSeat('worker');
  await seat?.leave();
  expect(next?.held()).toBe(true);
  expect(await store.takeSeat('worker')).toBeUndefined();
});
