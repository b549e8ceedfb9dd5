import type { PGlite } from '@electric-sql/pglite';

/** PostgreSQL's flags that its loops look at: that something interrupts, and that it is the end of the statement. */
const INTERRUPT = '_InterruptPending';
const CANCEL = '_QueryCancelPending';

function set({ Module: program }: PGlite, flag: string, value: 0 | 1): void {
  const address: unknown = Reflect.get(program, flag);
  const memory: unknown = Reflect.get(program, 'HEAPU8');
  if (typeof address !== 'number' || !(memory instanceof Uint8Array)) {
    throw new TypeError(`this PGlite exports no ${flag}: a statement cannot be cancelled`);
  }
  memory[address] = value;
}

/**
 * Ends the statement that runs, as PostgreSQL's own cancel request does: it fails with 57014 the next time that it looks for interrupts, and
 * its transaction can be rolled back. PGlite has neither timers nor signals, so `statement_timeout` does nothing there.
 */
export function cancelStatement(database: PGlite): void {
  set(database, CANCEL, 1);
  set(database, INTERRUPT, 1);
}

/** Takes a cancel request back that no statement has met. */
export const clearCancellation = (database: PGlite): void => set(database, CANCEL, 0);
