import type { LogSource } from './log-source.js';

/** Events counted at most: who is further behind is told "at least". */
export const LAG_EVENTS_MAX = 10_000;
export const LAG_COUNT_MS_MAX = 2_000;

export interface EventsBehind {
  readonly events: number;
  /** Not all were counted. */
  readonly atLeast: boolean;
}

/** A reader of the log: how far it is, and which events it wants. */
export interface Follower {
  readonly position: number;
  readonly eventTypes: readonly string[];
}

/** Counts in one pass what each follower has yet to read of the log up to `head`. */
export async function eventsBehind(source: LogSource, followers: readonly Follower[], head: number): Promise<EventsBehind[]> {
  if (followers.length === 0) return [];
  const wanted = followers.map(({ eventTypes }) => new Set(eventTypes));
  const counts = followers.map(() => 0);
  const from = Math.min(...followers.map(({ position }) => position));
  let covered = from;
  let seen = 0;
  for await (const page of source.subscribe({ afterPosition: from < 0 ? null : from, eventTypes: [...new Set(followers.flatMap(({ eventTypes }) => eventTypes))], signal: AbortSignal.timeout(LAG_COUNT_MS_MAX) })) {
    for (const { position, type } of page.events) {
      if (position > head) break;
      followers.forEach((follower, index) => {
        if (position > follower.position && wanted[index]!.has(type)) counts[index]! += 1;
      });
    }
    covered = page.lastPosition;
    seen += page.events.length;
    if (covered >= head || seen >= LAG_EVENTS_MAX) break;
  }
  return counts.map((events) => ({ events, atLeast: covered < head }));
}
