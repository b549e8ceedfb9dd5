import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createDataDirectory, DataDirectoryError } from './data-directory.js';
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

  it('needs a name', () => expect(() => createDataDirectory('')).toThrow(DataDirectoryError));

  // Node's own mkdir never comes back here.
  onLinux('that the system does not create is refused in a sentence', () => {
    expect(() => createDataDirectory('/proc/nowhere/log')).toThrow(/^The data directory \/proc\/nowhere\/log cannot be used: .+ \(ENOENT\)\.$/);
  });

  onLinux('that takes no file is refused in a sentence', () => {
    expect(() => lockDirectory('/proc/self')).toThrow(/^The data directory \/proc\/self cannot be used: .+ \(\w+\)\.$/);
  });
});
