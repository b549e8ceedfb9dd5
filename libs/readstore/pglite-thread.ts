import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { evaluateInThreads } from './cancel-in-threads.js';
import type { Part } from '../timers/keep-running.js';
import { withCopyIn, type PlainSql } from './pglite-database.js';
import { CANCEL, type Answer, type Request } from './pglite-messages.js';
import { ReadStoreError, type Sql, type TransactionOptions } from './sql.js';

type Unnumbered<R> = R extends Request ? Omit<R, 'id'> : never;
interface Waiting {
  readonly resolve: (rows: readonly object[]) => void;
  readonly reject: (error: unknown) => void;
}

/** PGlite in a thread of its own, for as long as that lives: while it works, the engine's thread answers. */
export class PgliteThread implements Part {
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #gone: ReadStoreError | undefined;
  readonly sql: Sql = withCopyIn(this.#statements(undefined));

  /** Settles when the thread has ended: nothing holds the directory's files any more. */
  readonly ended: Promise<string>;

  private constructor(readonly worker: Worker, private readonly name: string) {
    worker.on('message', (answer: Answer) => this.#answered(answer));
    worker.on('error', (error) => this.#end(error.message));
    this.ended = new Promise((resolve) => worker.once('exit', (code) => {
      this.#end(`PGlite's thread ended with code ${code}`);
      resolve(this.#gone?.message ?? '');
    }));
  }

  /** @throws ReadStoreError when the directory cannot be opened */
  static async open(this: void, dataDir: string): Promise<PgliteThread> {
    // Tests run the sources: their thread needs what lets Node read TypeScript.
    const isSource = import.meta.url.endsWith('.ts');
    const program = new URL(isSource ? './pglite-thread-main.ts' : './pglite-thread-main.js', import.meta.url);
    const loader = new URL('../../test/support/ts-loader.mjs', import.meta.url);
    const name = randomUUID();
    const worker = new Worker(fileURLToPath(program), { workerData: { dataDir, name }, execArgv: isSource ? ['--disable-warning=ExperimentalWarning', '--import', loader.href] : [] });
    const thread = new PgliteThread(worker, name);
    await new Promise<readonly object[]>((resolve, reject) => thread.#waiting.set(0, { resolve, reject }));
    return thread;
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>, options: TransactionOptions): Promise<T> {
    const id = this.#lastId + 1;
    await this.#ask({ what: 'begin', snapshot: options.snapshot === true });
    const timer = options.statementTimeoutMs ? setTimeout(() => this.#cancel(id), options.statementTimeoutMs) : undefined;
    let result: T;
    try {
      result = await work(withCopyIn(this.#statements(id)));
      clearTimeout(timer);
    } catch (error) {
      clearTimeout(timer);
      await this.#ask({ what: 'end', transaction: id, commit: false });
      throw error;
    }
    await this.#ask({ what: 'end', transaction: id, commit: true });
    return result;
  }

  /** Cuts a transaction short, whatever it is doing; what is asked of it from then on is refused. */
  #cancel(transaction: number): void {
    evaluateInThreads(`globalThis[${JSON.stringify(CANCEL)}]?.(${JSON.stringify(this.name)}, ${transaction})`);
  }

  async stop(): Promise<void> {
    // What was committed is on disk: a thread that cannot close ends without it.
    await this.#ask({ what: 'close' }).catch(() => this.worker.terminate());
    await this.ended;
  }

  #statements(transaction: number | undefined): PlainSql {
    const within = transaction === undefined ? {} : { transaction };
    return {
      // The thread answers with the rows of this very statement: that they are R is the caller's knowledge, as with any driver.
      query: async <R extends object>(text: string, params: readonly unknown[] = []) => (await this.#ask({ what: 'query', ...within, text, params })) as R[],
      script: async (text) => void (await this.#ask({ what: 'script', ...within, text })),
      copyBytes: async (table, columns, pieces) => void (await this.#ask({ what: 'copy', ...within, table, columns, pieces })),
    };
  }

  #ask(request: Unnumbered<Request>): Promise<readonly object[]> {
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(this.#gone);
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      this.worker.postMessage({ ...request, id: this.#lastId });
    });
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('rows' in answer) return waiting?.resolve(answer.rows);
    const { kind, message, sqlState } = answer.failure;
    waiting?.reject(new ReadStoreError(kind, message, sqlState));
  }

  #end(why: string): void {
    this.#gone ??= new ReadStoreError('unavailable', why, undefined);
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
  }
}
