import type { CopyColumns, ReadStoreErrorKind } from './sql.js';

/** The global function of PGlite's thread that cuts a transaction short: `(name of the thread, transaction)`. */
export const CANCEL = 'pipeledgerCancelTransaction';

/** What the engine's thread asks of PGlite's thread. `transaction` names the one a statement belongs to; left out: none. */
export type Request =
  | { readonly id: number; readonly what: 'query'; readonly transaction?: number; readonly text: string; readonly params: readonly unknown[] }
  | { readonly id: number; readonly what: 'script'; readonly transaction?: number; readonly text: string }
  | { readonly id: number; readonly what: 'copy'; readonly transaction?: number; readonly table: string; readonly columns: CopyColumns; readonly pieces: readonly Uint8Array[] }
  /** Answered when the transaction has begun; its own id is its name. */
  | { readonly id: number; readonly what: 'begin'; readonly snapshot: boolean }
  | { readonly id: number; readonly what: 'end'; readonly transaction: number; readonly commit: boolean }
  | { readonly id: number; readonly what: 'close' };

export interface Failure {
  readonly kind: ReadStoreErrorKind;
  readonly message: string;
  readonly sqlState: string | undefined;
}

export type Answer = { readonly id: number; readonly rows: readonly object[] } | { readonly id: number; readonly failure: Failure };
