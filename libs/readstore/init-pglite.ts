import { PGlite } from '@electric-sql/pglite';

// Run as a program: makes a database directory and ends. Making one takes half a gigabyte that a process does not get back.
const [directory] = process.argv.slice(2);
if (directory === undefined) throw new TypeError('init-pglite needs a directory');
process.umask(0o077);
const database = await PGlite.create({ dataDir: directory });
await database.close();
