import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildsOf } from '../../libs/projector/builds.js';
import { waitFor } from '../../libs/projector/wait-for.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { accounts, booked, opened, POISON_AMOUNT, unrelated } from '../../libs/testing/counter-projection.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { postgresKind, type StoreKind } from '../../libs/testing/stores.js';
import { startProjectionServer, type ProjectionServer } from './projection-server.js';

const WAIT_MS = 900_000;
const doubled = { ...accounts, version: 2, rows: (...[account, id]: Parameters<typeof accounts.rows>) => accounts.rows({ ...account, balance: account.balance * 2 }, id) };
const mended = { ...accounts, evolve: (...[state, event]: Parameters<typeof accounts.evolve>) => accounts.evolve(state, event.type === 'AmountBooked' && event.data.amount === POISON_AMOUNT ? { ...event, data: { ...event.data, amount: 6 } } : event) };

let kind: StoreKind;
let store: ReadStore;
let log: InMemoryLog;
let server: ProjectionServer;
beforeAll(async () => {
  kind = await postgresKind();
});
afterAll(() => kind.stop());
beforeEach(async () => {
  store = await kind.empty();
  log = new InMemoryLog();
  server = await startProjectionServer({ store, log, projection: accounts, partitions: 2 });
  await server.work();
});
afterEach(async () => {
  await server.stop();
  await store.close();
});

const caughtUp = async (): Promise<void> => expect(await waitFor(store, 'accounts', await log.head(), WAIT_MS)).toBe(true);
const balance = async (id: string): Promise<number | undefined> => (await store.query<{ balance: number }>('SELECT balance FROM accounts_account WHERE account_id = $1', [id]))[0]?.balance;
const states = async (): Promise<string[]> => (await buildsOf(store, 'accounts')).map(({ suffix, state }) => `${suffix} ${state}`);

describe('the status of projections', () => {
  it('says of each how far it is, who writes it and that it lacks nothing', async () => {
    log.append(opened('a'), booked('a', 5));
    await caughtUp();
    const { status, body } = await server.get('/v1/projections');
    expect(status).toBe(200);
    expect(body.projections).toMatchObject([{ projection: 'accounts', version: 1, declaredVersion: 1, head: await log.head(), position: await log.head(), caughtUp: true, lagEvents: 0, lagSeconds: 0, parked: 0, problems: [], lastError: null }]);
    expect(body.projections[0].partitions).toMatchObject([{ partition: 0, owner: expect.stringContaining(`:${process.pid}`), epoch: 1 }, { partition: 1 }]);
    const shown = await server.cli('projections', 'status');
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toMatch(/^projection +state +version .*\naccounts +live +1 +200 +200 +0 +0 s +[\d,]+ +0 +\S+\n$/);
    expect((await server.cli('projections', 'status', 'accounts')).out).toMatch(/partition +state[^\n]*epoch[^\n]*\n +0 .*\n +1 /);
    expect(JSON.parse((await server.cli('projections', 'status', '--json')).out)).toMatchObject({ projections: [{ projection: 'accounts' }] });
  });

  it('counts the events that a projection lacks, of those that it wants', async () => {
    log.append(opened('a'));
    await caughtUp();
    await server.rest();
    log.append(booked('a', 1), unrelated(), booked('a', 2), unrelated());
    const { body } = await server.get('/v1/projections/accounts');
    expect(body).toMatchObject({ state: 'idle', caughtUp: false, position: 100, head: 500, lagEvents: 2, lagEventsAtLeast: false });
    expect(body.lagSeconds).toBeGreaterThan(0);
  });

  it('never claims that nothing is missing while the log does not say how far it goes', async () => {
    log.append(opened('a'));
    await caughtUp();
    const { head } = log;
    log.head = () => Promise.reject(new Error('no answer'));
    expect((await server.get('/v1/projections/accounts')).body).toMatchObject({ head: null, caughtUp: false, lagEvents: null });
    log.head = head;
    expect((await server.get('/v1/projections/accounts')).body).toMatchObject({ caughtUp: true });
  });

  it('names the projections there are when asked for another', async () => {
    expect(await server.get('/v1/projections/acounts')).toMatchObject({ status: 404, body: { code: 'projection_unknown', detail: expect.stringContaining('accounts') } });
    expect(await server.cli('projections', 'status', 'acounts')).toEqual({ code: 2, out: '', err: 'There is no projection of this name. (acounts; there are accounts)\n' });
  });

  it('says that no engine answers', async () => {
    expect(await server.cli('projections', 'status', '--url', 'http://127.0.0.1:9')).toMatchObject({ code: 2, err: expect.stringContaining('does not answer at http://127.0.0.1:9') });
    expect(await server.cli('projections', 'status', '--url', 'nonsense')).toMatchObject({ code: 2, err: expect.stringContaining('is no address') });
  });
});

