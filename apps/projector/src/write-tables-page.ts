import { writeFile } from 'node:fs/promises';
import { tablesPage } from '../../../libs/projector/tables-page.js';
import { readModels } from './start-projector.js';

const PAGE = 'docs/tables.md';

const { projections, reports } = await readModels();
await writeFile(PAGE, tablesPage(projections, reports));
console.log(`${PAGE}: ${projections.length} projections`);
