import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STORE_KINDS, type StoreKind } from '../testing/stores.js';
import { openFileKeyStore } from './file-key-store.js';
import type { KeyStore } from './key-store.js';
import { openSqlKeyStore } from './sql-key-store.js';

/** A kind of key store; `again` closes the one before and opens what it left behind. */
interface Kind {
  start(): Promise<void>;
  again(): Promise<KeyStore>;
  stop(): Promise<void>;
}

function fileKind(): Kind & { readonly path: () => string; close(): Promise<void> } {
  let [dir, store]: [string, KeyStore | undefined] = ['', undefined];
  return {
    path: () => join(dir, 'keys.jsonl'),
    start: async () => { dir = mkdtempSync(join(tmpdir(), 'pipeledger-keys-')); },
    async close() {
      await store?.close();
      store = undefined;
    },
    async again() {
      await store?.close();
      store = undefined;
      return (store = await openFileKeyStore(dir));
    },
    async stop() {
      await store?.close();
      rmSync(dir, { recursive: true });
    },
  };
}

function sqlKind(kind: () => Promise<StoreKind>): Kind {
  let started: StoreKind;
  let store: Awaited<ReturnType<StoreKind['empty']>>;
  return {
    async start() {
      started = await kind();
      store = await started.empty();
    },
    again: () => openSqlKeyStore(store),
    async stop() {
      await store.close();
      await started.stop();
    },
  };
}

describe.each<[string, () => Kind]>([['a file', fileKind], ...STORE_KINDS.map(({ name, start }): [string, () => Kind] => [name, () => sqlKind(start)])])('keys in %s', (_, make) => {
  const kind = make();
  let store: KeyStore;
  beforeAll(async () => {
    await kind.start();
    store = await kind.again();
  });
  afterAll(() => kind.stop());

  it('are found as they were added, also by who opens them again', async () => {
    await store.add(new Map([['ada', 'k1'], ['bob "the" \n one', 'k2']]));
    for (const each of [store, (store = await kind.again())]) {
      expect(await each.find(['ada', 'bob "the" \n one', 'nobody'])).toEqual(new Map([['ada', { wrapped: 'k1' }], ['bob "the" \n one', { wrapped: 'k2' }]]));
    }
  });
  it('are those that came first, however many come at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.add(new Map([['cyd', `first-${index}`], [`own-${index}`, `k-${index}`]]))));
    const found = await store.find(['cyd', 'own-0', 'own-19']);
    expect([found.get('own-0'), found.get('own-19')]).toEqual([{ wrapped: 'k-0' }, { wrapped: 'k-19' }]);
    await store.add(new Map([['cyd', 'later']]));
    expect((await store.find(['cyd'])).get('cyd')).toEqual(found.get('cyd'));
    store = await kind.again();
    expect((await store.find(['cyd'])).get('cyd')).toEqual(found.get('cyd'));
  });
  it('are destroyed for ever, also for whom there was none', async () => {
    await store.destroy(['ada', 'ada', 'never']);
    await store.add(new Map([['ada', 'k9'], ['never', 'k9'], ['dan', 'k4']]));
    for (const each of [store, (store = await kind.again())]) {
      expect(await each.find(['ada', 'never', 'dan'])).toEqual(new Map<string, unknown>([['ada', 'destroyed'], ['never', 'destroyed'], ['dan', { wrapped: 'k4' }]]));
    }
    await store.destroy(['ada']);
    expect((await store.find(['ada'])).get('ada')).toBe('destroyed');
  });
});

describe('the file of keys', () => {
  const kind = fileKind();
  beforeAll(() => kind.start());
  afterAll(() => kind.stop());
  const text = (): string => readFileSync(kind.path(), 'utf8');

  it('is for its owner only, and holds no destroyed key', async () => {
    const store = await kind.again();
    await store.add(new Map([['ada', 'secret-of-ada'], ['bob', 'secret-of-bob']]));
    await store.destroy(['ada']);
    expect(statSync(kind.path()).mode & 0o077).toBe(0);
    expect(text()).not.toContain('secret-of-ada');
    expect(text()).toContain('secret-of-bob');
  });
  it('is for one process', async () => {
    await expect(openFileKeyStore(join(kind.path(), '..'))).rejects.toThrow(/process/);
  });
  it('loses a line that was being written when the power went, and no other', async () => {
    await (await kind.again()).find([]);
    const end = join(kind.path(), '..', 'keys.end');
    const untold = readFileSync(end);
    await (await kind.again()).add(new Map([['cyd', 'secret-of-cyd']]));
    await kind.close();
    // The server died after it had written a part of the line and before it told anyone.
    truncateSync(kind.path(), Buffer.byteLength(text()) - 3);
    writeFileSync(end, untold);
    const store = await kind.again();
    expect([...(await store.find(['bob', 'cyd'])).keys()]).toEqual(['bob']);
    await store.add(new Map([['dan', 'secret-of-dan']]));
    expect([...(await (await kind.again()).find(['bob', 'cyd', 'dan'])).keys()]).toEqual(['bob', 'dan']);
  });
  it.each([
    ['the end of its last line', () => truncateSync(kind.path(), Buffer.byteLength(text()) - 1)],
    ['a line', () => writeFileSync(kind.path(), `${text().split('\n').slice(0, -2).join('\n')}\n`)],
    ['all of it', () => rmSync(kind.path())],
    ['its record', () => truncateSync(join(kind.path(), '..', 'keys.end'), 5)],
  ])('is not opened where %s is gone: somebody was told that it is there', async (_, damage) => {
    await kind.again();
    await kind.close();
    const [keys, end] = [text(), readFileSync(join(kind.path(), '..', 'keys.end'))];
    damage();
    await expect(kind.again()).rejects.toThrow(/^.*keys\.(jsonl ends at byte \d+ where there were \d+|end cannot be read): restore/);
    writeFileSync(kind.path(), keys);
    writeFileSync(join(kind.path(), '..', 'keys.end'), end);
    expect([...(await (await kind.again()).find(['bob'])).keys()]).toEqual(['bob']);
  });
  it('opens without a record, as earlier versions left it, and has one from then on', async () => {
    await kind.again();
    await kind.close();
    rmSync(join(kind.path(), '..', 'keys.end'));
    await kind.again();
    expect(readFileSync(join(kind.path(), '..', 'keys.end'), 'utf8')).toMatch(/^(\d{16}) \1\n$/);
  });
  it('is not opened where a line in it is damaged: it would lose persons without a word', async () => {
    const whole = text();
    writeFileSync(kind.path(), `{"subject":"x"}\n${whole}`);
    await expect(kind.again()).rejects.toThrow(/^Line 1 of .*keys\.jsonl cannot be read: restore/);
    writeFileSync(kind.path(), whole);
    expect([...(await (await openAfterDamage()).find(['bob'])).keys()]).toEqual(['bob']);
  });
  const openAfterDamage = (): Promise<KeyStore> => kind.again();
});
