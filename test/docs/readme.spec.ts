import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEngine, type Engine } from '../../apps/server/src/engine.js';
import { settled, stepsBelow } from './tour.js';

let engine: Engine;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-tour-'));
  engine = await startEngine({ host: '127.0.0.1', port: 0, dataDir });
});

afterAll(async () => {
  await engine.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe("the README's tour", () => {
  it('does what it says, step by step', async () => {
    const steps = stepsBelow(await readFile('README.md', 'utf8'), 'Five-minute tour');
    expect(steps.length).toBeGreaterThan(8);
    for (const { command, shown } of steps) {
      const { stdout } = await promisify(execFile)('bash', ['-c', command.replaceAll('http://127.0.0.1:3000', engine.url)]);
      expect(`$ ${command}\n${settled(stdout)}`).toBe(`$ ${command}\n${settled(shown)}`);
    }
  });
});
