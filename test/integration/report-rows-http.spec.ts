import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseCsv } from '../support/parse-csv.js';
import { waitFor } from '../../libs/projector/wait-for.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { accounts, booked, closed, opened, renamed } from '../../libs/testing/counter-projection.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { postgresKind, type StoreKind } from '../../libs/testing/stores.js';
import { startProjectionServer, type ProjectionServer } from './projection-server.js';

const WAIT_MS = 900_000;
const ACCOUNTS = 47;
/** Some bookings have no owner, so that a sort meets cells without a value. */
const withGaps = { ...accounts, rows: (...[account, id]: Parameters<typeof accounts.rows>) => ({
  ...accounts.rows(account, id), booking: Object.entries(account.bookings).map(([tag, amount]) => ({ account_id: id, tag, amount, booked_by: account.owner === 'nobody' ? null : account.owner })),
}) };

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
  for (let each = 0; each < ACCOUNTS; each += 1) log.append(opened(`a${each}`, ['ada', 'bob', 'nobody'][each % 3]), booked(`a${each}`, (each * 7) % 10, 'x'), booked(`a${each}`, 1, 'y'));
  server = await startProjectionServer({ store, log, projection: withGaps, partitions: 2 });
  await server.work();
  await caughtUp();
});
afterEach(async () => {
  await server.stop();
  await store.close();
});

const caughtUp = async (): Promise<void> => expect(await waitFor(store, 'accounts', await log.head(), WAIT_MS)).toBe(true);
const ROWS = '/v1/reports/balances/rows';

/** All pages of one question, by the cursors or by the Link header. */
async function pages(query: string, between: () => Promise<void> = async () => undefined): Promise<any[]> { // eslint-disable-line @typescript-eslint/no-explicit-any -- tests read plain JSON by hand
  const rows: unknown[] = [];
  let path: string | undefined = `${ROWS}?${query}`;
  for (let page = 0; path !== undefined; page += 1) {
    expect(page).toBeLessThan(200);
    const answer: Awaited<ReturnType<ProjectionServer['get']>> = await server.get(path);
    expect(answer.status).toBe(200);
    rows.push(...answer.body.rows);
    path = /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    expect(path !== undefined).toBe(answer.body.next !== null);
    await between();
  }
  return rows;
}

