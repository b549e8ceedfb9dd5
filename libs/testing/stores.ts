import { openReadStore } from '../readstore/open-read-store.js';
import type { ReadStore } from '../readstore/sql.js';
import { testPostgres } from './postgres-server.js';

/** A kind of read store that a suite runs on, started once and handed out empty. */
export interface StoreKind {
  readonly name: 'PostgreSQL' | 'PGlite';
  /** A store that holds nothing. The test closes it. */
  empty(): Promise<ReadStore>;
  stop(): Promise<void>;
}

/** PostgreSQL: the server at DATABASE_URL, or one of the suite's own; every store a fresh database. */
export async function postgresKind(): Promise<StoreKind> {
  const server = await testPostgres();
  return { name: 'PostgreSQL', empty: async () => openReadStore({ databaseUrl: await server.database() }), stop: () => server.stop() };
}

/** PGlite in memory. Opening one takes seconds, so all tests of a suite share it, emptied in between. */
export async function pgliteKind(): Promise<StoreKind> {
  const store = await openReadStore({});
  const shared: ReadStore = {
    kind: store.kind,
    query: (text, params) => store.query(text, params),
    script: (text) => store.script(text),
    copyIn: (table, columns, rows) => store.copyIn(table, columns, rows),
    transaction: (work, options) => store.transaction(work, options),
    read: (work) => store.read(work),
    takeSeat: (name) => store.takeSeat(name),
    close: async () => undefined, // the suite closes it
  };
  return {
    name: 'PGlite',
    empty: async () => {
      await store.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      return shared;
    },
    stop: () => store.close(),
  };
}

/** The read store of a suite to which the kind makes no difference: PostgreSQL where DATABASE_URL names one, PGlite otherwise. */
export const configuredKind = (): Promise<StoreKind> => (process.env['DATABASE_URL'] ? postgresKind() : pgliteKind());

export const STORE_KINDS: readonly { readonly name: string; readonly start: () => Promise<StoreKind> }[] = [
  { name: 'PostgreSQL', start: postgresKind },
  { name: 'PGlite', start: pgliteKind },
];
