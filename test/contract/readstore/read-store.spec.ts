import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTurn } from '../../../libs/kernel/together.js';
import { isTransient, ReadStoreError, SqlList, type CopyColumns, type CopyType, type CopyValue, type ReadStore, type Sql } from '../../../libs/readstore/sql.js';
import { STORE_KINDS, type StoreKind } from '../../../libs/testing/stores.js';

const kindOf = async (asked: Promise<unknown>): Promise<string> => asked.then(() => 'no error', (error: unknown) => (error instanceof ReadStoreError ? error.kind : `not one of ours: ${String(error)}`));
const ITEM = { id: 'text', n: 'integer' } as const satisfies CopyColumns;
const BAG = { number: 'bigint', share: 'double', flag: 'boolean', at: 'timestamptz', day: 'date', note: 'text', detail: 'jsonb' } as const satisfies CopyColumns;
const count = async (sql: Sql): Promise<number | undefined> => (await sql.query<{ n: number }>('SELECT count(*) AS n FROM item'))[0]?.n;

describe.each(STORE_KINDS)('a read store: $name', ({ start }) => {
  let kind: StoreKind;
  let store: ReadStore;
  beforeAll(async () => {
    kind = await start();
  });
  afterAll(() => kind.stop());
  beforeEach(async () => {
    store = await kind.empty();
    await store.script('CREATE TABLE item (id text PRIMARY KEY, n integer CHECK (n < 100)); CREATE TABLE bag (number bigint, share double precision, flag boolean, at timestamptz, day date, note text, detail jsonb)');
  });
  afterEach(() => store.close());

  it('gives back what it took, by parameters and in bulk, each type as itself', async () => {
    const rows = [
      [9_007_199_254_740_991, 0.1, true, '2026-03-29T00:59:59.999Z', '2024-02-29', 'tab\t, line\n, \\N, \\, "quoted", ünïcode 🙂', { a: [1, null, 'x\t\n\\'] }],
      [-1, 1e-300, false, '1970-01-01T00:00:00.000Z', '1999-12-31', '', {}],
      [null, null, null, null, null, null, null],
    ];
    await store.copyIn('bag', BAG, rows);
    for (const row of rows) await store.query(`INSERT INTO bag VALUES ($1, $2, $3, $4, $5, $6, $7)`, row);
    const found = await store.query<Record<string, unknown>>('SELECT * FROM bag');
    expect(found.map((row) => Object.keys(BAG).map((column) => row[column]))).toEqual([...rows, ...rows]);
  });

  it('takes moments and days in bulk as the server itself reads them', async () => {
    const moments = ['0001-01-01T00:00:00.000Z', '0099-12-31T23:59:59.999Z', '1582-10-15T12:00:00.000Z', '1900-02-28T23:59:59.001Z', '1999-12-31T23:59:59.999Z', '2000-01-01T00:00:00.000Z', '2000-01-01T00:00:00.001Z', '2000-01-01T00:01:00.001Z', '2000-02-29T00:00:00.010Z', '2024-02-29T10:20:30.400Z', '2100-03-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'];
    await store.copyIn('bag', { at: 'timestamptz', day: 'date', note: 'text' }, moments.map((moment) => [moment, moment.slice(0, 10), moment]));
    expect(await store.query(`SELECT note FROM bag WHERE at <> note::timestamptz OR day <> left(note, 10)::date`)).toEqual([]);
    expect(await store.query('SELECT count(*) AS n FROM bag')).toEqual([{ n: moments.length }]);
  });

  it.each([['number', 7], ['share', 0.5], ['flag', true], ['at', '2026-03-29T00:59:59.999Z'], ['day', '2024-02-29'], ['note', 'abc']] as const)('takes so many rows of %s in bulk that they leave in several pieces', async (column, value) => {
    await store.copyIn('bag', { [column]: BAG[column] }, Array.from({ length: 20_000 }, () => [value]));
    expect(await store.query(`SELECT ${column} AS value, count(*) AS n FROM bag GROUP BY 1`)).toEqual([{ value, n: 20_000 }]);
  });

  it('takes texts of every length in bulk, in rows of every size', async () => {
    const texts = Array.from({ length: 3_000 }, (_, index) => (index % 3 === 0 ? 'é' : 'e').repeat(index % 7 === 0 ? index * 40 : index % 50));
    await store.copyIn('bag', { number: 'bigint', note: 'text', detail: 'jsonb' }, texts.map((text, index) => [index, text, { text }]));
    const found = await store.query<{ note: string; inside: string }>(`SELECT note, detail->>'text' AS inside FROM bag ORDER BY number`);
    expect(found.map(({ note }) => note)).toEqual(texts);
    expect(found.map(({ inside }) => inside)).toEqual(texts);
  });

  it('reads rows one after the other, though each may be the same list', async () => {
    function* rows(): Iterable<readonly CopyValue[]> {
      const row: CopyValue[] = [];
      for (let index = 0; index < 3; index += 1) {
        row[0] = `row ${index}`;
        row[1] = index;
        yield row;
      }
    }
    await store.copyIn('item', ITEM, rows());
    expect(await store.query('SELECT id, n FROM item ORDER BY id')).toEqual([{ id: 'row 0', n: 0 }, { id: 'row 1', n: 1 }, { id: 'row 2', n: 2 }]);
  });

  const unfit: readonly (readonly [keyof typeof BAG, CopyValue])[] = [
    ['number', 2 ** 53], ['number', 1.5], ['number', '1'], ['share', '0.1'], ['flag', 't'], ['note', 1], ['note', 'a\0b'],
    ['at', '2026-02-30T00:00:00.000Z'], ['at', '2026-01-01T24:00:00.000Z'], ['at', '2026-01-01T00:60:00.000Z'], ['at', '2026-01-01T00:00:60.000Z'], ['at', '2026-01-01T00:00:00.0a0Z'], ['at', '2026-01-01T00:00:00.00aZ'], ['at', '0000-01-01T00:00:00.000Z'],
    ['at', '2026-01-01 00:00:00.000Z'], ['at', '2026-01-01'], ['at', ''], ['at', 0], ['day', ''], ['day', '2023-02-29'], ['day', '2026-00-10'], ['day', '0000-01-01'], ['day', '20260101'], ['day', '2026-01-01T00:00:00.000Z'], ['day', 0],
  ];
  it.each(unfit)('refuses %s in bulk that is %j, and nothing of the rest is kept', async (column, value) => {
    expect(await kindOf(store.transaction(async (sql) => {
      await inTurn([sql.copyIn('item', ITEM, [['a', 1]]), sql.copyIn('bag', { [column]: BAG[column] }, [[null], [value]]), sql.copyIn('item', ITEM, [['b', 1]])]);
    }))).toBe('rejected');
    expect(await count(store)).toBe(0);
    await store.copyIn('item', ITEM, [['a', 1]]);
  });
  it.each([2 ** 31, -(2 ** 31), 0.5, '1', true])('refuses %j for an integer in bulk', async (value) => expect(await kindOf(store.copyIn('item', ITEM, [['a', value]]))).toBe('rejected'));

  it('takes lists as parameters, and nothing in bulk', async () => {
    await store.copyIn('item', ITEM, []);
    await store.copyIn('item', ITEM, [['a', 1], ['b', 2], ['c', null]]);
    expect(await store.query('SELECT id FROM item WHERE id = ANY ($1::text[]) ORDER BY id', [['a', 'c', 'x']])).toEqual([{ id: 'a' }, { id: 'c' }]);
  });

  it('takes lists of a type as parameters, each as a plain list', async () => {
    const lists = { boolean: [true, null, false], bigint: [2 ** 53 - 1, -1, null], integer: [0, -(2 ** 31) + 1], text: ['a"b,{}\\', '', null, 'NULL', 'ü'.repeat(50)], double: [0.1, -1e300], date: ['2024-02-29', null], timestamptz: ['2026-03-29T00:59:59.999Z'], jsonb: [{ a: [1, '"'] }, null] } as const;
    for (const [type, values] of Object.entries(lists) as [CopyType, readonly CopyValue[]][]) { // its own entries
      const sqlType = type === 'double' ? 'double precision' : type;
      expect(await store.query(`SELECT v FROM unnest($1::${sqlType}[]) WITH ORDINALITY AS l (v, n) ORDER BY n`, [new SqlList(type, values)])).toEqual(values.map((v) => ({ v })));
    }
    expect(await store.query('SELECT 1 AS one WHERE NOT EXISTS (SELECT 1 FROM unnest($1::text[]))', [new SqlList('text', [])])).toEqual([{ one: 1 }]);
    const many = Array.from({ length: 20_000 }, (_, index) => `row ${index}`);
    expect(await store.query('SELECT count(DISTINCT v) AS n FROM unnest($1::text[]) AS l (v)', [new SqlList('text', many)])).toEqual([{ n: many.length }]);
  });

  it('commits all of a transaction, or nothing', async () => {
    await store.transaction(async (sql) => {
      await sql.query(`INSERT INTO item VALUES ('a', 1)`);
      await sql.copyIn('item', ITEM, [['b', 2]]);
    });
    await expect(store.transaction(async (sql) => {
      await sql.query(`INSERT INTO item VALUES ('c', 3)`);
      throw new Error('changed my mind');
    })).rejects.toThrow('changed my mind');
    expect(await kindOf(store.transaction((sql) => sql.copyIn('item', ITEM, [['d', 4], ['a', 5]])))).toBe('rejected');
    expect(await store.query('SELECT id FROM item ORDER BY id')).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  describe('statements of a transaction, asked without waiting for one another,', () => {
    it('run in the order in which they were asked', async () => {
      await store.transaction((sql) => inTurn([
        sql.copyIn('item', ITEM, [['a', 1], ['b', 2]]),
        sql.query('UPDATE item SET n = n + 10'),
        sql.copyIn('item', ITEM, [['c', 3]]),
        sql.query('DELETE FROM item WHERE id = ANY ($1::text[])', [['b']]),
      ]));
      expect(await store.query('SELECT id, n FROM item ORDER BY id')).toEqual([{ id: 'a', n: 11 }, { id: 'c', n: 3 }]);
    });

    it('tell of the one that failed first, and nothing of them stays', async () => {
      const wide = Array.from({ length: 5_000 }, (_, index) => [`row ${index}`, 5]);
      expect(await kindOf(store.transaction((sql) => inTurn([
        sql.query(`INSERT INTO item VALUES ('a', 1)`),
        // Whoever waits for this one is told a little later than who waits for the next: by then it must not be the next that counts.
        sql.copyIn('item', ITEM, [['b', 2], ['a', 3]]).catch(async (error: unknown) => {
          await new Promise((resolve) => setImmediate(resolve));
          throw error;
        }),
        sql.query('SELECT count(*) FROM item'),
        sql.copyIn('item', ITEM, wide),
      ])))).toBe('rejected');
      expect(await count(store)).toBe(0);
    });

    it('leave their connection as good as new, also where rows were sent to a table that is not there', async () => {
      const wide = Array.from({ length: 5_000 }, (_, index) => [`row ${index}`, 5]);
      for (let time = 0; time < 12; time += 1) expect(await kindOf(store.copyIn('no_such_table', ITEM, wide))).toBe('faulty');
      await store.copyIn('item', ITEM, wide);
      expect(await count(store)).toBe(5_000);
    });
  });

  describe('a snapshot', () => {
    beforeEach(() => store.copyIn('item', ITEM, [['a', 1], ['b', 2]]));

    it('is of one moment, also for statements asked at the same time', async () => {
      const counts = await store.transaction(async (sql) => {
        const first = await count(sql);
        // PGlite has one connection: another write waits for the snapshot's end there.
        if (store.kind === 'postgres') await store.query(`INSERT INTO item VALUES ('c', 3)`);
        return [first, ...await Promise.all(Array.from({ length: 20 }, () => count(sql)))];
      }, { snapshot: true });
      expect(counts).toEqual(Array.from({ length: 21 }, () => 2));
      await store.query(`INSERT INTO item VALUES ('d', 4)`);
      expect(await store.transaction(count, { snapshot: true })).toBe(store.kind === 'postgres' ? 4 : 3);
    });

    it('is read by many at once, more than there are connections', async () => {
      const ask = (): Promise<(number | undefined)[]> => store.transaction((sql) => Promise.all([count(sql), count(sql), count(sql)]), { snapshot: true });
      expect((await Promise.all(Array.from({ length: 40 }, ask))).flat()).toEqual(Array.from({ length: 120 }, () => 2));
    });

    it('refuses to write, on whichever connection', async () => {
      const write = (sql: Sql) => (id: string): Promise<string> => kindOf(sql.query(`INSERT INTO item VALUES ($1, 1)`, [id]));
      const outcomes: string[] = [];
      await store.transaction(async (sql) => outcomes.push(...await Promise.all(['x', 'y', 'z'].map(write(sql)))), { snapshot: true }).catch(() => undefined); // a failed one may not be committed
      expect(outcomes).toHaveLength(3);
      expect(outcomes).not.toContain('no error');
      expect(await count(store)).toBe(2);
    });

    it('fails as a whole where one statement does, and leaves the store as it was', async () => {
      const slow = 'SELECT count(*) AS n FROM generate_series(1, 200000)';
      const asked = store.transaction((sql) => Promise.all([sql.query(slow), sql.query('SELECT nothing FROM item'), sql.query(slow), count(sql)]), { snapshot: true });
      expect(await kindOf(asked)).toBe('faulty');
      expect(await store.transaction((sql) => Promise.all([count(sql), count(sql)]), { snapshot: true })).toEqual([2, 2]);
    });

    it('is over when its work is', async () => {
      let left: Sql | undefined;
      await store.transaction(async (sql) => {
        left = sql;
        await count(sql);
      }, { snapshot: true });
      expect(await kindOf(count(left!))).not.toBe('no error');
    });
  });

  it('sorts errors by what can be done about them', async () => {
    await store.query(`INSERT INTO item VALUES ('a', 1)`);
    expect(await kindOf(store.query(`INSERT INTO item VALUES ('a', 2)`))).toBe('rejected');
    expect(await kindOf(store.query(`INSERT INTO item VALUES ('b', 100)`))).toBe('rejected');
    expect(await kindOf(store.query('SELECT $1::integer', ['no number']))).toBe('rejected');
    expect(await kindOf(store.query('SELEC 1'))).toBe('faulty');
    expect(await kindOf(store.script('CREATE TABLE item (id text)'))).toBe('faulty');
  });

  it('lets one sit in a seat at a time', async () => {
    const seat = await store.takeSeat('worker');
    expect([seat?.held(), await store.takeSeat('worker'), (await store.takeSeat('another'))?.held()]).toEqual([true, undefined, true]);
    await seat!.leave();
    expect(seat!.held()).toBe(false);
    expect((await store.takeSeat('worker'))?.held()).toBe(true);
  });
});

describe('a read store that is not there', () => {
  it('says so, and that it may come back', async () => {
    const { openReadStore } = await import('../../../libs/readstore/open-read-store.js');
    const error: unknown = await openReadStore({ databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing' }).catch((reason: unknown) => reason);
    expect([error instanceof ReadStoreError && error.kind, isTransient(error)]).toEqual(['unavailable', true]);
  });
});
