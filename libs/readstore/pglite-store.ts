import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { copyText } from './copy-text.js';
import { lockDataDirectory } from './data-directory-lock.js';
import { makePgliteDirectory } from './new-pglite-directory.js';
import { toReadStoreError, type CopyValue, type ReadStore, type Seat, type Sql, type TransactionOptions } from './sql.js';
import { VALUE_PARSERS } from './values.js';

const sqlOf = (connection: PGlite | Transaction): Sql => ({
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
  async copyIn(table: string, columns: readonly string[], rows: readonly (readonly CopyValue[])[]) {
    if (rows.length === 0) return;
    try {
      await connection.query(`COPY ${table} (${columns.join(', ')}) FROM '/dev/blob'`, [], { blob: new Blob([copyText(rows)]) });
    } catch (error) {
      throw toReadStoreError(error);
    }
  },
});

/** PostgreSQL compiled into the process: one connection, so transactions queue up behind each other, and no timeouts. */
class PgliteStore implements ReadStore {
  readonly kind = 'pglite';
  readonly #sql: Sql;
  /** The directory is locked, so this process is the only one there can be. */
  readonly #seats = new Set<string>();

  constructor(private readonly database: PGlite, private readonly unlock: () => void) {
    this.#sql = sqlOf(database);
  }

  query<R extends object>(text: string, params?: readonly unknown[]): Promise<R[]> {
    return this.#sql.query<R>(text, params);
  }

  script(text: string): Promise<void> {
    return this.#sql.script(text);
  }

  copyIn(table: string, columns: readonly string[], rows: readonly (readonly CopyValue[])[]): Promise<void> {
    return this.#sql.copyIn(table, columns, rows);
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    try {
      return await this.database.transaction(async (transaction) => {
        const sql = sqlOf(transaction);
        if (options.snapshot) await sql.script('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
        return work(sql);
      });
    } catch (error) {
      // What `work` itself threw is no error of the driver.
      throw error instanceof Error && 'severity' in error ? toReadStoreError(error) : error;
    }
  }

  async takeSeat(name: string): Promise<Seat | undefined> {
    if (this.#seats.has(name)) return undefined;
    this.#seats.add(name);
    let held = true;
    return {
      held: () => held && !this.database.closed,
      leave: async () => {
        if (held) this.#seats.delete(name);
        held = false;
      },
    };
  }

  async close(): Promise<void> {
    try {
      await this.database.close();
    } finally {
      this.unlock();
    }
  }
}

/** PGlite's default is 160 MB of buffers over a file cache of its own; on the machine's file cache a fifth serves as well. */
const START_PARAMS = [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB', '-c', 'wal_buffers=1MB'];

/** Opens PGlite on a directory, or in memory without one. @throws ReadStoreError `unavailable` when another program has it open */
export async function openPglite(dataDir: string | undefined): Promise<ReadStore> {
  const unlock = dataDir === undefined ? () => undefined : lockDataDirectory(dataDir);
  try {
    const directory = dataDir === undefined ? undefined : join(dataDir, 'pglite');
    if (directory !== undefined) await makePgliteDirectory(directory);
    const database = await PGlite.create({ parsers: { ...VALUE_PARSERS }, startParams: START_PARAMS, ...(directory !== undefined && { dataDir: directory }) });
    await database.exec(`SET TIME ZONE 'UTC'; SET datestyle = 'ISO'`);
    return new PgliteStore(database, unlock);
  } catch (error) {
    unlock();
    throw toReadStoreError(error);
  }
}
