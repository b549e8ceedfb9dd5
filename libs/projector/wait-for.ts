import type { Sql } from '../readstore/sql.js';
import { pause } from './wait.js';

export const WAIT_MS_MAX = 30_000;
const LOOK_MS_MIN = 5;
const LOOK_MS_MAX = 100;

/** Position up to which a projection's serving tables hold the log; -1 before the first event, undefined when it does not exist. */
export async function positionOf(sql: Sql, projection: string): Promise<number | undefined> {
  const [row] = await sql.query<{ position: number | null }>(
    `SELECT min(c.position) AS position FROM projection_checkpoint c JOIN projection_build b USING (projection, build) WHERE c.projection = $1 AND b.state = 'serving'`, [projection]);
  return row?.position ?? undefined;
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
      const reached = await positionOf(sql, projection);
      if (reached !== undefined && reached >= position) return true;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return false;
      await Promise.race([woken, pause(Math.min(lookMs, leftMs))]);
    }
  } finally {
    forget?.();
  }
}
