import type { EventStore } from '../streams/event-store.js';
import { readableRange } from '../streams/readable-range.js';
import { refuse } from './errors.js';

/** What the real server's system projections write, and what to do without them; the rest of the name follows. */
const PROJECTED: readonly (readonly [RegExp, string])[] = [
  [/^\$ce-(.*)$/s, 'subscribe to $all with a filter on stream names that begin with "$1-"'],
  [/^\$category-(.*)$/s, 'read $all with a filter on stream names that begin with "$1-"'],
  [/^\$et-(.*)$/s, 'subscribe to $all with a filter on the event type "$1"'],
  [/^\$bc-(.*)$/s, 'read $all and keep the events whose metadata has the $correlationId "$1"'],
  [/^\$streams$/, 'read $all and keep the first event of each stream'],
];

/**
 * Refuses a stream that only a system projection of the real server would write, with what to do instead.
 * One that a client wrote itself is a stream like others.
 * @throws CallRefused
 */
export function refuseProjected(store: EventStore, name: string): void {
  const found = PROJECTED.find(([pattern]) => pattern.test(name));
  if (found === undefined || readableRange(store, name, Date.now()).kind !== 'missing') return;
  const [pattern, instead] = found;
  throw refuse.projected(name, name.replace(pattern, () => instead.replace('$1', () => pattern.exec(name)?.[1] ?? '')));
}
