import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createDataDirectory } from '../data-directory/data-directory.js';
import { systemErrorCode } from '../data-directory/system-error.js';
import { KeyStoreError } from './key-store.js';
import { KEY_BYTES } from './seal.js';

const FILE = 'master.key';

/** 32 bytes in base64; undefined for anything else. */
export function parseMasterKey(text: string): Buffer | undefined {
  const bytes = Buffer.from(text.trim(), 'base64');
  return bytes.length === KEY_BYTES && /^[A-Za-z0-9+/]{43}=?$/.test(text.trim()) ? bytes : undefined;
}

/**
 * The master key of a data directory, made where there is none. Whoever can read the directory can read the keys: to keep them
 * apart, give the master key from outside.
 * @throws KeyStoreError, DataDirectoryError
 */
export function masterKeyIn(dataDir: string): Buffer {
  createDataDirectory(dataDir);
  const path = join(dataDir, FILE);
  try {
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
  const key = parseMasterKey(readFileSync(path, 'utf8'));
  if (!key) throw new KeyStoreError(`${path} holds no key of ${KEY_BYTES} bytes in base64: restore it from a copy.`);
  return key;
}
