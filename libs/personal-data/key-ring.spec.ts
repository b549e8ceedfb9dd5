import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { KeyRing, TRUSTED_MS } from './key-ring.js';
import type { KeyStore, StoredKey } from './key-store.js';
import { parseMasterKey } from './master-key.js';
import { KEY_BYTES } from './seal.js';

const master = randomBytes(KEY_BYTES);

/** Keys in memory, for what the ring does with a store; what stores must do themselves, key-stores.spec.ts asks of the real ones. */
function inMemory(): KeyStore & { readonly keys: Map<string, StoredKey>; readonly asked: string[][] } {
  const keys = new Map<string, StoredKey>();
  const asked: string[][] = [];
  return {
    keys, asked,
    find: async (subjects) => {
      asked.push([...subjects]);
      return new Map(subjects.flatMap((subject) => (keys.has(subject) ? [[subject, keys.get(subject)!] as const] : [])));
    },
    add: async (added) => { for (const [subject, wrapped] of added) if (!keys.has(subject)) keys.set(subject, { wrapped }); },
    destroy: async (subjects) => { for (const subject of subjects) keys.set(subject, 'destroyed'); },
    close: async () => undefined,
  };
}

describe('the keys of persons', () => {
  it('are made once, wrapped, and the same for all who share the store', async () => {
    const store = inMemory();
    const [one, other] = await Promise.all([KeyRing.open(store, master), KeyRing.open(store, master)]);
    await Promise.all([one.prepare(['ada']), other.prepare(['ada', 'bob'])]);
    const key = one.keyOf('ada')!;
    expect(key).toHaveLength(KEY_BYTES);
    expect(other.keyOf('ada')).toEqual(key);
    expect(JSON.stringify([...store.keys])).not.toContain(key.toString('base64'));
    expect(other.keyOf('bob')).not.toEqual(key);
  });
  it('are not made by looking', async () => {
    const store = inMemory();
    const ring = await KeyRing.open(store, master);
    await ring.load(['nobody']);
    expect([ring.keyOf('nobody'), store.keys.has('nobody')]).toEqual([null, false]);
    await ring.prepare(['nobody']);
    expect(ring.keyOf('nobody')).not.toBeNull();
  });
  it('are gone once destroyed, and stay so', async () => {
    const store = inMemory();
    const ring = await KeyRing.open(store, master);
    await ring.prepare(['ada']);
    await ring.forget(['ada', 'never']);
    await ring.prepare(['ada', 'never']);
    expect([ring.keyOf('ada'), ring.keyOf('never'), store.keys.get('ada')]).toEqual([null, null, 'destroyed']);
  });
  it('are asked for again after a while, since another process may have destroyed them', async () => {
    const store = inMemory();
    let nowMs = 0;
    const [one, other] = [await KeyRing.open(store, master, () => nowMs), await KeyRing.open(store, master)];
    await one.prepare(['ada']);
    await other.forget(['ada']);
    expect(one.isAtHand('ada')).toBe(true);
    nowMs += TRUSTED_MS;
    expect(one.isAtHand('ada')).toBe(false);
    await one.load(['ada']);
    expect(one.keyOf('ada')).toBeNull();
  });
  it('go on being trusted while the store does not answer, where they were looked up before', async () => {
    const store = inMemory();
    let nowMs = 0;
    const ring = await KeyRing.open(store, master, () => nowMs);
    await ring.prepare(['ada']);
    const key = ring.keyOf('ada');
    nowMs += TRUSTED_MS;
    store.find = async () => { throw new Error('away'); };
    await ring.load(['ada']);
    expect(ring.keyOf('ada')).toEqual(key);
    await expect(ring.load(['ada', 'bob'])).rejects.toThrow('away');
    await ring.prepare(['ada']);
    expect(ring.keyOf('ada')).toEqual(key);
    await expect(ring.prepare(['ada', 'bob'])).rejects.toThrow('away');
    await expect(ring.prepare(['bob'])).rejects.toThrow('away');
  });
  it('are not read nor used here from the moment that they shall be destroyed, whether or not the store can', async () => {
    const store = inMemory();
    const ring = await KeyRing.open(store, master);
    await ring.prepare(['ada', 'bob']);
    const { destroy } = store;
    store.destroy = async () => { throw new Error('away'); };
    await expect(ring.forget(['ada'])).rejects.toThrow('away');
    await ring.load(['ada']);
    await ring.prepare(['ada', 'bob']);
    expect([ring.keyOf('ada'), store.keys.get('ada')]).toEqual([null, { wrapped: expect.any(String) }]);
    expect(ring.keyOf('bob')).toHaveLength(KEY_BYTES);
    store.destroy = destroy;
    await ring.forget(['ada']);
    expect(store.keys.get('ada')).toBe('destroyed');
  });
  it('do not come back by an answer that was under way when they were destroyed', async () => {
    const store = inMemory();
    await (await KeyRing.open(store, master)).prepare(['ada']);
    const ring = await KeyRing.open(store, master);
    const stale = await store.find(['ada']);
    let answer = (_: ReadonlyMap<string, StoredKey>): void => undefined;
    store.find = () => new Promise((resolve) => (answer = resolve));
    const looking = ring.load(['ada']);
    await ring.forget(['ada']);
    answer(stale);
    await looking;
    expect(ring.keyOf('ada')).toBeNull();
  });
  it('are looked up together, and only those that are not at hand', async () => {
    const store = inMemory();
    const ring = await KeyRing.open(store, master);
    await ring.prepare(['ada', 'bob']);
    store.asked.length = 0;
    await ring.load(['ada', 'cyd', 'bob', 'dan', 'cyd']);
    expect(store.asked).toEqual([['cyd', 'dan']]);
  });
  it('are not taken for forgotten where nobody looked', async () => {
    const ring = await KeyRing.open(inMemory(), master);
    expect(() => ring.keyOf('ada')).toThrow('was not looked up');
  });
  it('are each by themselves: a damaged one keeps nobody from the others', async () => {
    const store = inMemory();
    await (await KeyRing.open(store, master)).prepare(['ada', 'bob']);
    const { wrapped } = store.keys.get('ada') as { readonly wrapped: string }; // just made
    store.keys.set('ada', { wrapped: `${wrapped.slice(0, -4)}AAAA` });
    const ring = await KeyRing.open(store, master);
    await ring.load(['ada', 'bob']);
    expect(ring.keyOf('bob')).toHaveLength(KEY_BYTES);
    expect(() => ring.keyOf('ada')).toThrow(/key of ada is damaged/);
  });
  it('are not opened with another master key, nor overwritten by it', async () => {
    const store = inMemory();
    await (await KeyRing.open(store, master)).prepare(['ada']);
    const before = [...store.keys];
    await expect(KeyRing.open(store, randomBytes(KEY_BYTES))).rejects.toThrow(/another master key.*PIPELEDGER_MASTER_KEY/);
    expect([...store.keys]).toEqual(before);
  });
  it('have a master key of 32 bytes in base64', () => {
    expect(parseMasterKey(`${master.toString('base64')}\n`)).toEqual(master);
    for (const text of ['', 'x', master.toString('hex'), randomBytes(31).toString('base64'), `${master.toString('base64')}AAAA`, master.toString('base64').replace(/^../, '-_')]) expect(parseMasterKey(text)).toBeUndefined();
  });
});
