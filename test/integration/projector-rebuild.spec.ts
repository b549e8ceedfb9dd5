import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildsOf } from '../../libs/projector/builds.js';
import { withView } from '../../libs/projector/open-view.js';
import { Projector } from '../../libs/projector/projector.js';
import { rebuild, type RebuildProgress } from '../../libs/projector/rebuild.js';
import { rollBack } from '../../libs/projector/swap.js';
import { waitFor } from '../../libs/projector/wait-for.js';
import type { AnyProjection } from '../../libs/kernel/projection.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { accounts, booked, opened } from '../../libs/testing/counter-projection.js';
import { dumpTables } from '../../libs/testing/dump-tables.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { STORE_KINDS, type StoreKind } from '../../libs/testing/stores.js';

const WAIT_MS = 900_000;
const owner = 'test';

/** Version 2 counts every booking double. */
const doubled = { ...accounts, version: 2, rows: (...[account, id]: Parameters<typeof accounts.rows>) => accounts.rows({ ...account, balance: account.balance * 2 }, id) };

describe.each(STORE_KINDS)('a rebuild on $name', ({ start }) => {
  let kind: StoreKind;
  let store: ReadStore;
  let log: InMemoryLog;
  beforeAll(async () => {
    kind = await start();
  });
  afterAll(() => kind.stop());
  beforeEach(async () => {
    store = await kind.empty();
    log = new InMemoryLog();
    for (let each = 0; each < 50; each += 1) log.append(opened(`a${each}`), booked(`a${each}`, each), booked(`a${each}`, 1, 'b'));
    await catchUp(store, log, [accounts]);
  });
  afterEach(() => store.close());

  const balance = async (id: string): Promise<number | undefined> => (await store.query<{ balance: number }>('SELECT balance FROM accounts_account WHERE account_id = $1', [id]))[0]?.balance;
  const states = async (): Promise<string[]> => (await buildsOf(store, 'accounts')).map(({ suffix, state }) => `${suffix} ${state}`);
  const runs = async (projection: AnyProjection, work: (projector: Projector, said: string[]) => Promise<void>): Promise<void> => {
    const said: string[] = [];
    const projector = new Projector({ store, source: log, projections: [projection], report: (message) => said.push(message) });
    await projector.start();
    try {
      await work(projector, said);
    } finally {
      await projector.stop();
    }
  };

  it('of an unchanged definition comes out equal and takes over, while the live worker goes on', async () => {
    await runs(accounts, async () => {
      const phases: RebuildProgress['phase'][] = [];
      const before = await dumpTables(store, accounts);
      expect(await rebuild(store, log, accounts, { owner, onProgress: ({ phase }) => phases.push(phase) })).toMatchObject({ swapped: true, comparison: { equal: true } });
      expect([...new Set(phases)]).toEqual(['filling', 'indexing', 'comparing', 'swapped']);
      expect(await states()).toEqual(['v1 former', 'v1_b2 serving']);
      expect(await dumpTables(store, accounts)).toEqual(before);
      expect(await waitFor(store, 'accounts', log.append(booked('a1', 10)), WAIT_MS)).toBe(true);
      expect(await balance('a1')).toBe(12);
    });
  });

  it('that comes out different does not take over, and says where it differs', async () => {
    await store.query(`UPDATE accounts_account_v1 SET balance = 999 WHERE account_id = 'a7'`);
    const outcome = await rebuild(store, log, accounts, { owner });
    expect(outcome).toMatchObject({ swapped: false, comparison: { equal: false } });
    const differing = 'comparison' in outcome ? outcome.comparison!.tables.find(({ table }) => table === 'account') : undefined;
    expect(differing).toMatchObject({ rows: 50, onlyServing: 1, onlyRebuilt: 1, examples: [{ side: 'serving', row: { account_id: 'a7', balance: 999 } }, { side: 'rebuilt', row: { balance: 8 } }] });
    expect(await balance('a7')).toBe(999);
    expect(await rebuild(store, log, accounts, { owner, force: true })).toMatchObject({ swapped: true });
    expect(await balance('a7')).toBe(8);
  });

  it('of a new version takes over by itself when nothing differs but what the version declares', async () => {
    await runs({ ...doubled, revises: ['account'] }, async () => {
      expect(await waitFor(store, 'accounts', log.append(opened('z'), booked('z', 4)), WAIT_MS)).toBe(true);
      expect(await balance('z')).toBe(8);
      expect(await states()).toEqual(['v1 former', 'v2 serving']);
    });
  });

  it('of a new version that changes more than it declares waits, while the former version serves', async () => {
    await runs(doubled, async (_, said) => {
      while (said.length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(said).toEqual([expect.stringContaining('differs from the tables that serve')]);
      expect(await states()).toEqual(['v1 serving', 'v2 filling']);
      expect(await balance('a3')).toBe(4);
    });
  });

  it('can be rolled back with one command; the former tables go on from where they were left', async () => {
    expect(await rebuild(store, log, doubled, { owner, force: true })).toMatchObject({ swapped: true });
    expect(await balance('a3')).toBe(8);
    expect(await rollBack(store, 'accounts')).toMatchObject({ version: 1 });
    expect(await balance('a3')).toBe(4);
    expect(await states()).toEqual(['v1 serving', 'v2 set_aside']);
    await runs(accounts, async () => {
      expect(await waitFor(store, 'accounts', log.append(booked('a3', 1)), WAIT_MS)).toBe(true);
      expect(await balance('a3')).toBe(5);
    });
    // The program still has version 2: it must not take over again by itself.
    await runs({ ...doubled, revises: ['account'] }, async () => expect(await states()).toEqual(['v1 serving', 'v2 set_aside']));
    await expect(rollBack(store, 'accounts')).rejects.toThrow(/no former tables/);
  });

  it('that was interrupted is resumed where it stopped', async () => {
    for (let each = 0; each < 6_000; each += 1) log.append(booked(`a${each % 50}`, 1, 'c'));
    const stop = new AbortController();
    let seen = 0;
    const first = await rebuild(store, log, accounts, { owner, signal: stop.signal, onProgress: ({ events }) => {
      seen = events;
      stop.abort();
    } });
    expect(first).toMatchObject({ swapped: false, interrupted: true });
    let resumed = 0;
    await catchUp(store, log, [accounts]);
    expect(await rebuild(store, log, accounts, { owner, onProgress: ({ events }) => (resumed = events) })).toMatchObject({ swapped: true, comparison: { equal: true } });
    expect(resumed + seen).toBe(log.entries.length);
    expect(resumed).toBeLessThan(log.entries.length);
  });

  it('cannot run twice at once', async () => {
    let second: Promise<unknown> | undefined;
    await rebuild(store, log, accounts, { owner, onProgress: () => (second ??= rebuild(store, log, accounts, { owner }).catch((error: unknown) => error)) });
    expect(String(await second)).toMatch(/being rebuilt elsewhere/);
  });

  it('leaves reports on the serving tables at every moment', async () => {
    const answers: number[] = [];
    const ask = async (): Promise<void> => withView(store, ['accounts'], undefined, async (view) => {
      const [row] = await view.query<{ count: number }>(`SELECT count(*) AS count FROM ${view.table('accounts_account')} a`);
      answers.push(row!.count);
    });
    const asked: Promise<void>[] = [];
    await rebuild(store, log, accounts, { owner, onProgress: () => asked.push(ask()) });
    await Promise.all(asked);
    expect(new Set(answers)).toEqual(new Set([50]));
  });
});
