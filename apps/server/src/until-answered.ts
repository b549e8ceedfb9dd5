import { setTimeout as delay } from 'node:timers/promises';
import { EventStoreUnavailable } from '../../../libs/eventstore/unavailable.js';

/** What is waited for at the start, as whoever starts the engine knows it. */
export interface WaitedFor {
  /** "The event store at ESDB_URL". */
  readonly name: string;
  /** Whether it may still come: its process runs, for one. */
  readonly mayCome: () => boolean;
  /** How long it may take, in milliseconds. */
  readonly waitMsMax: number;
  /** What to do where it never answers. */
  readonly advice: string;
}

/** A part that the engine needs did not come up; the message is a sentence for whoever starts it. */
export class NotAnsweredError extends Error {
  override readonly name = 'NotAnsweredError';
}

const PAUSE_MS = 250;
const REPORT_EVERY_MS = 5_000;

/**
 * Does work that needs the event store, again and again until it answers: a slow machine is not a missing server.
 * @param work may be carried out more than once
 * @throws NotAnsweredError, or whatever else the work throws
 */
export async function untilAnswered<T>(
  { name, mayCome, waitMsMax, advice }: WaitedFor,
  work: () => Promise<T>,
  report: (message: string) => void,
): Promise<T> {
  const startedMs = performance.now();
  let reportedMs = startedMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EventStoreUnavailable)) throw error;
      const nowMs = performance.now();
      const waitedS = Math.round((nowMs - startedMs) / 1_000);
      if (!mayCome() || nowMs - startedMs > waitMsMax) {
        throw new NotAnsweredError(`${name} did not answer within ${waitedS} s (${error.message}): ${advice}`, { cause: error });
      }
      if (nowMs - reportedMs >= REPORT_EVERY_MS) {
        reportedMs = nowMs;
        report(`waiting for ${name.charAt(0).toLowerCase()}${name.slice(1)}, ${waitedS} s so far`);
      }
      await delay(PAUSE_MS);
    }
  }
}
