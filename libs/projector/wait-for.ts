import type { Sql } from '../readstore/sql.js';
import { pause } from './wait.js';

export const WAIT_MS_MAX = 30_000;
const LOOK_MS_MIN = 5;
const LOOK_MS_MAX = 100;

/** Position up to which a projection's serving tables hold the log; -1 before the first event, undefined when it does not exist. */
export async function positionOf(sql: Sql, projection: string): Promise<number | undefined> {
  return (await positionsNow(sql)).get(projection);
}

/** How long one look at the positions may take where less time is left: a busy store is asked once in any case. */
const ONE_LOOK_MS_MAX = 5_000;

type Positions = ReadonlyMap<string, number>;

/** Of each store, the look under way and the one behind it: however many wait, two statements at most ask for them all. */
const looks = new WeakMap<Sql, { readonly present: Promise<Positions>; next?: Promise<Positions> }>();

/** Where every projection that has tables is, as of no earlier than now. */
function positionsNow(sql: Sql): Promise<Positions> {
  const under = looks.get(sql);
  if (under) return (under.next ??= under.present.catch(() => undefined).then(() => begin(sql)));
  return begin(sql);
}

function begin(sql: Sql): Promise<Positions> {
  const present = lookUp(sql);
  const look = { present };
  looks.set(sql, look);
  const over = (): void => {
    if (looks.get(sql) === look && !('next' in look)) looks.delete(sql);
  };
  present.then(over, over);
  return present;
}

async function lookUp(sql: Sql): Promise<Positions> {
  const rows = await sql.query<{ projection: string; position: number }>(
    `SELECT c.projection, min(c.position) AS position
     FROM projection_checkpoint c
     JOIN projection_build b USING (projection, build)
     WHERE b.state = 'serving'
     GROUP BY c.projection`);
  return new Map(rows.map(({ projection, position }) => [projection, position]));
}

/**
 * Read your own write: waits until the projection's tables hold the log up to `position`.
 * @param timeoutMs at most WAIT_MS_MAX
 * @param onCommit tells of commits in this process, so that the wait ends sooner than the next look
 * @returns whether they do; false after the timeout
 */
export async function waitFor(sql: Sql, projection: string, position: number, timeoutMs: number, onCommit?: (listener: () => void) => () => void): Promise<boolean> {
  const deadline = performance.now() + Math.min(timeoutMs, WAIT_MS_MAX);
  let committed: (() => void) | undefined;
  const forget = onCommit?.(() => committed?.());
  try {
    for (let lookMs = LOOK_MS_MIN; ; lookMs = Math.min(LOOK_MS_MAX, lookMs * 1.5)) {
      const woken = new Promise<void>((resolve) => (committed = resolve));
      const positions = await inTime(positionsNow(sql), Math.max(deadline - performance.now(), ONE_LOOK_MS_MAX));
      if ((positions?.get(projection) ?? -Infinity) >= position) return true;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return false;
      await Promise.race([woken, pause(Math.min(lookMs, leftMs))]);
    }
  } finally {
    forget?.();
  }
}

/** What is found in time; undefined afterwards. */
async function inTime<T>(found: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, ms, undefined)));
  try {
    return await Promise.race([found, late]);
  } finally {
    clearTimeout(timer);
  }
}
