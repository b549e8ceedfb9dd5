import type { DomainEvent, Instant, Recorded } from '../../libs/kernel/event.js';
import type { AnyProjection } from '../../libs/kernel/projection.js';
import type { AnswerHead, AnyReport } from '../../libs/kernel/report.js';
import { Projector } from '../../libs/projector/projector.js';
import { runReport } from '../../libs/projector/run-report.js';
import { waitFor, WAIT_MS_MAX } from '../../libs/projector/wait-for.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import type { StoreKind } from '../../libs/testing/stores.js';

const WAIT_MS = 30_000;

export interface Live {
  readonly log: InMemoryLog;
  /** The report's answer to a query string; fails the test where the engine refuses it. */
  ask<A>(query?: object): Promise<A>;
}

/** A report on top of a store that holds the projections it reads. */
export const liveOn = (store: ReadStore, log: InMemoryLog, report: AnyReport): Live => ({
  log,
  async ask<A>(query: object = {}) {
    const outcome = await runReport(store, report, { ...query });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    return outcome.answer as A; // the caller names the report's own answer
  },
});

/** When the log came to know what stands at a share of its length, from 0 to 1: a moment of knowledge to ask for. */
export const momentAt = ({ events }: InMemoryLog, share: number): Instant => events[Math.floor(share * (events.length - 1))]!.recordedAt; // no history is empty

/** The events that an answer rests on. */
export const knownTo = ({ events }: InMemoryLog, { position }: AnswerHead): Recorded[] => events.filter((event) => event.position <= position);

/** A real store with projections caught up with a history. Close it. @throws what went wrong on the way */
export async function holding(kind: StoreKind, projections: readonly AnyProjection[], history: readonly Said<DomainEvent>[], waitMs = WAIT_MS): Promise<{ readonly store: ReadStore; readonly log: InMemoryLog }> {
  const store = await kind.empty();
  const failures: unknown[] = [];
  const log = new InMemoryLog();
  const last = log.append(...history);
  const projector = new Projector({ store, source: log, projections, report: (message, error) => failures.push(error ?? message) });
  const until = performance.now() + waitMs;
  /** Asked again as often as the time allows: one wait has a limit of its own, shorter than a year of events takes. */
  const caughtUp = async (name: string): Promise<boolean> => {
    do {
      if (await waitFor(store, name, last, Math.min(WAIT_MS_MAX, waitMs), (listener) => projector.onCommit(listener))) return true;
    } while (performance.now() < until);
    return false;
  };
  await projector.start();
  try {
    for (const { name } of projections) if (!(await caughtUp(name))) failures.push(new Error(`${name} did not catch up within ${waitMs} ms`));
  } finally {
    await projector.stop();
  }
  if (failures.length > 0) throw new AggregateError(failures, 'the projections do not hold the history');
  return { store, log };
}

/** Runs projections over a history on a real store, and hands over the report on top of them. */
export async function withLive(kind: StoreKind, projections: readonly AnyProjection[], report: AnyReport, history: readonly Said<DomainEvent>[], work: (live: Live) => Promise<void>): Promise<void> {
  const { store, log } = await holding(kind, projections, history);
  try {
    await work(liveOn(store, log, report));
  } finally {
    await store.close();
  }
}
