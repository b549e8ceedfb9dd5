import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAKE_MS_MAX = 120_000;

/**
 * Makes the database directory where there is none, in a process of its own: the peak of memory that this takes goes with it.
 * A directory half made by a killed process is made anew, since it only gets its name when it is whole.
 */
export async function makePgliteDirectory(directory: string): Promise<void> {
  if (existsSync(join(directory, 'PG_VERSION'))) return;
  const program = new URL('./init-pglite.js', import.meta.url);
  if (!existsSync(program)) return; // run from the sources (tests): PGlite makes the directory itself when it opens it
  const unfinished = `${directory}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  await promisify(execFile)(process.execPath, [fileURLToPath(program), unfinished], { timeout: MAKE_MS_MAX });
  rmSync(directory, { recursive: true, force: true });
  renameSync(unfinished, directory);
}
