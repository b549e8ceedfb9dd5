import type { PGlite } from '@electric-sql/pglite';
import { createOwnDirectory } from '../data-directory/data-directory.js';
import { lockDirectory } from '../data-directory/lock.js';
import { openPgliteDatabase, SNAPSHOT, statementsOf, withCopyIn } from './pglite-database.js';
import type { PgliteThread } from './pglite-thread.js';
import { KeptPglite } from './kept-pglite.js';
import type { ReportRestart } from '../timers/keep-running.js';
import { READ_STATEMENT_MS_MAX, READ_WAIT_MS_MAX, READS_WAITING_MAX, ReadQueue, type ReadLimits } from './read-queue.js';
import { ReadStoreError, toReadStoreError, type ReadStore, type Seat, type Sql, type TransactionOptions } from './sql.js';

/** One connection: a second read would only wait inside PGlite, and with it those that write. */
const READ_LIMITS: ReadLimits = { atOnce: 1, waitingMax: READS_WAITING_MAX, waitMsMax: READ_WAIT_MS_MAX, statementMsMax: READ_STATEMENT_MS_MAX };

/** What differs between PGlite in this thread and in one of its own. */
interface Connection {
  readonly sql: Sql;
  transaction<T>(work: (sql: Sql) => Promise<T>, options: TransactionOptions): Promise<T>;
  /** What seats are taken in, the same for as long as it lives; undefined while there is none. */
  readonly session: object | undefined;
  /** Settles when the connection is given up, with a sentence. */
  readonly failed?: Promise<string>;
  close(): Promise<void>;
}

/** PGlite in this thread: in memory, for tests. Nothing can cut a statement short that holds this very thread. */
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
  get session() {
    return database.closed ? undefined : database;
  },
  close: () => database.close(),
});

/** PostgreSQL compiled into the process: one connection, so transactions queue up behind each other. */
class PgliteStore implements ReadStore {
  readonly kind = 'pglite';
  /** The directory is locked, so this process is the only one there can be. */
  readonly #seats = new Map<string, object>();
  readonly failed: Promise<string> | undefined;

  readonly #reads: ReadQueue;

  constructor(private readonly connection: Connection, private readonly unlock: () => void, limits: Partial<ReadLimits>) {
    this.failed = connection.failed;
    this.#reads = new ReadQueue({ ...READ_LIMITS, ...limits });
  }

  query: Sql['query'] = (text, params) => this.connection.sql.query(text, params);
  script: Sql['script'] = (text) => this.connection.sql.script(text);
  copyIn: Sql['copyIn'] = (table, columns, rows) => this.connection.sql.copyIn(table, columns, rows);

  transaction<T>(work: (sql: Sql) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return this.connection.transaction(work, options);
  }

  read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#reads.run(() => this.transaction(work, { snapshot: true, statementTimeoutMs: this.#reads.limits.statementMsMax }));
  }

  /** A seat is lost with the session it was taken in, as on PostgreSQL. */
  async takeSeat(name: string): Promise<Seat | undefined> {
    const { session } = this.connection;
    if (!session) throw new ReadStoreError('unavailable', 'PGlite is not running', undefined);
    if (this.#seats.get(name) === session) return undefined;
    this.#seats.set(name, session);
    let left = false;
    return {
      held: () => !left && this.connection.session === session,
      leave: async () => {
        if (!left && this.#seats.get(name) === session) this.#seats.delete(name);
        left = true;
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

export interface PgliteOptions {
  /** Instead of the store's own limits of what is read for others. */
  readonly reads?: Partial<ReadLimits>;
  /** Told of each death and each new start of the thread. */
  readonly report?: ReportRestart;
  /** Starts each thread; left out: as the thread itself does. */
  readonly openThread?: typeof PgliteThread.open;
}

/**
 * Opens PGlite: on a directory in a thread of its own, so that a long statement keeps nobody waiting, and that is started
 * again when it dies; without one in memory, in this thread.
 * @throws DataDirectoryError, DirectoryLockedError when another program has the directory open; ReadStoreError
 */
export async function openPglite(dataDir: string | undefined, options: PgliteOptions = {}): Promise<ReadStore> {
  const { reads = {}, report = () => undefined, openThread } = options;
  if (dataDir === undefined) return new PgliteStore(inThisThread(await openPgliteDatabase(undefined)), () => undefined, reads);
  createOwnDirectory(dataDir);
  const lock = lockDirectory(dataDir); // PGlite itself takes none, and two programs destroy the data
  try {
    const kept = await KeptPglite.open(dataDir, report, openThread);
    createOwnDirectory(dataDir); // PGlite makes its files with rights of its own, whatever the umask
    return new PgliteStore(kept, () => lock.release(), reads);
  } catch (error) {
    lock.release();
    throw toReadStoreError(error);
  }
}
