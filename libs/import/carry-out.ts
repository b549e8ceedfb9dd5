import { AppendTooLarge } from '../eventstore/event-log.js';
import { EventStoreUnavailable } from '../eventstore/unavailable.js';
import type { Intent, Outcome } from '../eventstore/intent.js';
import { refusingHistory } from '../eventstore/unreadable-history.js';

/** Carries out commands about one aggregate, all or none: on the log, or in a rehearsal. */
export type Execute = (intents: readonly Intent[]) => Promise<Outcome>;

/** How often commands are sent again when the event store does not answer; their ids make that harmless. */
export const SENDINGS_MAX = 6;
const PAUSE_MS_MIN = 100;

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

const refusedWith = (code: string, title: string): Outcome => ({ accepted: false, refusal: { code, kind: 'conflict', title } });

/**
 * Sends commands until the event store answers, at most SENDINGS_MAX times with growing pauses. What is wrong with this one
 * aggregate alone is a refusal; what is wrong with the store is thrown.
 * @throws EventStoreUnavailable
 */
export async function carryOut(execute: Execute, intents: readonly Intent[]): Promise<Outcome> {
  for (let sending = 1; ; sending += 1) {
    try {
      return await refusingHistory(execute(intents));
    } catch (error) {
      if (error instanceof AppendTooLarge) return refusedWith('append_too_large', 'The events of this row are larger than the event store takes at once.');
      if (!(error instanceof EventStoreUnavailable) || sending >= SENDINGS_MAX) throw error;
      await pause(PAUSE_MS_MIN * 2 ** sending);
    }
  }
}
