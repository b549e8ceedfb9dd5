import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { DirectoryLockedError, lockDirectory } from './lock.js';

describe('the lock of a data directory', () => {
  let dataDir: string;
  let lockFile: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'data-directory-lock-'));
    lockFile = join(dataDir, 'writer.lock');
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));
  const holder = () => JSON.parse(readFileSync(lockFile, 'utf8')) as Record<string, unknown>;
  const pretend = (changes: object) => writeFileSync(lockFile, JSON.stringify({ ...holder(), ...changes }));

  it('is held by one writer and goes with it', () => {
    const lock = lockDirectory(dataDir);
    expect(() => lockDirectory(dataDir)).toThrow(DirectoryLockedError);
    expect(() => lockDirectory(dataDir)).toThrow(new RegExp(`process ${process.pid} `));
    lock.release();
    expect(existsSync(lockFile)).toBe(false);
    lockDirectory(dataDir).release();
  });

  it('is taken over from a process that is dead', () => {
    lockDirectory(dataDir);
    // Beyond what Linux gives out as a process number.
    pretend({ pid: 2 ** 22 + 1 });
    expect(() => lockDirectory(dataDir).release()).not.toThrow();
  });

  it('is taken over when the process number now belongs to another process', () => {
    lockDirectory(dataDir);
    pretend({ processStart: '1' });
    expect(() => lockDirectory(dataDir).release()).not.toThrow();
  });

  it('of another host is respected while that shows signs of life', () => {
    lockDirectory(dataDir);
    pretend({ host: 'elsewhere' });
    expect(() => lockDirectory(dataDir)).toThrow(/on elsewhere/);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lockFile, longAgo, longAgo);
    expect(() => lockDirectory(dataDir).release()).not.toThrow();
  });

  it('that was taken over is not released by who lost it', () => {
    const lost = lockDirectory(dataDir);
    pretend({ pid: 2 ** 22 + 1, token: 'lost' });
    const taken = lockDirectory(dataDir);
    lost.release();
    expect(existsSync(lockFile)).toBe(true);
    taken.release();
  });

  it('that nobody can read is nobody’s', () => {
    writeFileSync(lockFile, '{"pid":');
    lockDirectory(dataDir).release();
  });
});
