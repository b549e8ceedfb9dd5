import { expect } from '@jest/globals';
import type { DomainEvent } from '../../libs/kernel/event.js';
import type { AnyProjection } from '../../libs/kernel/projection.js';
import type { AnyReport } from '../../libs/kernel/report.js';
import { Projector } from '../../libs/projector/projector.js';
import { runReport } from '../../libs/projector/run-report.js';
import { waitFor } from '../../libs/projector/wait-for.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import type { StoreKind } from '../../libs/testing/stores.js';

const WAIT_MS = 30_000;

export interface Live {
  readonly log: InMemoryLog;
  /** The report's answer to a query string; fails the test where the engine refuses it. */
  ask<A>(query?: object): Promise<A>;
}

/** Runs projections live over a history on a real store, and hands over the report on top of them. */
export async function withLive(kind: StoreKind, projections: readonly AnyProjection[], report: AnyReport, history: readonly Said<DomainEvent>[], work: (live: Live) => Promise<void>): Promise<void> {
  const store = await kind.empty();
  const failures: unknown[] = [];
  const log = new InMemoryLog();
  const last = log.append(...history);
  const projector = new Projector({ store, source: log, projections, report: (message, error) => failures.push(message, error) });
  await projector.start();
  try {
    for (const { name } of projections) expect(await waitFor(store, name, last, WAIT_MS, (listener) => projector.onCommit(listener))).toBe(true);
    await work({
      log,
      async ask<A>(query: object = {}) {
        const outcome = await runReport(store, report, { ...query });
        if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
        return outcome.answer as A; // the caller names the report's own answer
      },
    });
  } finally {
    await projector.stop();
    await store.close();
  }
  expect(failures).toEqual([]);
}
