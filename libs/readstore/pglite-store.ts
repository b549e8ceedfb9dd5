import type { PGlite } from '@electric-sql/pglite';
import { createOwnDirectory } from '../data-directory/data-directory.js';
import { lockDirectory } from '../data-directory/lock.js';
import { openPgliteDatabase, SNAPSHOT, statementsOf, withCopyIn } from './pglite-database.js';
import { PgliteThread } from './pglite-thread.js';
import { toReadStoreError, type ReadStore, type Seat, type Sql, type TransactionOptions } from './sql.js';

/** What differs between PGlite in this thread and in one of its own. */
interface Connection {
  readonly sql: Sql;
  transaction<T>(work: (sql: Sql) => Promise<T>, options: TransactionOptions): Promise<T>;
  readonly closed: boolean;
  close(): Promise<void>;
}

/** PGlite in this thread: in memory, for tests. */
const inThisThread = (database: PGlite): Connection => ({
  sql: withCopyIn(statementsOf(database)),
  async transaction(work, options) {
    try {
      return await database.transaction(async (transaction) => {
        const sql = withCopyIn(statementsOf(transaction));
        if (options.snapshot) await sql.script(SNAPSHOT);
        return work(sql);
      });
    } catch (error) {
      // What `work` itself threw is no error of the driver.
      throw error instanceof Error && 'severity' in error ? toReadStoreError(error) : error;
    }
  },
  get closed() {
    return database.closed;
  },
  close: () => database.close(),
});

/** PostgreSQL compiled into the process: one connection, so transactions queue up behind each other, and no timeouts. */
class PgliteStore implements ReadStore {
  readonly kind = 'pglite';
  /** The directory is locked, so this process is the only one there can be. */
  readonly #seats = new Set<string>();

  constructor(private readonly connection: Connection, private readonly unlock: () => void) {}

  query: Sql['query'] = (text, params) => this.connection.sql.query(text, params);
  script: Sql['script'] = (text) => this.connection.sql.script(text);
  copyIn: Sql['copyIn'] = (table, columns, rows) => this.connection.sql.copyIn(table, columns, rows);

  transaction<T>(work: (sql: Sql) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return this.connection.transaction(work, options);
  }

  async takeSeat(name: string): Promise<Seat | undefined> {
    if (this.#seats.has(name)) return undefined;
    this.#seats.add(name);
    let held = true;
    return {
      held: () => held && !this.connection.closed,
      leave: async () => {
        if (held) this.#seats.delete(name);
        held = false;
      },
    };
  }

  async close(): Promise<void> {
    try {
      await this.connection.close();
    } finally {
      this.unlock();
    }
  }
}

/**
 * Opens PGlite: on a directory in a thread of its own, so that a long statement keeps nobody waiting; without one in memory, in this thread.
 * @throws DataDirectoryError, DirectoryLockedError when another program has the directory open; ReadStoreError
 */
export async function openPglite(dataDir: string | undefined): Promise<ReadStore> {
  if (dataDir === undefined) return new PgliteStore(inThisThread(await openPgliteDatabase(undefined)), () => undefined);
  createOwnDirectory(dataDir);
  const lock = lockDirectory(dataDir); // PGlite itself takes none, and two programs destroy the data
  try {
    return new PgliteStore(await PgliteThread.open(dataDir), () => lock.release());
  } catch (error) {
    lock.release();
    throw toReadStoreError(error);
  }
}
