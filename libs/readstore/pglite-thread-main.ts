import { parentPort, workerData } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import { openPgliteDatabase, SNAPSHOT, statementsOf, type PlainSql } from './pglite-database.js';
import { cancelStatement, clearCancellation } from './pglite-cancel.js';
import { CANCEL, type Answer, type Request } from './pglite-messages.js';
import { QUERY_CANCELLED, ReadStoreError, toReadStoreError } from './sql.js';

// Run as a thread: PostgreSQL in WebAssembly holds its thread while it works, and this one is nobody else's.
const port = parentPort;
if (!port) throw new Error('pglite-thread-main runs as a worker thread only');

/** Thrown into a transaction to undo it. */
class RolledBack extends Error {}

interface OpenTransaction {
  readonly sql: PlainSql;
  readonly finish: (commit: boolean) => void;
  /** Settles when it is committed or rolled back. */
  readonly ended: () => Promise<void>;
  isCancelled: boolean;
}

const transactions = new Map<number, OpenTransaction>();

/** Starts a transaction that lasts until its `end`; resolves when it has begun. PGlite lets one run at a time. */
function begin(database: PGlite, id: number, snapshot: boolean): Promise<void> {
  return new Promise((begun, failed) => {
    const ended = database.transaction(async (transaction) => {
      const sql = statementsOf(transaction);
      if (snapshot) await sql.script(SNAPSHOT);
      const commit = await new Promise<boolean>((finish) => {
        transactions.set(id, { sql, finish, ended: () => ended, isCancelled: false });
        begun();
      });
      if (!commit) throw new RolledBack();
    }).catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
    // Matters only where it could not even begin: a promise that has resolved stays so, and `end` tells of what comes later.
    ended.catch(failed);
  });
}

async function end(database: PGlite, id: number, commit: boolean): Promise<void> {
  const transaction = transactions.get(id);
  if (!transaction) throw new Error(`transaction ${id} has ended`);
  transactions.delete(id);
  // It must not hit the statement that ends the transaction, or the next one.
  clearCancellation(database);
  transaction.finish(commit);
  await transaction.ended();
}

async function carryOut(database: PGlite, request: Request): Promise<readonly object[]> {
  switch (request.what) {
    case 'begin':
      await begin(database, request.id, request.snapshot);
      return [];
    case 'end':
      await end(database, request.transaction, request.commit);
      return [];
    case 'close':
      await database.close();
      return [];
    case 'query': return on(database, request.transaction).query(request.text, request.params);
    case 'script':
      await on(database, request.transaction).script(request.text);
      return [];
    case 'copy':
      await on(database, request.transaction).copyBytes(request.table, request.columns, request.pieces);
      return [];
  }
}

function on(database: PGlite, transaction: number | undefined): PlainSql {
  if (transaction === undefined) return statementsOf(database);
  const opened = transactions.get(transaction);
  if (!opened) throw new Error(`transaction ${transaction} has ended`);
  if (opened.isCancelled) throw new ReadStoreError('timeout', 'the transaction took longer than it may', QUERY_CANCELLED);
  return opened.sql;
}

/** Called from the other thread, by the inspector, while this one may be in the midst of a statement. */
function cancel(database: PGlite, transaction: number): void {
  const opened = transactions.get(transaction);
  if (!opened) return;
  opened.isCancelled = true;
  cancelStatement(database);
}

/** WebAssembly that has trapped answers nothing more: the thread ends, and a new one begins with what is on disk. */
function hasTrapped(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'RuntimeError' || hasTrapped(error.cause);
}

const failureOf = (error: unknown) => {
  const { kind, message, sqlState } = toReadStoreError(error);
  return { kind, message, sqlState };
};
const reply = (answer: Answer): void => port.postMessage(answer);

try {
  const { dataDir, name } = workerData as { readonly dataDir: string; readonly name: string }; // given by pglite-thread.ts alone
  const database = await openPgliteDatabase(dataDir);
  const cancelled = (thread: string, transaction: number): void => void (thread === name && cancel(database, transaction));
  Object.defineProperty(globalThis, CANCEL, { value: cancelled });
  port.on('message', (request: Request) => {
    carryOut(database, request).then(
      (rows) => {
        reply({ id: request.id, rows });
        if (request.what === 'close') port.close();
      },
      (error: unknown) => {
        // What was asked is answered by the thread's end.
        if (hasTrapped(error)) throw error;
        reply({ id: request.id, failure: failureOf(error) });
      },
    );
  });
  reply({ id: 0, rows: [] });
} catch (error) {
  reply({ id: 0, failure: failureOf(error) });
  port.close();
}
