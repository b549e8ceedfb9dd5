import type { AnyProjection } from '../kernel/projection.js';
import { Projector } from '../projector/projector.js';
import { waitFor } from '../projector/wait-for.js';
import type { ReadStore } from '../readstore/sql.js';
import type { InMemoryLog } from './in-memory-log.js';

const CATCH_UP_MS = 20_000;

/** Runs projections until their tables hold the whole log, then stops them. Throws what went wrong on the way. */
export async function catchUp(store: ReadStore, log: InMemoryLog, projections: readonly AnyProjection[], partitions = 1): Promise<void> {
  const failures: unknown[] = [];
  const projector = new Projector({ store, source: log, projections, partitions, report: (_, error) => failures.push(error) });
  await projector.start();
  try {
    for (const { name } of projections) {
      if (!(await waitFor(store, name, await log.head(), CATCH_UP_MS, (listener) => projector.onCommit(listener)))) throw new AggregateError(failures, `${name} did not catch up`);
    }
  } finally {
    await projector.stop();
  }
}
