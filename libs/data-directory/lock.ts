import { randomUUID } from 'node:crypto';
import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

import { OWNER_ONLY_FILE, unusable } from './data-directory.js';
import { systemErrorCode } from './system-error.js';

const LOCK_FILE = 'writer.lock';
const TAKEOVER_FILE = 'writer.lock.takeover';
/** How often a holder shows that it lives, for watchers on other machines that cannot see its process. */
const HEARTBEAT_MS = 5_000;
const SILENT_AFTER_MS = 6 * HEARTBEAT_MS;
/** Taking over is a handful of file operations: one that has lasted this long died in the middle. */
const TAKEOVER_MAX_MS = 10_000;

type Holder = { pid: number; host: string; processStart: string; token: string };

/** Another living process writes to the directory. */
export class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError';
}

/**
 * Takes the one writer's place of a data directory. The lock of a process that is dead (or whose number now belongs
 * to another process) is taken over; on another host, one that has been silent for {@link SILENT_AFTER_MS} ms.
 * @throws DirectoryLockedError while another writer lives; DataDirectoryError if no file can be made there
 */
export function lockDirectory(dataDir: string): { release(): void } {
  const path = join(dataDir, LOCK_FILE);
  const me: Holder = { pid: process.pid, host: hostname(), processStart: startOf(process.pid) ?? '', token: randomUUID() };
  if (!createWith(path, me)) takeOver(dataDir, path, me);

  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release() {
      clearInterval(heartbeat);
      if (readHolder(path)?.token === me.token) unlinkSync(path);
    },
  };
}

function takeOver(dataDir: string, path: string, me: Holder): void {
  const guard = join(dataDir, TAKEOVER_FILE);
  if (ageMs(guard) > TAKEOVER_MAX_MS) rmSync(guard, { force: true });
  // Two processes may find the same dead lock: the guard lets one of them judge and replace it.
  try {
    closeSync(openSync(guard, 'wx', OWNER_ONLY_FILE));
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    throw new DirectoryLockedError(`Another process is just taking over ${dataDir}.`);
  }
  try {
    const holder = readHolder(path);
    if (holder !== undefined && isAlive(holder, path)) {
      throw new DirectoryLockedError(
        `${dataDir} is in use by process ${holder.pid} on ${holder.host}: a directory has one writer. Stop that process, or choose another directory.`,
      );
    }
    const mine = `${path}.${me.token}`;
    writeFileSync(mine, JSON.stringify(me), { mode: OWNER_ONLY_FILE });
    renameSync(mine, path);
  } finally {
    rmSync(guard, { force: true });
  }
}

/** Links a finished file into place, so that nobody ever reads a half-written lock. */
function createWith(path: string, me: Holder): boolean {
  const mine = `${path}.${me.token}`;
  try {
    writeFileSync(mine, JSON.stringify(me), { mode: OWNER_ONLY_FILE });
  } catch (error) {
    throw unusable(dirname(path), error);
  }
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(mine);
  }
}

function isAlive(holder: Holder, path: string): boolean {
  if (holder.host !== hostname()) return ageMs(path) < SILENT_AFTER_MS;
  const started = startOf(holder.pid);
  if (started !== undefined) return started === holder.processStart;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

/** When a process started, in clock ticks since boot: tells a reused process number from the one that took the lock. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold spaces; the start time is the 22nd.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isHolder(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number' &&
    'host' in value && typeof value.host === 'string' && 'processStart' in value && typeof value.processStart === 'string' &&
    'token' in value && typeof value.token === 'string';
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return -1;
  }
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // The directory may be going away under a test; the next start judges what is there.
  }
}
