import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { makePgliteDirectory } from './new-pglite-directory.js';
import { SqlList, toReadStoreError, type CopyColumns, type Sql } from './sql.js';
import { copyBinary, copyStatement } from './copy-binary.js';
import { VALUE_PARSERS } from './values.js';

/** PGlite's default is 160 MB of buffers over a file cache of its own; on the machine's file cache a fifth serves as well. */
const START_PARAMS = [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB', '-c', 'wal_buffers=1MB'];

/** The file of a dump of an empty database, where there is one: a new database begins with it instead of being made, in a quarter of the time. The tests give one. */
const EMPTY_DUMP = process.env['PIPELEDGER_EMPTY_PGLITE'];

/** What a connection can be told, with rows to copy already as bytes. */
export interface PlainSql extends Omit<Sql, 'copyIn'> {
  copyBytes(table: string, columns: CopyColumns, pieces: readonly Uint8Array[]): Promise<void>;
}

/** Statements on PGlite or on a transaction of it; every error leaves as a ReadStoreError. */
export const statementsOf = (connection: PGlite | Transaction): PlainSql => ({
  async query<R extends object>(text: string, params: readonly unknown[] = []): Promise<R[]> {
    try {
      return (await connection.query<R>(text, [...params])).rows;
    } catch (error) {
      throw toReadStoreError(error);
    }
  },
  async script(text) {
    try {
      await connection.exec(text);
    } catch (error) {
      throw toReadStoreError(error);
    }
  },
  async copyBytes(table, columns, pieces) {
    try {
      await connection.query(copyStatement(table, columns, `'/dev/blob'`), [], { blob: new Blob([...pieces]) });
    } catch (error) {
      throw toReadStoreError(error);
    }
  },
});

/** The same with rows and lists as values. */
export const withCopyIn = (sql: PlainSql): Sql => ({
  query: (text, params) => sql.query(text, params?.map((each) => (each instanceof SqlList ? each.values : each))),
  script: (text) => sql.script(text),
  copyIn: async (table, columns, rows) => {
    const pieces = copyBinary(columns, rows);
    if (pieces) await sql.copyBytes(table, columns, pieces);
  },
});

export const SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Opens PGlite on a directory, made where it is missing; in memory without one. */
export async function openPgliteDatabase(dataDir: string | undefined): Promise<PGlite> {
  const directory = dataDir === undefined ? undefined : join(dataDir, 'pglite');
  const dump = EMPTY_DUMP !== undefined && (directory === undefined || !existsSync(join(directory, 'PG_VERSION'))) ? new Blob([await readFile(EMPTY_DUMP)]) : undefined;
  if (directory !== undefined && !dump) await makePgliteDirectory(directory);
  const database = await PGlite.create({ parsers: { ...VALUE_PARSERS }, startParams: START_PARAMS, ...(directory !== undefined && { dataDir: directory }), ...(dump && { loadDataDir: dump }) });
  await database.exec(`SET TIME ZONE 'UTC'; SET datestyle = 'ISO'`);
  return database;
}
