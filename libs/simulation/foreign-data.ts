import { EventStoreLogSource } from '../eventstore/subscription.js';
import type { EventLog } from '../eventstore/event-log.js';
import { isUndecodable } from '../projector/log-source.js';

/**
 * The first thing in the log that did not come of this simulation, in words; undefined where there is none. What the engine
 * itself does (set-up, clock, rules) follows from the rest and is nobody's data. Reads the whole log where it finds nothing.
 */
export async function foreignData(log: EventLog, simulation: string, signal: AbortSignal): Promise<string | undefined> {
  const head = await log.head();
  if (head < 0) return undefined;
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  try {
    // Ends at the place where the log ended when this began.
    for await (const { events, lastPosition, caughtUp } of new EventStoreLogSource(log).subscribe({ afterPosition: null, eventTypes: [], signal: either })) {
      const foreign = events.find((event) => isUndecodable(event) || (event.correlationId !== simulation && event.actor.role !== 'system'));
      if (foreign) return `${foreign.type} in ${foreign.stream} at position ${foreign.position}`;
      if (caughtUp || lastPosition >= head) return undefined;
    }
    return undefined;
  } finally {
    done.abort();
  }
}
