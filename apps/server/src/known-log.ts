import type { EventLog } from '../../../libs/eventstore/event-log.js';
import { toNumber } from '../../../libs/eventstore/codec.js';
import { EventStoreUnavailable } from '../../../libs/eventstore/unavailable.js';
import { prepareStore } from '../../../libs/projector/builds.js';
import { forgetAllBuilds } from '../../../libs/projector/forget-all-builds.js';
import {
  knownByProjections, noteKnownEvent, positionsWithoutEvent, type KnownEvent,
} from '../../../libs/projector/known-event.js';
import type { ReadStore } from '../../../libs/readstore/sql.js';
import { forgetLogOfRules, knownByRules, makeRuleTables, noteRulesKnow } from '../../../libs/rules/rule-store.js';

/** The views were made from a log that is not this one, or that held more. */
export class UnknownLogError extends Error {
  override readonly name = 'UnknownLogError';
  constructor({ id, stream, revision, position }: KnownEvent) {
    super(
      'The views know an event that the event log does not hold ' +
        `(${id}, revision ${revision} of ${stream} at position ${position}): ` +
        'they were made from another log, or this one has lost its end. ' +
        'Start with the event log and the read store that belong together; if this log is the right one, ' +
        'stop every engine on this read store and start once with --adopt-log, which makes all views anew.',
    );
  }
}

/**
 * Compares what projections and rules last took in with the log; deadlines are a projection's rows. To be called before
 * anything is written to the log. Where an earlier version noted no event, the log that is there is the right one.
 * @throws UnknownLogError, EventStoreUnavailable, ReadStoreError
 */
export async function checkKnownLog(store: ReadStore, log: EventLog): Promise<void> {
  await makeTables(store);
  const ofRules = await knownByRules(store);
  const known = await knownByProjections(store);
  if (ofRules?.event) known.push(ofRules.event);
  for (const event of known) if (!(await log.holds(event))) throw new UnknownLogError(event);

  const adopted = await positionsWithoutEvent(store);
  if (ofRules?.event === null) adopted.push(ofRules.position);
  for (const position of new Set(adopted)) {
    const event = await eventAt(log, position);
    if (!event) continue;
    await noteKnownEvent(store, event);
    await noteRulesKnow(store, event);
  }
}

/** Drops all that was made from another log, so that everything is made anew from the one there is. */
export async function adoptLog(store: ReadStore): Promise<void> {
  await makeTables(store);
  await forgetAllBuilds(store);
  await store.transaction(forgetLogOfRules);
}

async function makeTables(store: ReadStore): Promise<void> {
  await prepareStore(store);
  await makeRuleTables(store);
}

/** The event at a position; undefined where there is none, which a server may say by an error. */
async function eventAt(log: EventLog, position: number): Promise<KnownEvent | undefined> {
  try {
    const event = await log.eventAt(position);
    return event && { id: event.id, stream: event.streamId, revision: toNumber(event.revision), position };
  } catch (error) {
    if (error instanceof EventStoreUnavailable) throw error;
    return undefined;
  }
}
