import type { FieldError } from '../kernel/parse-command.js';
import { knownHead } from '../projector/known-head.js';
import { waitFor, WAIT_MS_MAX } from '../projector/wait-for.js';
import type { ReadStore } from '../readstore/sql.js';
import { problem, ProblemError } from './problem.js';

/** Token of what reports are read from. */
export const READ_SIDE = Symbol('read side');

export interface ReadSide {
  readonly store: ReadStore;
  /** Asks the log how far it goes; undefined: answers say only how old they may be at most. */
  readonly head?: () => Promise<number>;
  /** The position at which one who follows the log has all of it up to the one given; undefined: that one. */
  readonly ownUpTo?: (position: number) => Promise<number>;
  /** Asks which zone the company's days are of; undefined: UTC. */
  readonly companyZone?: () => Promise<string>;
  /** Tells of commits of the projections in this process; undefined where they run elsewhere. */
  readonly onCommit?: (listener: () => void) => () => void;
}

export const WAIT_MS_DEFAULT = 5_000;
const WHOLE = /^\d{1,15}$/;

/** What a caller asks of the freshness of an answer; what is wrong with it is added to `errors`. */
export interface Freshness {
  readonly minPosition: number | undefined;
  readonly timeoutMs: number;
}

export function freshnessOf(minPosition: string | undefined, waitMs: string | undefined, errors: FieldError[]): Freshness {
  if (minPosition !== undefined && !WHOLE.test(minPosition)) errors.push({ field: 'minPosition', message: 'minPosition must be a log position: a whole number' });
  if (waitMs !== undefined && !(WHOLE.test(waitMs) && Number(waitMs) <= WAIT_MS_MAX)) errors.push({ field: 'waitMs', message: `waitMs must be a whole number from 0 to ${WAIT_MS_MAX}` });
  return { minPosition: minPosition === undefined ? undefined : Number(minPosition), timeoutMs: waitMs === undefined ? WAIT_MS_DEFAULT : Number(waitMs) };
}

/** Waits until every projection holds `minPosition`: the caller reads what they have just written. @throws ProblemError `view_behind` */
export async function waitUntilWritten({ store, ownUpTo, onCommit }: ReadSide, projections: readonly string[], { minPosition, timeoutMs }: Freshness): Promise<void> {
  if (minPosition === undefined) return;
  const position = (ownUpTo && (await knownHead(() => ownUpTo(minPosition)))) ?? minPosition;
  const reached = await Promise.all(projections.map((projection) => waitFor(store, projection, position, timeoutMs, onCommit)));
  if (reached.includes(false)) throw new ProblemError(problem('view_behind', { detail: `position ${minPosition} is not in the report after ${timeoutMs} ms` }));
}
