import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const require = createRequire(join(process.cwd(), 'package.json'));
const ROOT = process.cwd();
const FIXTURE = join(ROOT, 'test/architecture/fixture');
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

interface Cruise {
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
}

async function brokenRules(cwd: string): Promise<ReadonlySet<string>> {
  const bin = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  // Broken rules are the exit code; the report is on standard output all the same.
  const { stdout } = await promisify(execFile)('node', [bin, '--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', 'apps', 'libs', 'projections'], { cwd, maxBuffer: OUTPUT_BYTES_MAX })
    .catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  return new Set((JSON.parse(stdout) as Cruise).summary.violations.map(({ rule }) => rule.name));
}

describe('the rules of architecture', () => {
  const { forbidden } = require('./.dependency-cruiser.cjs') as { forbidden: readonly { readonly name: string }[] };

  it('each notice the code that breaks them', async () => {
    const broken = await brokenRules(FIXTURE);
    expect([...forbidden.map(({ name }) => name)].filter((name) => !broken.has(name))).toEqual([]);
  });

  it('are kept by the engine', async () => {
    expect([...(await brokenRules(ROOT))]).toEqual([]);
  });
});
