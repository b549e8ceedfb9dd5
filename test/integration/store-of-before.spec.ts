import { describe, expect, it } from '@jest/globals';
import { catchUp } from '../../libs/testing/caught-up.js';
import { accounts, booked, opened } from '../../libs/testing/counter-projection.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { configuredKind } from '../../libs/testing/stores.js';

const stateType = `SELECT format_type(atttypid, NULL) AS type FROM pg_attribute WHERE attrelid = 'accounts_v1_state'::regclass AND attname = 'state'`;

describe('a store made by an earlier version', () => {
  it('goes on where it was, its states as json from now on', async () => {
    const kind = await configuredKind();
    const store = await kind.empty();
    try {
      const log = new InMemoryLog();
      log.append(opened('a'));
      await catchUp(store, log, [accounts]);
      await store.script('ALTER TABLE accounts_v1_state ALTER COLUMN state TYPE jsonb');
      log.append(booked('a', 5));
      await catchUp(store, log, [accounts]);
      expect(await store.query(stateType)).toEqual([{ type: 'json' }]);
      expect(await store.query('SELECT balance FROM accounts_account')).toEqual([{ balance: 5 }]);
    } finally {
      await store.close();
      await kind.stop();
    }
  });
});
