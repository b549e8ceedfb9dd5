import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataDirectoryError } from '../data-directory/data-directory.js';
import { lockDataDirectory } from './data-directory-lock.js';

const onLinux = process.platform === 'linux' ? it : it.skip;

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'pipeledger-lock-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the lock of a data directory', () => {
  it('is one program’s at a time, and free again afterwards', () => {
    const unlock = lockDataDirectory(directory);
    expect(() => lockDataDirectory(directory)).toThrow(`in use by process ${process.pid}`);
    unlock();
    lockDataDirectory(directory)();
  });

  it('left behind by a program that is gone is taken over', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(directory, 'pipeledger.lock'), `${pid} 1\n`);
    lockDataDirectory(directory)();
    expect(existsSync(join(directory, 'pipeledger.lock'))).toBe(false);
  });

  it('makes the directory where it is missing', () => {
    lockDataDirectory(join(directory, 'one', 'two'))();
    expect(existsSync(join(directory, 'one', 'two'))).toBe(true);
  });

  onLinux('says why there can be no such directory', () => {
    expect(() => lockDataDirectory('/proc/nowhere/below')).toThrow(DataDirectoryError);
    expect(() => lockDataDirectory('/proc/nowhere/below')).toThrow('the system makes no directories there (ENOENT)');
  });
});