describe('the rows behind a report', () => {
  it('come with what their columns mean, and the moment they are of', async () => {
    const { body } = await server.get(`${ROWS}?table=accounts_account&limit=2`);
    expect(body).toMatchObject({ position: await log.head(), lagMs: 0, definition: { name: 'balances', version: 1 }, projections: [{ name: 'accounts', version: 1 }], table: 'accounts_account', rows: [{ account_id: 'a0', owner: 'ada', balance: 1, detail: { y: 1 }, known_from_position: 300 }, { account_id: 'a1', owner: 'bob', balance: 8 }] });
    expect(body.columns).toEqual(expect.arrayContaining([{ name: 'balance', type: 'bigint', comment: 'Sum of its bookings.' }, { name: 'known_from_position', type: 'bigint', comment: 'Log position of the event that made the row true.' }]));
    expect(body.rows[0]).not.toHaveProperty('entity');
  });

  it.each(['', 'amount', '-amount', 'booked_by', '-booked_by', '-known_from', 'tag'])('come each once, in order, whatever the page: sort=%s', async (sort) => {
    const query = `table=accounts_booking${sort === '' ? '' : `&sort=${sort}`}`;
    const whole = await pages(`${query}&limit=5000`);
    const rows = await pages(`${query}&limit=7`);
    expect(rows).toEqual(whole);
    const count = await store.query<{ count: number }>('SELECT count(*) AS count FROM accounts_booking');
    expect([whole.length, new Set(whole.map(({ account_id, tag }) => `${account_id}/${tag}`)).size]).toEqual([count[0]!.count, count[0]!.count]);
    if (sort === '') return;
    const column = sort.replace('-', '');
    const values = whole.map((row) => row[column]).filter((value) => value !== null);
    expect(whole.slice(values.length).every((row) => row[column] === null)).toBe(true);
    expect(values).toEqual([...values].sort((a, b) => (a === b ? 0 : a < b === !sort.startsWith('-') ? -1 : 1)));
  });

  describe('where conditions hold', () => {
    type Row = Readonly<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests read plain JSON by hand
    const cases: [string[], (row: Row) => boolean][] = [
      [['booked_by.eq.ada'], ({ booked_by }) => booked_by === 'ada'],
      [['booked_by.ne.ada'], ({ booked_by }) => booked_by !== 'ada'],
      [['booked_by.is.null'], ({ booked_by }) => booked_by === null],
      [['booked_by.is.set', 'amount.gt.3'], ({ booked_by, amount }) => booked_by !== null && amount > 3],
      [['amount.gte.3', 'amount.lt.7'], ({ amount }) => amount >= 3 && amount < 7],
      [['amount.lte.1', 'tag.eq.y'], ({ amount, tag }) => amount <= 1 && tag === 'y'],
      [['amount.in.2,4,-8'], ({ amount }) => [2, 4].includes(amount)],
      [['known_from_position.gte.1000'], ({ known_from_position }) => known_from_position >= 1_000],
      [['known_from.lt.2020-01-01T00:00:00%2B01:00'], () => false],
      [["tag.eq.x' OR true --"], () => false],
    ];
    it.each(cases)('%j', async (where, holds) => {
      const all = await pages('table=accounts_booking&sort=-booked_by&limit=5000');
      const query = `table=accounts_booking&sort=-booked_by&limit=7&${where.map((each) => `where=${each}`).join('&')}`;
      expect(await pages(query)).toEqual(all.filter(holds));
    });
    it('a text with dots, a page that is asked for by its cursor alone', async () => {
      log.append(renamed('a0', 'a.b.c'), renamed('a3', 'a.b.c'));
      await caughtUp();
      const { rows, next } = (await server.get(`${ROWS}?table=accounts_account&limit=1&where=owner.eq.a.b.c`)).body;
      expect([...rows, ...(await server.get(`${ROWS}?cursor=${next}`)).body.rows]).toMatchObject([{ account_id: 'a0' }, { account_id: 'a3' }]);
    });
  });

  it('are of one moment on all pages, whatever is written meanwhile', async () => {
    const before = await pages('table=accounts_account&sort=-balance&limit=5000');
    let each = 0;
    const meanwhile = async (): Promise<void> => {
      log.append(booked(`a${each}`, 100), closed(`a${each + 20}`), opened(`b${each}`));
      each += 1;
      await caughtUp();
    };
    expect(await pages('table=accounts_account&sort=-balance&limit=10', meanwhile)).toEqual(before);
    expect(each).toBeGreaterThan(3);
  });

  it('are those known then, as of an earlier moment', async () => {
    const then = await log.head();
    const before = await pages('table=accounts_account');
    log.append(renamed('a0', 'eve'), closed('a1'));
    await caughtUp();
    expect(await pages(`table=accounts_account&asOf=${then}&limit=9`)).toEqual(before);
    expect((await pages('table=accounts_account')).length).toBe(ACCOUNTS - 1);
  });

  it('name what is wrong with a question', async () => {
    const { next } = (await server.get(`${ROWS}?table=accounts_account&limit=1`)).body;
    const forged = Buffer.from(JSON.stringify(['accounts_account', 1, 100, 'balance', [], '', ['much', 'a', 'a']])).toString('base64url');
    const wrong: [string, string][] = [
      ['', 'table'], ['table=nothing', 'table'], ['table=accounts_account&sort=colour', 'sort'], ['table=accounts_account&sort=detail', 'sort'], ['table=accounts_account&sort=__proto__', 'sort'],
      ['table=accounts_account&limit=0', 'limit'], ['table=accounts_account&limit=5001', 'limit'], ['table=accounts_account&asOf=yesterday', 'asOf'], ['table=accounts_account&cursor=!', 'cursor'], [`cursor=${forged}`, 'cursor'],
      [`table=accounts_booking&cursor=${next}`, 'cursor'], [`sort=balance&cursor=${next}`, 'cursor'], [`asOf=100&cursor=${next}`, 'cursor'], [`where=balance.gt.1&cursor=${next}`, 'cursor'],
      ...['', 'balance', 'balance.eq', 'colour.eq.red', 'detail.eq.x', '__proto__.eq.x', 'balance.like.1', 'balance.toString.1', 'balance.eq.much', 'balance.eq.', 'balance.in.1,,2', 'balance.gt.1e3', 'owner.eq.%00', 'owner.is.empty', 'known_from.gt.yesterday', `owner.eq.${'x'.repeat(2_000)}`]
        .map((where): [string, string] => [`table=accounts_account&where=${where}`, 'where']),
      [`table=accounts_account${'&where=owner.is.set'.repeat(21)}`, 'where'], ['table=accounts_account&colour=red', 'colour'], ['table=accounts_account&table=accounts_booking', 'table'], ['table=accounts_account&format=xml', 'format'],
    ];
    for (const [query, field] of wrong) expect({ query, ...(await server.get(`${ROWS}?${query}`)) }).toMatchObject({ query, status: 400, body: { code: 'validation_failed', errors: [{ field }] } });
    expect((await server.get(`${ROWS}?cursor=${next}`)).body.rows[0]).toMatchObject({ account_id: 'a1' });
  });
});

