import { UndecodableEvent } from './codec.js';
import { ForeignEvent } from './foreign-event.js';
import { ledgerRefusals, type Outcome, type Refusal } from './intent.js';

/** The refusal that an error while reading a history stands for; undefined for every other error. */
export function historyRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof ForeignEvent || error instanceof UndecodableEvent)) return undefined;
  const code = error instanceof ForeignEvent ? 'foreign_stream' : 'history_unreadable';
  return { code, ...ledgerRefusals[code], detail: error.message };
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
