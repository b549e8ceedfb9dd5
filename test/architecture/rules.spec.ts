import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RULE_NAMES } from '../../libs/domain/automation/rule-names.js';
import { rules } from '../../libs/domain/rules.js';
import type { AnyRule } from '../../libs/kernel/rule.js';

const DOMAIN = join(process.cwd(), 'libs/domain');

/** A rule where it is declared: `libs/domain/<context>/rules.ts` exports it under this name. */
interface Declared {
  readonly context: string;
  readonly exportName: string;
  readonly rule: AnyRule;
}

const isRule = (value: unknown): value is AnyRule => typeof value === 'object' && value !== null && 'memory' in value && 'defaults' in value && 'on' in value;

async function declaredIn(context: string): Promise<Declared[]> {
  const files = await readdir(join(DOMAIN, context));
  if (!files.includes('rules.ts')) return [];
  const module = (await import(pathToFileURL(join(DOMAIN, context, 'rules.ts')).href)) as Readonly<Record<string, unknown>>;
  return Object.entries(module).flatMap(([exportName, rule]) => (isRule(rule) ? [{ context, exportName, rule }] : []));
}

let declared: readonly Declared[];

beforeAll(async () => {
  const folders = (await readdir(DOMAIN, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  declared = (await Promise.all(folders.map(declaredIn))).flat();
});

describe('the rules that are declared', () => {
  it('are all run, and none that is run is declared elsewhere', () => {
    expect(declared.map(({ exportName }) => exportName).filter((_, index) => !rules.includes(declared[index]!.rule))).toEqual([]);
    expect(rules.filter((rule) => !declared.some((each) => each.rule === rule)).map(({ name, part }) => `${name} ${part ?? ''}`)).toEqual([]);
  });

  it('have each its own given/then specs', async () => {
    const specs = new Map<string, string>();
    for (const { context } of declared) specs.set(context, await readFile(join(DOMAIN, context, 'rules.spec.ts'), 'utf8'));
    expect(declared.filter(({ context, exportName }) => !specs.get(context)?.includes(`ruleSpec(${exportName}`)).map(({ exportName }) => exportName)).toEqual([]);
  });

  it('are each switched on in a test of the real parts', async () => {
    const endToEnd = await readFile(join(process.cwd(), 'test/integration/rules.spec.ts'), 'utf8');
    expect(RULE_NAMES.filter((name) => !endToEnd.includes(`enable('${name}'`))).toEqual([]);
  });
});