describe('a report and its rows as CSV', () => {
  it('hold exactly what the JSON does, by format or by Accept', async () => {
    log.append(renamed('a0', 'Comma, "quote"\nand line'), renamed('a1', ''), renamed('a2', '=1+1'), renamed('a3', "'=x"), renamed('a4', ' space '));
    await caughtUp();
    const { rows } = (await server.get(`${ROWS}?table=accounts_account`)).body;
    for (const answer of [await server.get(`${ROWS}?table=accounts_account&format=csv`), await server.get(`${ROWS}?table=accounts_account`, { accept: 'text/csv' })]) {
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
      const [header, ...lines] = parseCsv(answer.text);
      expect(header).toEqual(['account_id', 'owner', 'balance', 'detail', 'known_from_position', 'known_from']);
      expect(lines).toEqual(rows.map((row: Record<string, unknown>) => header!.map((name) => (typeof row[name] === 'object' ? JSON.stringify(row[name]) : String(row[name])))));
    }
    expect((await server.get(`${ROWS}?table=accounts_account`, { accept: 'application/json, text/csv;q=0.5' })).headers.get('content-type')).toContain('application/json');
    expect((await server.get(`${ROWS}?table=accounts_account&format=json`, { accept: 'text/csv' })).headers.get('content-type')).toContain('application/json');
    expect((await server.get(`${ROWS}?table=nothing`, { accept: 'text/csv' })).headers.get('content-type')).toContain('application/problem+json');
  });

  it('tell an empty text from none', async () => {
    log.append(renamed('a1', ''));
    await caughtUp();
    const { text } = await server.get(`${ROWS}?table=accounts_booking&format=csv&sort=booked_by`);
    expect(text).toContain('a1,x,7,"",');
    expect(text).toContain('a2,x,4,,');
  });

  it('keep formulas from running where a spreadsheet is asked for, in a way that can be undone', async () => {
    log.append(renamed('a0', '=HYPERLINK("x")'), renamed('a1', "'quoted"), renamed('a2', '-5'));
    await caughtUp();
    const exact = parseCsv((await server.get(`${ROWS}?table=accounts_account&format=csv`)).text);
    const guarded = (await server.get(`${ROWS}?table=accounts_account&format=csv&spreadsheet=true`)).text;
    expect(guarded.startsWith('\ufeff')).toBe(true);
    const cells = parseCsv(guarded.slice(1));
    expect(['a0', 'a1', 'a2'].map((id) => cells.find(([account]) => account === id)![1])).toEqual([`'=HYPERLINK("x")`, "''quoted", "'-5"]);
    expect(cells.flat().some((cell) => /^[=+@\t\r]/.test(cell))).toBe(false);
    expect(cells.map((line) => line.map((cell) => (cell.startsWith("'") ? cell.slice(1) : cell)))).toEqual(exact);
  });

  it('make a line of each entry of a list, behind what the answer says as a whole', async () => {
    const { body } = await server.get('/v1/reports/balances');
    const [header, ...lines] = parseCsv((await server.get('/v1/reports/balances?format=csv')).text);
    expect(header).toEqual(['asOf', 'position', 'definition.name', 'definition.version', 'lagMs', 'projections', 'total', 'span.unit', 'span.of.all', 'owners.owner', 'owners.balance', 'owners.tags', 'owners.note']);
    expect(lines.map((line) => line.slice(1, 4).concat(line.slice(5)))).toEqual(body.owners.map((each: { owner: string; balance: number }) => [String(body.position), 'balances', '1', '[{"name":"accounts","version":1}]', String(body.total), 'cent', 'true', each.owner, String(each.balance), `["${each.owner}"]`, '']));
    expect((await server.get('/v1/reports/balances?format=csv&list=owners')).text).toContain('owners.tags');
    expect(await server.get('/v1/reports/balances?format=csv&list=people')).toMatchObject({ status: 400, body: { errors: [{ field: 'list', message: 'list must be one of owners' }] } });
  });
});

describe('reading your own write', () => {
  it('waits for the position that a command returned', async () => {
    for (let each = 1; each <= 20; each += 1) {
      const position = log.append(booked('a0', 1));
      const { body } = await server.get(`/v1/reports/balances?waitMs=30000&minPosition=${position}`);
      expect(body.position).toBeGreaterThanOrEqual(position);
      expect((await server.get(`${ROWS}?table=accounts_account&waitMs=30000&minPosition=${position}&limit=1`)).body.rows).toMatchObject([{ balance: 1 + each }]);
    }
  });

  it('is given up after the time allowed, with a problem that says so', async () => {
    await server.rest();
    const position = log.append(booked('a0', 1));
    for (const path of ['/v1/reports/balances?', `${ROWS}?table=accounts_account&`]) {
      const answer = await server.get(`${path}minPosition=${position}&waitMs=20`);
      expect(answer).toMatchObject({ status: 503, body: { code: 'view_behind', detail: `position ${position} is not in the report after 20 ms` } });
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    // Who does not ask for it gets what there is, and how old it may be.
    const { body } = await server.get('/v1/reports/balances');
    expect(body.position).toBeLessThan(position);
    expect(body.lagMs).toBeGreaterThan(0);
  });

  it('takes a position and a time, and nothing else', async () => {
    for (const [query, field] of [['minPosition=-1', 'minPosition'], ['minPosition=x', 'minPosition'], ['minPosition=1&waitMs=30001', 'waitMs'], ['waitMs=-1', 'waitMs']]) {
      expect(await server.get(`/v1/reports/balances?${query}`)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    }
  });
});
