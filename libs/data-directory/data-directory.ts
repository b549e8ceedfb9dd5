import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { systemErrorCode } from './system-error.js';

/** The directory cannot hold what it is for; the message says why, for whoever named it. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'the system lets nobody write there',
  EROFS: 'the file system is read-only',
  ENOENT: 'the system makes no directories there',
  ENOTDIR: 'a part of the path is a file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
};

/**
 * Creates a data directory and what is missing above it. Level by level: where the system answers ENOENT to every attempt,
 * as /proc does, Node's own recursive way never comes back.
 * @throws DataDirectoryError
 */
export function createDataDirectory(dataDir: string): void {
  if (dataDir === '') throw new DataDirectoryError('The data directory has no name.');
  const missing: string[] = [];
  // The root of a file system exists, so this ends.
  for (let path = resolve(dataDir); !existsSync(path); path = dirname(path)) missing.unshift(path);
  for (const path of missing) create(path, dataDir);
  if (!existsSync(dataDir) || !statSync(dataDir).isDirectory()) throw new DataDirectoryError(`${dataDir} is no directory.`);
}

function create(path: string, dataDir: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else was as fast.
    if (systemErrorCode(error) !== 'EEXIST') throw unusable(dataDir, error);
  }
}

/** The same sentence for a directory that exists and takes no file. */
export function unusable(dataDir: string, error: unknown): DataDirectoryError {
  const code = systemErrorCode(error) ?? 'unknown';
  return new DataDirectoryError(`The data directory ${dataDir} cannot be used: ${REASONS[code] ?? 'the system refuses'} (${code}).`, { cause: error });
}
