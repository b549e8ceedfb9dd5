import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { buildsOf } from '../../libs/projector/builds.js';
import { foldLog } from '../../libs/projector/fold-log.js';
import { discardParked, inspectParked, listParked, retryParked } from '../../libs/projector/parked.js';
import { Projector } from '../../libs/projector/projector.js';
import { rebuild } from '../../libs/projector/rebuild.js';
import { problemsOf } from '../../libs/projector/status.js';
import { waitFor } from '../../libs/projector/wait-for.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { accounts, booked, closed, opened, POISON_AMOUNT, renamed } from '../../libs/testing/counter-projection.js';
import { dumpFold, dumpTables } from '../../libs/testing/dump-tables.js';
import { InMemoryLog, recorded } from '../../libs/testing/in-memory-log.js';
import { STORE_KINDS, type StoreKind } from '../../libs/testing/stores.js';

const WAIT_MS = 900_000;

/** The definition after its mistake was mended: the same tables, and no amount is poison. */
const mended = { ...accounts, evolve: (...[state, event]: Parameters<typeof accounts.evolve>) => accounts.evolve(state, event.type === 'AmountBooked' && event.data.amount === POISON_AMOUNT ? { ...event, data: { ...event.data, amount: 6 } } : event) };

/** Half a character: valid in a JavaScript string, not in a database. */
const HALF = '\ud800';

/** Tags stand only in the JSON of an account, of which the engine does not look at the texts: it is the store that refuses HALF. */
const unchecked = { ...accounts, rows: (...[account, id]: Parameters<typeof accounts.rows>) => ({ account: accounts.rows(account, id).account ?? [] }) };

