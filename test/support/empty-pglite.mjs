// Jest's global set-up: a dump of an empty PGlite, made once for each version of it. A new database begins with the dump in a second,
// where making one takes four; some sixty suites do.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** In a process of its own: the half gigabyte that it takes goes with it. */
const MAKE = `import { PGlite } from '@electric-sql/pglite'; import { writeFileSync } from 'node:fs';
const database = await PGlite.create(); writeFileSync(process.argv[1], Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer())); await database.close();`;

export default function prepare() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/@electric-sql/pglite/package.json'), 'utf8'));
  const dump = join(ROOT, `node_modules/.cache/pipeledger/empty-pglite-${version}.tar`);
  if (!existsSync(dump)) {
    mkdirSync(dirname(dump), { recursive: true });
    const unfinished = `${dump}.${process.pid}`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', MAKE, unfinished], { cwd: ROOT, stdio: 'inherit' });
    renameSync(unfinished, dump);
  }
  process.env.PIPELEDGER_EMPTY_PGLITE = dump;
}
