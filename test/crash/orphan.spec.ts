import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { lockDirectory } from '../../libs/data-directory/lock.js';

const KILLS = 8;
/** From the fork to some time after the child listens. */
const LIFE_MS_MAX = 3_000;
/** What ends the look for the child's end is that end, or the suite's time limit. */
const LOOK_EVERY_MS = 20;
const loader = new URL('../support/ts-loader.mjs', import.meta.url).href;

/** A parent that starts an event store in `dataDir` and tells the child's process id as soon as it is forked. */
function parentOf(dataDir: string): ChildProcess {
  return fork(fileURLToPath(new URL('./orphan-parent.ts', import.meta.url)), [dataDir], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', loader], stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it(`ends with its parent when that is killed, at ${KILLS} moments of its start, and leaves the directory free`, async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-orphan-'));
    const parent = parentOf(dataDir);
    const exited = new Promise((resolve) => parent.once('exit', resolve));
    const pid = await new Promise<number>((resolve) => parent.once('message', (told) => resolve(Number(told))));
    // The first comes at once, the others at any moment: this waits for time and not for an event.
    if (kill > 0) await delay(Math.random() * LIFE_MS_MAX);
    parent.kill(kill % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
    await exited;
    while (isRunning(pid)) await delay(LOOK_EVERY_MS);
    lockDirectory(dataDir).release();
    rmSync(dataDir, { recursive: true });
  }
});

it('is not there before its parent is: a child without a parent ends before it touches the directory', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-orphan-'));
  const child = fork(fileURLToPath(new URL('../../libs/eventstore-embedded/child.ts', import.meta.url)), [JSON.stringify({ dataDir })], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', loader], stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  expect(await exited).toBe(0);
  rmSync(dataDir, { recursive: true });
});
