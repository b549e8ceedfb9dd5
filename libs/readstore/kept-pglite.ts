import { keepRunning, type KeptRunning, type ReportRestart } from '../timers/keep-running.js';
import { PgliteThread } from './pglite-thread.js';
import { ReadStoreError, type Sql, type TransactionOptions } from './sql.js';

/**
 * PGlite in a thread that is started again on the same directory whenever it dies, as PostgreSQL is by its own supervisor: what
 * was under way fails as unavailable and is rolled back, what was committed is there again.
 */
export class KeptPglite {
  private constructor(private readonly kept: KeptRunning<PgliteThread>) {}

  /** @throws ReadStoreError when the directory cannot be opened */
  static async open(dataDir: string, report: ReportRestart, openThread = PgliteThread.open): Promise<KeptPglite> {
    const open = (): Promise<PgliteThread> => openThread(dataDir);
    return new KeptPglite(keepRunning('the embedded read store', await open(), open, report));
  }

  readonly sql: Sql = {
    query: async (text, params) => this.#thread.sql.query(text, params),
    script: async (text) => this.#thread.sql.script(text),
    copyIn: async (table, columns, rows) => this.#thread.sql.copyIn(table, columns, rows),
  };

  async transaction<T>(work: (sql: Sql) => Promise<T>, options: TransactionOptions): Promise<T> {
    return this.#thread.transaction(work, options);
  }

  /** The thread that works now: what was taken from one ends with it. */
  get session(): object | undefined {
    return this.kept.now();
  }

  get failed(): Promise<string> {
    return this.kept.failed;
  }

  close(): Promise<void> {
    return this.kept.stop();
  }

  get #thread(): PgliteThread {
    const thread = this.kept.now();
    if (!thread) throw new ReadStoreError('unavailable', 'the embedded read store is being started again', undefined);
    return thread;
  }
}
