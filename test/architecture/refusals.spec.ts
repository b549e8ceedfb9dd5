import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { contexts } from '../../libs/domain/contexts.js';

/** All specs of a context's folder as one text. */
async function specsOf(context: string): Promise<string> {
  const folder = join(process.cwd(), 'libs/domain', context);
  const specs = (await readdir(folder)).filter((file) => file.endsWith('.spec.ts'));
  return (await Promise.all(specs.map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
}

describe.each(contexts.map((context) => [context.name, context] as const))('the specs of %s', (name, context) => {
  it('show each refusal', async () => {
    const specs = await specsOf(name);
    expect(Object.keys(context.refusals).filter((code) => !specs.includes(`thenRefused('${code}'`))).toEqual([]);
  });

  it('show each event', async () => {
    const specs = await specsOf(name);
    expect(Object.keys(context.events).filter((type) => !specs.includes(`'${type}'`))).toEqual([]);
  });

  it('send each command', async () => {
    const specs = await specsOf(name);
    expect(context.commands.map((command: { name: string }) => command.name).filter((command: string) => !specs.includes(`${command}`))).toEqual([]);
  });

  /** Which itself sees to it that each command comes up. */
  it('hold that a command sent twice does what once did', async () => {
    const own = `${name.replace(/-./g, (hyphenated) => hyphenated.slice(1).toUpperCase())}Context`;
    expect(await specsOf(name)).toContain(`holdsTwiceIsOnce(${own}, `);
  });
});
