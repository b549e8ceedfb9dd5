import type { ReportRestart } from '../timers/keep-running.js';
import { openPglite } from './pglite-store.js';
import { openPostgres } from './postgres-store.js';
import type { ReadLimits } from './read-queue.js';
import type { ReadStore } from './sql.js';

export interface ReadStoreOptions {
  /** `postgres://…`; wins over `dataDir`. */
  readonly databaseUrl?: string;
  /** Directory of the PGlite that is used without a `databaseUrl`; left out too: in memory, gone when closed. */
  readonly dataDir?: string;
  /** Instead of the store's own limits of what is read for others. */
  readonly reads?: Partial<ReadLimits>;
  /** Told when an embedded store has died and is started again. */
  readonly report?: ReportRestart;
}

/** Opens the store of the read models. @throws ReadStoreError `unavailable` */
export const openReadStore = ({ databaseUrl, dataDir, reads, report }: ReadStoreOptions): Promise<ReadStore> =>
  databaseUrl ? openPostgres(databaseUrl, reads) : openPglite(dataDir, { ...(reads && { reads }), ...(report && { report }) });
