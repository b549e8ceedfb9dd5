import { describe, expect, it } from '@jest/globals';
import { readModels } from '../../apps/projector/src/start-projector.js';
import { tablesOf, viewName } from '../../libs/projector/names.js';
import { Projector } from '../../libs/projector/projector.js';
import { InMemoryLog } from '../../libs/testing/in-memory-log.js';
import { postgresKind } from '../../libs/testing/stores.js';

interface Described {
  readonly relation: string;
  readonly column: string | null;
  readonly comment: string | null;
}

const DESCRIBED = `
SELECT c.relname AS relation, NULL AS column, obj_description(c.oid, 'pg_class') AS comment FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')
UNION ALL
SELECT c.relname, a.attname, col_description(c.oid, a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped`;

describe('the tables in PostgreSQL', () => {
  it('say what they and all their columns mean', async () => {
    const kind = await postgresKind();
    const store = await kind.empty();
    const { projections } = await readModels();
    const projector = new Projector({ store, source: new InMemoryLog(), projections });
    await projector.start();
    try {
      const described = await store.query<Described & Record<string, string | null>>(DESCRIBED);
      expect(described.filter(({ comment }) => comment === null || comment.trim() === '')).toEqual([]);
      const said = new Map(described.map(({ relation, column, comment }) => [`${relation}.${column ?? ''}`, comment]));
      for (const projection of projections) {
        for (const [table, spec] of tablesOf(projection)) {
          const view = viewName(projection.name, table);
          expect(said.get(`${view}.`)).toBe(spec.comment);
          for (const [column, { comment }] of Object.entries(spec.columns)) expect([said.get(`${view}.${column}`), said.get(`${view}_history.${column}`)]).toEqual([comment, comment]);
        }
      }
    } finally {
      await projector.stop();
      await store.close();
      await kind.stop();
    }
  });
});
