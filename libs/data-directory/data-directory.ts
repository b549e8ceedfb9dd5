import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

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

/** What nobody but the owner needs: group's and others' rights. */
const OTHERS = 0o077;
const STICKY = 0o1000;
export const OWNER_ONLY_DIRECTORY = 0o700;
export const OWNER_ONLY_FILE = 0o600;

/**
 * Creates a data directory, for its owner alone, and what is missing above it. One that is there is closed to others,
 * with the files right in it. Level by level: where the system answers ENOENT to every attempt,
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
  closeToOthers(dataDir, statSync(dataDir));
  closeIn(dataDir, 'files');
}

function create(path: string, dataDir: string): void {
  try {
    mkdirSync(path, { mode: OWNER_ONLY_DIRECTORY });
  } catch (error) {
    // Somebody else was as fast.
    if (systemErrorCode(error) !== 'EEXIST') throw unusable(dataDir, error);
  }
}

/**
 * As createDataDirectory, for a directory that holds nothing but what the engine writes: all that is below it, made by
 * an earlier version under another umask, is closed to others too. Links are not followed.
 * @throws DataDirectoryError
 */
export function createOwnDirectory(dataDir: string): void {
  createDataDirectory(dataDir);
  closeIn(dataDir, 'all below');
}

function closeIn(directory: string, what: 'files' | 'all below'): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats || stats.isSymbolicLink()) continue; // gone meanwhile, or it leads elsewhere
    if (what === 'all below' || stats.isFile()) closeToOthers(path, stats);
    if (what === 'all below' && stats.isDirectory()) closeIn(path, what);
  }
}

/** Takes away what others may do. A directory that is shared by design, as /tmp is, and what belongs to another user stay as they are. */
function closeToOthers(path: string, { mode, uid }: Stats): void {
  const isShared = (mode & STICKY) !== 0;
  const isOurs = process.getuid === undefined || process.getuid() === uid;
  if ((mode & OTHERS) === 0 || isShared || !isOurs) return;
  try {
    chmodSync(path, mode & 0o7777 & ~OTHERS);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return; // gone meanwhile
    throw unusable(path, error);
  }
}

/** The same sentence for a directory that exists and takes no file. */
export function unusable(dataDir: string, error: unknown): DataDirectoryError {
  const code = systemErrorCode(error) ?? 'unknown';
  return new DataDirectoryError(`The data directory ${dataDir} cannot be used: ${REASONS[code] ?? 'the system refuses'} (${code}).`, { cause: error });
}
