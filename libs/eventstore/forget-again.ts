import { isUndecodable } from '../projector/log-source.js';
import type { EventLog } from './event-log.js';
import { EventStoreLogSource } from './subscription.js';

/**
 * Destroys once more the keys of all whom the log says are forgotten: an engine that ended between the two, or keys that were
 * restored from a copy, are put right. Reads those events only. @throws EventStoreUnavailable, KeysUnavailable
 */
export async function forgetAgain(log: EventLog): Promise<void> {
  const upTo = await log.head();
  if (upTo < 0) return;
  const done = new AbortController();
  try {
    for await (const { events, lastPosition } of new EventStoreLogSource(log).subscribe({ afterPosition: null, eventTypes: log.codec.forgetting, upTo, signal: done.signal })) {
      await log.codec.forget(events.flatMap((event) => (isUndecodable(event) ? [] : [event])));
      if (lastPosition >= upTo) return;
    }
  } finally {
    done.abort();
  }
}
