import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openPglite } from './pglite-store.js';
import { PgliteThread } from './pglite-thread.js';

it('starts its thread again when that dies: what was committed is there, what was under way is not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pipeledger-pglite-'));
  let again: () => void = () => undefined;
  const runsAgain = new Promise<void>((resolve) => { again = resolve; });
  const threads: PgliteThread[] = [];
  const store = await openPglite(directory, {
    report: (sentence) => { if (sentence.endsWith('runs again')) again(); },
    openThread: async (dataDir) => {
      const thread = await PgliteThread.open(dataDir);
      threads.push(thread);
      return thread;
    },
  });
  await store.script('CREATE TABLE kept (x integer); INSERT INTO kept VALUES (1)');
  const seat = await store.takeSeat('worker');
  const cutOff = store.transaction(async (sql) => {
    await sql.query('INSERT INTO kept VALUES (2)');
    await threads[0]?.worker.terminate();
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
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});
