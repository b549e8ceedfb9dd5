import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DataDirectoryError } from '../data-directory/data-directory.js';
import { DirectoryLockedError } from '../data-directory/lock.js';
import { openPglite } from './pglite-store.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pipeledger-pglite-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('a directory is one program’s at a time, and keeps what was written', async () => {
  const first = await openPglite(directory);
  await expect(openPglite(directory)).rejects.toThrow(DirectoryLockedError);
  await first.script('CREATE TABLE kept (x integer); INSERT INTO kept VALUES (1)');
  await first.close();
  const second = await openPglite(directory);
  expect(await second.query('SELECT x FROM kept')).toEqual([{ x: 1 }]);
  await second.close();
});

it('the files of a directory are its owner’s alone', async () => {
  const store = await openPglite(directory);
  const modes = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(directory, name)).mode);
  expect(modes.length).toBeGreaterThan(100);
  expect(modes.filter((mode) => (mode & 0o077) !== 0)).toEqual([]);
  await store.close();
});

const onLinux = process.platform === 'linux' ? it : it.skip;
onLinux('says why there can be no such directory', async () => {
  await expect(openPglite('/proc/nowhere/below')).rejects.toThrow(DataDirectoryError);
});
