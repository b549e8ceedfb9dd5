import { describe, expect, it } from '@jest/globals';
import { openBuild, prepareStore } from '../../libs/projector/builds.js';
import { accounts } from '../../libs/testing/counter-projection.js';
import { configuredKind } from '../../libs/testing/stores.js';

/** Of two tables, one whose closed rows are found by their place in the log alone. */
const projection = {
  ...accounts,
  tables: {
    account: { ...accounts.tables.account, indexes: [{ columns: ['owner'] }, { columns: ['balance'], where: 'balance > 0', closed: false }] },
    booking: { ...accounts.tables.booking, closedByKey: false },
  },
} as const;

describe('the indexes of a build', () => {
  it('serve reports: on current rows all that are declared, on closed ones those that are looked up, and whom to forget', async () => {
    const kind = await configuredKind();
    const store = await kind.empty();
    try {
      await prepareStore(store);
      await openBuild(store, projection, 1);
      const found = await store.query<{ definition: string }>(`SELECT regexp_replace(indexdef, '^CREATE (UNIQUE )?INDEX \\S+ ON (public\\.)?', '') AS definition FROM pg_indexes WHERE tablename LIKE 'accounts_account%' OR tablename LIKE 'accounts_booking%' ORDER BY 1`);
      expect(found.map(({ definition }) => definition)).toEqual([
        'accounts_account_v1 USING btree (account_id, entity)',
        'accounts_account_v1 USING btree (balance) WHERE (balance > 0)',
        'accounts_account_v1 USING btree (owner)',
        'accounts_account_v1_history USING btree (account_id)',
        'accounts_account_v1_history USING btree (entity)',
        'accounts_account_v1_history USING btree (fork, known_to_position, known_from_position)',
        'accounts_account_v1_history USING btree (owner)',
        'accounts_booking_v1 USING btree (account_id, tag, entity)',
        'accounts_booking_v1_history USING btree (entity)',
        'accounts_booking_v1_history USING btree (fork, known_to_position, known_from_position)',
      ]);
    } finally {
      await store.close();
      await kind.stop();
    }
  });
});