describe('a rebuild asked for from outside', () => {
  beforeEach(async () => {
    for (let each = 0; each < 50; each += 1) log.append(opened(`a${each}`), booked(`a${each}`, each));
    await caughtUp();
  });

  it('tells how far it is, compares, and swaps; a rollback undoes it, once', async () => {
    const told = await server.cli('projections', 'rebuild', 'accounts');
    expect(told).toMatchObject({ code: 0, out: expect.stringMatching(/accounts is rebuilt from 100 events: version 1, build 2 serves now\./) });
    expect(told.err).toMatch(/100 % \| filling \| 100 events/);
    expect(await states()).toEqual(['v1 former', 'v1_b2 serving']);
    expect(await server.cli('projections', 'rollback', 'accounts')).toMatchObject({ code: 0, out: expect.stringContaining('served by version 1, build 1 again') });
    expect(await states()).toEqual(['v1 serving', 'v1_b2 set_aside']);
    expect(await server.cli('projections', 'rollback', 'accounts')).toMatchObject({ code: 2, err: expect.stringContaining('There are no former tables to roll back to.') });
    log.append(booked('a3', 10));
    await caughtUp();
    expect(await balance('a3')).toBe(13);
  });

  it('shows the rows that differ and swaps only with force', async () => {
    await store.query(`UPDATE accounts_account_v1 SET balance = 999 WHERE account_id = 'a7'`);
    const told = await server.cli('projections', 'rebuild', 'accounts');
    expect(told.code).toBe(1);
    expect(told.err).toMatch(/account: of 50 rows, 1 are only in the serving table and 1 only in the rebuilt one\n.*serving: .*999.*\n.*rebuilt: .*7/);
    expect(await balance('a7')).toBe(999);
    expect(await server.cli('projections', 'rebuild', 'accounts', '--force')).toMatchObject({ code: 0, out: expect.stringContaining('not compared') });
    expect(await balance('a7')).toBe(7);
  });

  /** Its seat is free then. */
  async function rebuildIsOver(): Promise<void> {
    const free = await store.takeSeat('pipeledger rebuild accounts');
    return free ? free.leave() : new Promise<void>((resolve) => setImmediate(resolve)).then(rebuildIsOver);
  }

  it('goes on where it was when whoever asked has left', async () => {
    for (let each = 0; each < 12_000; each += 1) log.append(booked(`a${each % 50}`, 1, 'c'));
    const leave = new AbortController();
    const response = await fetch(`${server.url}/v1/projections/accounts/rebuild`, { method: 'POST', signal: leave.signal });
    await response.body!.getReader().read();
    leave.abort();
    await rebuildIsOver();
    expect(await states()).toEqual(['v1 serving', 'v1_b2 filling']);
    const { lines } = await server.post('/v1/projections/accounts/rebuild', {});
    expect(lines.at(-1)).toMatchObject({ kind: 'swapped', build: 2, comparison: { equal: true } });
    expect(lines.at(-2).events).toBeLessThan(log.entries.length);
  });

  it('says on Ctrl-C that the serving tables go on, and how the rest is done', async () => {
    for (let each = 0; each < 12_000; each += 1) log.append(booked(`a${each % 50}`, 1, 'c'));
    const told = server.cli('projections', 'rebuild', 'accounts');
    while (!(await states()).includes('v1_b2 filling')) await new Promise<void>((resolve) => setImmediate(resolve));
    process.emit('SIGINT');
    expect(await told).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^Interrupted: the tables that served go on\. Run the same command again to go on from there\.$/m) });
    expect((await states())[0]).toBe('v1 serving');
    expect(process.listenerCount('SIGINT')).toBe(0);
    await rebuildIsOver();
    expect(await server.cli('projections', 'rebuild', 'accounts')).toMatchObject({ code: 0 });
  });

  it('is refused while another one runs', async () => {
    const seat = await store.takeSeat('pipeledger rebuild accounts');
    expect(await server.post('/v1/projections/accounts/rebuild')).toMatchObject({ status: 409, lines: [{ code: 'rebuild_running' }] });
    await seat!.leave();
  });

  it('ends at the first event that cannot be folded, and says which', async () => {
    const position = log.append(booked('a1', POISON_AMOUNT));
    await caughtUp();
    expect(await server.cli('projections', 'rebuild', 'accounts')).toMatchObject({ code: expect.any(Number), out: '', err: expect.stringContaining(`event at position ${position} (AmountBooked in account-a1) cannot be folded`) });
    expect((await states())[0]).toBe('v1 serving');
  });

  it('is not for everyone, and takes nothing but what it knows', async () => {
    for (const path of ['rebuild', 'rollback', 'parked/retry', 'parked/100/discard']) {
      expect(await server.post(`/v1/projections/accounts/${path}`, {}, { 'pipeledger-role': 'coordinator' })).toMatchObject({ status: 403, lines: [{ code: 'forbidden' }] });
      expect(await server.post(`/v1/projections/acounts/${path}`, {})).toMatchObject({ status: 404, lines: [{ code: 'projection_unknown' }] });
    }
    expect(await server.post('/v1/projections/accounts/rebuild', { force: 'yes', quick: true })).toMatchObject({ status: 400, lines: [{ code: 'validation_failed', errors: [{ field: 'force' }, { field: 'quick' }] }] });
    expect(await server.post('/v1/projections/accounts/rebuild', [])).toMatchObject({ status: 400 });
    expect(await states()).toEqual(['v1 serving']);
  });

  it('of a version that the running program does not have leaves the tables to the former program', async () => {
    await server.work(doubled);
    while ((await states()).length < 2 || (await store.takeSeat('pipeledger rebuild accounts').then(async (seat) => (await seat?.leave(), !seat)))) await new Promise((resolve) => setImmediate(resolve));
    expect(await server.cli('projections', 'rebuild', 'accounts', '--force')).toMatchObject({ code: 0 });
    expect(await balance('a3')).toBe(6);
    expect(await server.cli('projections', 'rollback', 'accounts')).toMatchObject({ code: 0, out: expect.stringContaining('The running program has version 2 and does not write them') });
    await server.rest();
    log.append(booked('a3', 1));
    await store.query(`UPDATE projection_checkpoint SET heartbeat_at = now() - interval '1 minute'`);
    const { body } = await server.get('/v1/projections/accounts');
    expect(body).toMatchObject({ state: 'outdated', version: 1, declaredVersion: 2, lagEvents: 1, problems: [expect.stringContaining('it has version 2')] });
  });
});

