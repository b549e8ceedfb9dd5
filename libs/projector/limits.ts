/** The engine's limits in one place: each bounds a loop, a queue, a wait or a memory. */

/** A caught-up worker commits at once, then gathers for this long. */
export const GATHER_MS = 50;
/** A worker behind the log gathers for so long at most, and no longer than events keep coming: each transaction has a price of its own. */
export const GATHER_BEHIND_MS = 5_000;
/** Turns of the event loop by which events that have reached the process are read. */
export const ARRIVAL_TURNS_MAX = 5;
/** So many events end the gathering early. Far behind, more at once means fewer statements, and fewer states and rows that are outdated before the batch ends. */
export const BATCH_EVENTS = 5_000;
/** The most events in one transaction, when behind. */
export const BATCH_EVENTS_MAX = 5_000;
/** Batches of a process that are between folding and commit at the same time, of all projections that are behind: what is folded waits in memory. */
export const BATCHES_AT_ONCE_MAX = 6;
/** After so long the next batch goes ahead, whatever became of the one before. */
export const BATCH_SLOT_MS_MAX = 5_000;
/** After so many events the store looks anew at how the rows are spread, when all is written; the next time after twice as many. */
export const STATISTICS_EVENTS = 10_000;
/** Entities kept in memory by each worker; the least recently used go. */
export const ENTITIES_CACHED_MAX = 3_000;
/** How long a worker waits before it asks again for a seat that another holds. */
export const STANDBY_MS = 1_000;
export const HEARTBEAT_MS = 2_000;
/** Without a sign of life for so long, a worker counts as gone. */
export const HEARTBEAT_STALE_MS = 10_000;
export const BACKOFF_MS_MIN = 100;
export const BACKOFF_MS_MAX = 15_000;
/** A transaction that lost a race, or its connection, is tried so often before the worker starts anew. */
export const COMMIT_ATTEMPTS_MAX = 5;
/** Parked events a projection may have in all; more stop it. */
export const PARKED_MAX = 10_000;
/** Poison among the last PARK_WINDOW_EVENTS events that stops the projection: this is no bad event but a bad definition. */
export const POISON_SHARE_MAX = 0.05;
export const PARK_WINDOW_EVENTS = 1_000;
/** Below this many poison events no share is computed. */
export const POISON_MIN = 10;
/** Discarded positions a projection may have. */
export const DISCARDED_MAX = 100_000;
