import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { readModels } from '../../apps/projector/src/start-projector.js';
import { tablesPage } from '../../libs/projector/tables-page.js';

describe('docs/tables.md', () => {
  it('is what the definitions say: to write it anew, run node --import ./test/support/ts-loader.mjs apps/projector/src/write-tables-page.ts', async () => {
    const { projections, reports } = await readModels();
    expect(projections.length).toBeGreaterThan(5);
    expect(await readFile('docs/tables.md', 'utf8')).toBe(tablesPage(projections, reports));
  });
});