describe('parked events, from outside', () => {
  let poison: number;
  beforeEach(async () => {
    poison = log.append(opened('a'), opened('b'), booked('a', POISON_AMOUNT));
    log.append(booked('a', 2), booked('b', 3));
    await caughtUp();
  });

  it('are listed, page by page, and looked at', async () => {
    const first = await server.get('/v1/projections/accounts/parked?limit=1');
    expect(first.body).toMatchObject({ parked: [{ position: poison, key: 'a', reason: 'poison', attempts: 1 }], next: poison });
    expect((await server.get(`/v1/projections/accounts/parked?limit=5&after=${first.body.next}`)).body).toMatchObject({ parked: [{ reason: 'held', error: null }], next: null });
    const listed = await server.cli('parked', 'list', 'accounts');
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.out).toMatch(/^position +reason +key .*\n +300 +poison +a +AmountBooked +account-a +1 +.*poison\n +400 +held +a /);
    expect(JSON.parse((await server.cli('parked', 'inspect', 'accounts', String(poison))).out)).toMatchObject({ parked: { key: 'a' }, event: { type: 'AmountBooked', data: { amount: POISON_AMOUNT } } });
    expect(await server.cli('parked', 'inspect', 'accounts', '100')).toMatchObject({ code: 2, err: expect.stringContaining('No event is parked at this position.') });
  });

  it('are folded once the program is mended', async () => {
    expect(await server.cli('parked', 'retry', 'accounts')).toEqual({ code: 1, out: '0 events folded, 2 still parked.\n', err: '' });
    await server.work(mended);
    expect(await server.cli('parked', 'retry', 'accounts', '--key', 'b')).toMatchObject({ code: 0, out: '0 events folded, 0 still parked.\n' });
    expect(await server.cli('parked', 'retry', 'accounts', '--key', 'a')).toEqual({ code: 0, out: '2 events folded, 0 still parked.\n', err: '' });
    expect(await balance('a')).toBe(8);
    expect((await server.cli('parked', 'list', 'accounts')).out).toBe('Nothing is parked in accounts.\n');
  });

  it('are passed over when discarded, and what they held back is folded', async () => {
    expect(await server.cli('parked', 'discard', 'accounts', String(poison))).toEqual({ code: 0, out: `accounts passes over the event at ${poison}. Behind it: 1 events folded, 0 still parked.\n`, err: '' });
    expect(await balance('a')).toBe(2);
    expect(await server.post(`/v1/projections/accounts/parked/${poison}/discard`)).toMatchObject({ status: 404, lines: [{ code: 'parked_not_found' }] });
  });

  it('take no wrong questions', async () => {
    for (const query of ['limit=0', 'limit=501', 'limit=x', 'after=-1']) expect(await server.get(`/v1/projections/accounts/parked?${query}`)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(await server.get('/v1/projections/accounts/parked/x')).toMatchObject({ status: 400, body: { errors: [{ field: 'position' }] } });
    expect(await server.post('/v1/projections/accounts/parked/retry', { key: 5, who: 'a' })).toMatchObject({ status: 400, lines: [{ errors: [{ field: 'key' }, { field: 'who' }] }] });
    expect(await server.cli('parked', 'inspect', 'accounts', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('It must be a whole number.') });
  });
});