describe.each(STORE_KINDS)('events that cannot be folded, on $name', ({ start }) => {
  let kind: StoreKind;
  let store: ReadStore;
  let log: InMemoryLog;
  let projector: Projector;
  let failures: unknown[];
  beforeAll(async () => {
    kind = await start();
  });
  afterAll(() => kind.stop());
  beforeEach(async () => {
    store = await kind.empty();
    log = new InMemoryLog();
    failures = [];
    projector = new Projector({ store, source: log, projections: [accounts], partitions: 2, report: (_, error) => failures.push(error) });
    await projector.start();
  });
  afterEach(async () => {
    await projector.stop();
    await store.close();
  });

  const caughtUp = async (): Promise<void> => expect(await waitFor(store, 'accounts', await log.head(), WAIT_MS)).toBe(true);
  const balance = async (id: string): Promise<number | undefined> => (await store.query<{ balance: number }>('SELECT balance FROM accounts_account WHERE account_id = $1', [id]))[0]?.balance;

  it('are parked with what follows of their key, while every other key goes on', async () => {
    log.append(opened('a'), opened('b'), booked('a', 1), booked('a', POISON_AMOUNT), booked('a', 2), booked('b', 3));
    await caughtUp();
    log.append(booked('a', 4), booked('b', 5));
    await caughtUp();
    expect(await listParked(store, 'accounts')).toMatchObject([{ key: 'a', reason: 'poison', error: expect.stringContaining('poison') }, { key: 'a', reason: 'held', error: null }, { key: 'a', reason: 'held' }]);
    expect([await balance('a'), await balance('b')]).toEqual([1, 8]);
    const [status] = await projector.status();
    expect(status).toMatchObject({ parked: 3, caughtUp: true });
    expect(problemsOf(status!)).toEqual(['accounts has 3 events parked; the limit is 0']);
    expect(problemsOf(status!, { lagSecondsMax: 60, parkedMax: 3 })).toEqual([]);
  });

  it('fold like any other once the definition is mended: the key is replayed, and the tables are as if nothing had been', async () => {
    log.append(opened('a'), booked('a', POISON_AMOUNT), booked('a', 2), opened('b'), closed('a'));
    await caughtUp();
    expect(await retryParked(store, log, accounts)).toEqual({ folded: 0, parked: 3 });
    expect(await retryParked(store, log, mended, { key: 'b' })).toEqual({ folded: 0, parked: 0 });
    expect(await retryParked(store, log, mended, { key: 'a' })).toEqual({ folded: 3, parked: 0 });
    expect(await listParked(store, 'accounts')).toEqual([]);
    expect(await dumpTables(store, accounts)).toEqual(dumpFold(accounts, foldLog(mended, log.events)));
    // The live worker had folded on without them: it must notice, and neither lose nor repeat anything.
    log.append(opened('a', 'eve'), booked('a', 9), booked('b', 1));
    await caughtUp();
    expect(await dumpTables(store, accounts)).toEqual(dumpFold(accounts, foldLog(mended, log.events)));
    expect(failures).toEqual([]);
  });

  it('are passed over for good when discarded, in a rebuild too', async () => {
    const poison = log.append(opened('a'), booked('a', POISON_AMOUNT));
    log.append(booked('a', 2));
    await caughtUp();
    expect(await inspectParked(store, log, 'accounts', poison)).toMatchObject({ parked: { key: 'a', attempts: 1 }, entry: { data: { amount: POISON_AMOUNT } } });
    expect(await discardParked(store, log, accounts, poison)).toEqual({ folded: 1, parked: 0 });
    expect(await discardParked(store, log, accounts, poison)).toBeUndefined();
    expect(await balance('a')).toBe(2);
    expect(await rebuild(store, log, accounts, { owner: 'test' })).toMatchObject({ swapped: true, comparison: { equal: true } });
  });

  it('end a rebuild, which is strict, and leave the serving tables alone', async () => {
    log.append(opened('a'), booked('a', POISON_AMOUNT), opened('b'));
    await caughtUp();
    await expect(rebuild(store, log, accounts, { owner: 'test' })).rejects.toThrow(/cannot be folded/);
    expect(await buildsOf(store, 'accounts')).toMatchObject([{ state: 'serving' }, { state: 'filling' }]);
    expect(await balance('b')).toBe(0);
  });

  it('hold their stream where they could not even be decoded, until they can', async () => {
    // Enough keys that some belong to another partition than their stream does.
    const others = ['c', 'd', 'e', 'f', 'g'];
    log.append(opened('a'), opened('b'), ...others.map((each) => opened(each)));
    const brokenOthers = others.map((each) => log.appendUndecodable({ stream: `account-${each}`, type: 'AmountBooked', error: 'version 9 is unknown' }));
    const broken = log.appendUndecodable({ stream: 'account-a', type: 'AmountBooked', error: 'version 9 is unknown' });
    log.append(booked('a', 2), booked('b', 3));
    await caughtUp();
    expect((await listParked(store, 'accounts')).slice(others.length)).toMatchObject([{ key: null, stream: 'account-a', reason: 'poison' }, { key: 'a', reason: 'held' }]);
    expect([await balance('a'), await balance('b')]).toEqual([0, 3]);
    others.forEach((each, index) => log.replace(brokenOthers[index]!, recorded(booked(each, 5), brokenOthers[index]!, '2026-01-01T00:00:07.000Z')));
    log.replace(broken, recorded(booked('a', 5), broken, '2026-01-01T00:00:07.000Z'));
    expect(await retryParked(store, log, accounts)).toEqual({ folded: others.length + 2, parked: 0 });
    expect(await dumpTables(store, accounts)).toEqual(dumpFold(accounts, foldLog(accounts, log.events)));
  });

  it('are found by halves when it is the store that refuses their data', async () => {
    await projector.stop();
    projector = new Projector({ store, source: log, projections: [unchecked], report: (_, error) => failures.push(error) });
    await projector.start();
    log.append(opened('a'), booked('a', 1), booked('a', 7, HALF), booked('a', 2), opened('b'), booked('b', 4));
    await caughtUp();
    expect(await listParked(store, 'accounts')).toMatchObject([{ key: 'a', reason: 'poison', type: 'AmountBooked', error: expect.stringContaining('json') }, { key: 'a', reason: 'held' }]);
    expect([await balance('a'), await balance('b')]).toEqual([1, 4]);
  });

  it('are those with half a character, which no text of a row can hold', async () => {
    log.append(opened('a'), renamed('a', HALF), opened('b', 'zoë 👋'));
    await caughtUp();
    expect(await listParked(store, 'accounts')).toMatchObject([{ key: 'a', reason: 'poison', type: 'AccountRenamed', error: expect.stringContaining('account.owner cannot hold') }]);
    expect([await balance('a'), await balance('b')]).toEqual([0, 0]);
  });

  it('are found while the next batch is already folded on top of them', async () => {
    await projector.stop();
    log = new InMemoryLog('2026-01-01T00:00:00.000Z', 2);
    log.append(opened('a'), opened('b'), booked('a', 1), booked('a', 7, HALF));
    for (let each = 1; each <= 20; each += 1) log.append(booked('a', 1), booked('b', each));
    projector = new Projector({ store, source: log, projections: [unchecked], report: (_, error) => failures.push(error) });
    await projector.start();
    await caughtUp();
    expect([await balance('a'), await balance('b'), (await listParked(store, 'accounts')).length]).toEqual([1, 210, 21]);
    expect(failures).toEqual([]);
  });

  it('stop the projection when there are too many: then it is the definition that is wrong', async () => {
    for (let each = 0; each < 200; each += 1) log.append(opened(`a${each}`), booked(`a${each}`, POISON_AMOUNT));
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (failures.length < 2) return;
        clearInterval(look);
        resolve();
      }, 20);
    });
    const [status] = await projector.status();
    expect(status).toMatchObject({ state: 'stopped', caughtUp: false, lastError: expect.stringContaining('could not be folded') });
    expect(problemsOf(status!)).toEqual(expect.arrayContaining([expect.stringContaining('has stopped')]));
  });
});
