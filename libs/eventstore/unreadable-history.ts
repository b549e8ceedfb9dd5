import type { RefusalCatalog } from '../kernel/refusal.js';
import { UndecodableEvent } from './codec.js';
import { ForeignEvent } from './foreign-event.js';
import type { Outcome, Refusal } from './intent.js';

/**
 * What can be wrong with the history that a command rests on. No repetition mends it, and other records are not
 * concerned.
 */
export const historyRefusals = {
  history_unreadable: {
    kind: 'conflict', title: 'The history of this record holds an event that this version of the engine cannot read.',
  },
  foreign_stream: { kind: 'conflict', title: 'Another application has written into the stream of this record.' },
} as const satisfies RefusalCatalog<string>;

/** The refusal that an error while reading a history stands for; undefined for every other error. */
export function historyRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof ForeignEvent || error instanceof UndecodableEvent)) return undefined;
  const code = error instanceof ForeignEvent ? 'foreign_stream' : 'history_unreadable';
  return { code, ...historyRefusals[code], detail: error.message };
}

/** Makes a refusal of what is wrong with the history that commands rest on. @throws every other error */
export async function refusingHistory(work: Promise<Outcome>): Promise<Outcome> {
  try {
    return await work;
  } catch (error) {
    const refusal = historyRefusal(error);
    if (refusal) return { accepted: false, refusal };
    throw error;
  }
}
