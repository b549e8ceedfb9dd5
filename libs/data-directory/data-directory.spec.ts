import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createDataDirectory, createOwnDirectory, DataDirectoryError } from './data-directory.js';
import { lockDirectory } from './lock.js';

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('a data directory', () => {
  let root: string;
  beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'data-directory-')); });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is created with all that is missing above it, once', () => {
    const dataDir = join(root, 'a', 'b', 'c');
    createDataDirectory(dataDir);
    createDataDirectory(dataDir);
    expect(statSync(dataDir).isDirectory()).toBe(true);
  });

  it('cannot be a file, nor lie below one', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => createDataDirectory(join(root, 'file'))).toThrow(`${join(root, 'file')} is no directory.`);
    expect(() => createDataDirectory(join(root, 'file', 'log'))).toThrow(/a part of the path is a file \(ENOTDIR\)/);
  });

  onLinux('is closed to others, with all that an earlier version left open in it', () => {
    const modeOf = (...path: string[]): string => (statSync(join(root, ...path)).mode & 0o777).toString(8);
    const old = join(root, 'old');
    mkdirSync(join(old, 'views', 'base'), { recursive: true });
    writeFileSync(join(old, 'master.key'), '');
    writeFileSync(join(old, 'views', 'base', '1'), '');
    for (const name of ['.', 'views', 'views/base']) chmodSync(join(old, name), 0o755);
    for (const name of ['master.key', 'views/base/1']) chmodSync(join(old, name), 0o644);
    createDataDirectory(old);
    expect(['.', 'master.key', 'views', 'views/base/1'].map((name) => modeOf('old', name))).toEqual(['700', '600', '755', '644']);
    createOwnDirectory(join(old, 'views'));
    expect(['views', 'views/base', 'views/base/1'].map((name) => modeOf('old', name))).toEqual(['700', '700', '600']);
    createDataDirectory(join(root, 'a', 'b'));
    expect([modeOf('a'), modeOf('a', 'b')]).toEqual(['700', '700']);
    lockDirectory(join(root, 'a', 'b'));
    expect(modeOf('a', 'b', 'writer.lock')).toBe('600');
  });

  onLinux('leaves one that is shared by design as it is', () => {
    chmodSync(root, 0o1777);
    createDataDirectory(root);
    expect((statSync(root).mode & 0o7777).toString(8)).toBe('1777');
  });

  it('needs a name', () => expect(() => createDataDirectory('')).toThrow(DataDirectoryError));

  // Node's own mkdir never comes back here.
  onLinux('that the system does not create is refused in a sentence', () => {
    expect(() => createDataDirectory('/proc/nowhere/log')).toThrow(/^The data directory \/proc\/nowhere\/log cannot be used: .+ \(ENOENT\)\.$/);
  });

  onLinux('that takes no file is refused in a sentence', () => {
    expect(() => lockDirectory('/proc/self')).toThrow(/^The data directory \/proc\/self cannot be used: .+ \(\w+\)\.$/);
  });
});
