import type { EventLog } from '../eventstore/event-log.js';
import type { LocalDate } from '../kernel/event.js';
import { foreignData } from './foreign-data.js';

/** Simulated companies are never this long without anything happening; one that was left in its last days is not told from one that is over. */
const SILENCE_DAYS_MAX = 7;
const DAY_MS = 86_400_000;
const SIMULATION = /^simulation-(\d+)-(\d+)m-(\d+)p-(\d{4}-\d{2}-\d{2})(?:-(\d+)e)?$/;

/** A made-up company that was left before its end. */
export interface UnfinishedSimulation {
  readonly simulation: string;
  /** The last simulated day that something happened on. */
  readonly until: LocalDate;
  readonly end: LocalDate;
  /** What plays the rest. */
  readonly command: string;
}

/** What stands at the end of a log, when that is a simulation; undefined for anything else, and for one that is over. */
export function unfinishedFrom(correlationId: string, occurredAt: string): UnfinishedSimulation | undefined {
  const [, seed, months, team, end, events] = SIMULATION.exec(correlationId) ?? [];
  if (end === undefined || Date.parse(occurredAt) >= Date.parse(end) - SILENCE_DAYS_MAX * DAY_MS) return undefined;
  const command = ['pipeledger simulate', `--seed ${seed} --months ${months} --team ${team} --end ${end}`, ...(events === undefined ? [] : [`--events ${events}`])].join(' ');
  return { simulation: correlationId, until: occurredAt.slice(0, 10), end, command };
}

/**
 * The simulation that the log ends with, where it was left before its end. As long as nobody plays the rest, the present is no
 * time of that company: by the engine's clock all that it had planned would be overdue. Where the log holds other data too, the
 * command that plays the rest has to say so. @throws EventStoreUnavailable
 */
export async function unfinishedSimulation(log: EventLog): Promise<UnfinishedSimulation | undefined> {
  const last = await log.lastOf((event) => event.actor.role !== 'system' || SIMULATION.test(event.correlationId));
  const unfinished = last && unfinishedFrom(last.correlationId, last.occurredAt);
  if (!unfinished) return undefined;
  const isAmongOthers = (await foreignData(log, unfinished.simulation, new AbortController().signal)) !== undefined;
  return isAmongOthers ? { ...unfinished, command: `${unfinished.command} --force` } : unfinished;
}

export const unfinishedText = ({ simulation, until, end, command }: UnfinishedSimulation): string =>
  `this store holds an unfinished made-up company (${simulation}: ${until} of ${end}); no deadline rings before it is finished. Play the rest with ${command}, or start on an empty store`;
