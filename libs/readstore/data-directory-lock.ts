import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createDataDirectory } from '../data-directory/data-directory.js';
import { systemErrorCode } from '../data-directory/system-error.js';
import { ReadStoreError } from './sql.js';

const LOCK_FILE = 'pipeledger.lock';
const ATTEMPTS_MAX = 3;
/** Directories that this very process has open: its own process id in a lock file tells nothing. */
const openHere = new Set<string>();

/** When the process started, in clock ticks since boot: a process id alone may have been given to another. Linux only; elsewhere ''. */
function startedAt(processId: number): string {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function alive(processId: number, started: string): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
  return started === '' || startedAt(processId) === started;
}

/**
 * Locks a PGlite directory against a second program; PGlite itself takes no lock, and two of them destroy the data.
 * A lock that a killed process left behind is taken over. Returns what undoes the lock.
 * @throws DataDirectoryError, ReadStoreError `unavailable` while another program has the directory open
 */
export function lockDataDirectory(directory: string): () => void {
  createDataDirectory(directory);
  const path = join(directory, LOCK_FILE);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, `${process.pid} ${startedAt(process.pid)}\n`);
      closeSync(file);
      openHere.add(path);
      return () => {
        openHere.delete(path);
        rmSync(path, { force: true });
      };
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
      const [processId = '', started = ''] = readFileSync(path, 'utf8').trim().split(' ');
      const taken = Number(processId) === process.pid ? openHere.has(path) : alive(Number(processId), started);
      if (taken) throw new ReadStoreError('unavailable', `the data directory ${directory} is in use by process ${processId}`, undefined);
      rmSync(path, { force: true });
    }
  }
  throw new ReadStoreError('unavailable', `the data directory ${directory} cannot be locked`, undefined);
}
