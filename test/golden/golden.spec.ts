import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Codec } from '../../libs/eventstore/codec.js';
import { contexts } from '../../libs/domain/contexts.js';
import type { EventSpec } from '../../libs/kernel/event.js';

interface Golden {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown> & { readonly schemaVersion: number };
}

const GOLDEN = join(process.cwd(), 'test/golden');
const codec = new Codec(contexts);

const load = async (context: string, file: string): Promise<Golden> => JSON.parse(await readFile(join(GOLDEN, context, file), 'utf8')) as Golden; // checked by decode below

/** The stored form as the client hands it over. */
const stored = ({ type, data, metadata }: Golden) =>
  ({ type, data, metadata, isJson: true, id: '6d1c9a1e-0d0e-4f43-9f6b-0a4f5b0c1d2e', streamId: 'golden-1', revision: 0n, created: new Date('2026-01-01T00:00:00Z'), position: { commit: 1n, prepare: 1n } }) as unknown as Parameters<Codec['decode']>[0]; // only what decode reads

const at = (data: unknown, path: string): unknown => path.split('.').reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), data);

/** Every event type in every version that was ever written is here, one stored example each, and must be readable for ever. */
describe.each(contexts.map((context) => [context.name, context] as const))('stored events of %s', (name, context) => {
  const specs = Object.entries<EventSpec>(context.events);
  const files = specs.flatMap(([type, { version }]) => Array.from({ length: version }, (_, index) => [type, index + 1] as const));

  it.each(files)('%s version %i can be read, and folds', async (type, version) => {
    const golden = await load(name, `${type}.v${version}.json`);
    expect(golden.type).toBe(type);
    expect(golden.metadata.schemaVersion).toBe(version);
    const event = codec.decode(stored(golden));
    if (version === codec.specOf(type)?.version) expect(event.data).toEqual(golden.data);
    expect(() => { context.decider.evolve(context.decider.initial, event); }).not.toThrow();
  });

  it.each(specs)('%s declares its personal fields by paths that exist', async (type, spec) => {
    const golden = await load(name, `${type}.v${spec.version}.json`);
    expect(spec.personal.filter((path) => at(golden.data, path) === undefined)).toEqual([]);
    if (spec.personal.length > 0) expect(typeof at(golden.data, spec.personalSubject ?? '')).toBe('string');
  });

  it('has no golden file of an event it does not know', async () => {
    const known = new Set(files.map(([type, version]) => `${type}.v${version}.json`));
    expect((await readdir(join(GOLDEN, name))).filter((file) => !known.has(file))).toEqual([]);
  });
});

it('no golden folder is without its context', async () => {
  const folders = (await readdir(GOLDEN, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  expect(folders.filter((folder) => !contexts.some(({ name }) => name === folder))).toEqual([]);
});
