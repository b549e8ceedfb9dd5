import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withView } from '../../libs/projector/open-view.js';
import { Projector } from '../../libs/projector/projector.js';
import { waitFor } from '../../libs/projector/wait-for.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { accounts, booked, bookings, closed, opened, renamed, unrelated } from '../../libs/testing/counter-projection.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { STORE_KINDS, type StoreKind } from '../../libs/testing/stores.js';

const WAIT_MS = 900_000;

describe.each(STORE_KINDS)('the projector on $name', ({ start }) => {
  let kind: StoreKind;
  beforeAll(async () => {
    kind = await start();
  });
  afterAll(() => kind.stop());

  async function live(log: InMemoryLog, work: (store: ReadStore, projector: Projector) => Promise<void>): Promise<void> {
    const store = await kind.empty();
    const failures: unknown[] = [];
    const projector = new Projector({ store, source: log, projections: [accounts, bookings], report: (_, error) => failures.push(error) });
    await projector.start();
    try {
      await work(store, projector);
    } finally {
      await projector.stop();
      await store.close();
      expect(failures).toEqual([]);
    }
  }

  const balances = (store: ReadStore, asOf?: { position: number } | { time: string }) =>
    withView(store, ['accounts'], asOf, async (view) => view.query<{ account_id: string; balance: number }>(`SELECT account_id, balance FROM ${view.table('accounts_account')} a ORDER BY account_id`));

  it('shows an event in the tables once a caller has waited for its position', () => {
    const log = new InMemoryLog();
    return live(log, async (store, projector) => {
      const position = log.append(opened('a'), booked('a', 5), opened('b'), booked('b', 7, 'x'));
      expect(await waitFor(store, 'accounts', position, WAIT_MS, (listener) => projector.onCommit(listener))).toBe(true);
      expect(await balances(store)).toEqual([{ account_id: 'a', balance: 5 }, { account_id: 'b', balance: 7 }]);
    });
  });

  it('moves on past events that nobody wants, so that a wait for them ends', () => {
    const log = new InMemoryLog();
    return live(log, async (store) => {
      expect(await waitFor(store, 'accounts', log.append(unrelated()), WAIT_MS)).toBe(true);
    });
  });

  it('answers as of any earlier position and time as it did then', () => {
    const log = new InMemoryLog();
    return live(log, async (store) => {
      const first = log.append(opened('a'), booked('a', 5));
      const second = log.append(booked('a', 7), opened('b'), renamed('a', 'bob'));
      const third = log.append(closed('a'), booked('b', 1));
      expect(await waitFor(store, 'accounts', third, WAIT_MS)).toBe(true);
      expect(await balances(store, { position: first })).toEqual([{ account_id: 'a', balance: 5 }]);
      expect(await balances(store, { position: second })).toEqual([{ account_id: 'a', balance: 12 }, { account_id: 'b', balance: 0 }]);
      expect(await balances(store, { position: third })).toEqual([{ account_id: 'b', balance: 1 }]);
      expect(await balances(store, { time: log.events[1]!.recordedAt })).toEqual([{ account_id: 'a', balance: 5 }]);
      expect(await balances(store, { time: '2025-01-01T00:00:00.000Z' })).toEqual([]);
    });
  });

  it('answers as of an earlier position also from tables whose rows never end', () => {
    const log = new InMemoryLog();
    return live(log, async (store) => {
      const positions = [1, 2, 4].map((amount) => log.append(booked('a', amount)));
      expect(await waitFor(store, 'bookings', positions[2]!, WAIT_MS)).toBe(true);
      const sumAt = (position: number) => withView(store, ['bookings'], { position }, (view) => view.query(`SELECT sum(amount)::bigint AS sum FROM ${view.table('bookings_booking')} b`));
      expect(await Promise.all(positions.map(sumAt))).toEqual([[{ sum: 1 }], [{ sum: 3 }], [{ sum: 7 }]]);
    });
  });

  it('says of a position when its last event was recorded, and of a time how far the log went then', () => {
    const log = new InMemoryLog();
    return live(log, async (store) => {
      const third = log.append(opened('a'), booked('a', 5), booked('a', 7));
      expect(await waitFor(store, 'accounts', third, WAIT_MS)).toBe(true);
      const momentOf = (asOf: { position: number } | { time: string }) => withView(store, ['accounts'], asOf, ({ asOf: time, position }) => Promise.resolve({ time, position }));
      for (const { position, recordedAt } of log.events.slice(0, -1)) {
        expect(await momentOf({ position })).toEqual({ time: recordedAt, position });
        expect(await momentOf({ time: recordedAt })).toEqual({ time: recordedAt, position });
      }
    });
  });
});
