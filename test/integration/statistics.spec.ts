import { describe, expect, it } from '@jest/globals';
import { STATISTICS_EVENTS } from '../../libs/projector/limits.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { accounts, booked, opened } from '../../libs/testing/counter-projection.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { STORE_KINDS } from '../../libs/testing/stores.js';

const ROWS_KNOWN = `SELECT reltuples AS rows FROM pg_class WHERE oid = 'accounts_account_v1'::regclass`;

describe.each(STORE_KINDS)('what $name knows of how rows are spread', ({ start }) => {
  it('is looked at when a long log is taken in, and not for a few events', async () => {
    const kind = await start();
    const store = await kind.empty();
    try {
      const log = new InMemoryLog();
      const names = Array.from({ length: 100 }, (_, index) => `account ${index}`);
      log.append(...names.map((name) => opened(name)));
      await catchUp(store, log, [accounts]);
      expect((await store.query<{ rows: number }>(ROWS_KNOWN))[0]?.rows).not.toBe(names.length);
      log.append(...Array.from({ length: STATISTICS_EVENTS }, (_, index) => booked(names[index % names.length]!, 1)));
      await catchUp(store, log, [accounts]);
      expect(await store.query(ROWS_KNOWN)).toEqual([{ rows: names.length }]);
    } finally {
      await store.close();
      await kind.stop();
    }
  });
});
