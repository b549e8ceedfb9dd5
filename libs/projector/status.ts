import type { Instant } from '../kernel/event.js';
import type { Sql } from '../readstore/sql.js';
import { HEARTBEAT_STALE_MS } from './limits.js';

/** `missing`: no tables yet. `silent`: no sign of life from any worker. `outdated`: another version than this program's serves. */
export type ProjectionState = 'live' | 'catching_up' | 'running' | 'retrying' | 'stopped' | 'idle' | 'silent' | 'missing';

export interface PartitionStatus {
  readonly partition: number;
  readonly state: ProjectionState;
  readonly position: number;
  readonly owner: string | null;
  readonly epoch: number;
  readonly eventsPerSecond: number;
  readonly lastError: string | null;
  readonly lastErrorAt: Instant | null;
}

export interface ProjectionStatus {
  readonly projection: string;
  /** Version whose tables serve; null when there are none. */
  readonly version: number | null;
  readonly build: number | null;
  readonly state: ProjectionState;
  /** Up to which log position every partition has written; -1 before the first event. */
  readonly position: number;
  /** Position of the log's last event. */
  readonly head: number;
  readonly caughtUp: boolean;
  /** Wanted events behind the position, as far as they are known: null when the count is not. */
  readonly lagEvents: number | null;
  /** How old the knowledge in the tables may be; null when nothing is known. */
  readonly lagSeconds: number | null;
  readonly parked: number;
  readonly eventsPerSecond: number;
  readonly lastError: string | null;
  readonly partitions: readonly PartitionStatus[];
  /** Builds that do not serve. */
  readonly others: readonly { readonly build: number; readonly version: number; readonly state: string; readonly position: number; readonly comparison: unknown }[];
}

interface PartitionRow extends PartitionStatus {
  readonly build: number;
  readonly version: number;
  readonly head: number;
  readonly silent: boolean;
  readonly lag_seconds: number | null;
}

const WORST: readonly ProjectionState[] = ['missing', 'stopped', 'silent', 'retrying', 'idle', 'running', 'catching_up', 'live'];

async function partitionsOf(sql: Sql, projection: string): Promise<PartitionRow[]> {
  return sql.query<PartitionRow>(
    `SELECT b.build, b.version, c.partition, c.state, c.position, c.owner, c.epoch, c.head, c.events_per_second AS "eventsPerSecond", c.last_error AS "lastError", c.last_error_at AS "lastErrorAt",
       coalesce(c.heartbeat_at < now() - $2::integer * interval '1 millisecond', true) AS silent, extract(epoch FROM now() - coalesce(c.caught_up_at, c.position_at))::double precision AS lag_seconds
     FROM projection_checkpoint c JOIN projection_build b USING (projection, build) WHERE c.projection = $1 AND b.state = 'serving' ORDER BY c.partition`, [projection, HEARTBEAT_STALE_MS]);
}

const stateOf = ({ state, silent }: PartitionRow): ProjectionState => (state === 'stopped' || !silent ? state : 'silent');

const MISSING: Omit<ProjectionStatus, 'projection' | 'head' | 'others'> = {
  version: null, build: null, state: 'missing', position: -1, caughtUp: false, lagEvents: null, lagSeconds: null, parked: 0, eventsPerSecond: 0, lastError: null, partitions: [],
};

/**
 * Where one projection stands. `head` is the log's; a projection without tables is `missing`, and never caught up.
 * @param countEvents counts the wanted events between two positions, where the caller can
 */
export async function projectionStatus(sql: Sql, projection: string, head: number, countEvents?: (afterPosition: number) => Promise<number | null>): Promise<ProjectionStatus> {
  const rows = await partitionsOf(sql, projection);
  const others = await sql.query<ProjectionStatus['others'][number]>(
    `SELECT b.build, b.version, b.state, min(c.position) AS position, b.comparison FROM projection_build b JOIN projection_checkpoint c USING (projection, build) WHERE b.projection = $1 AND b.state <> 'serving' GROUP BY b.projection, b.build ORDER BY b.build`, [projection]);
  const [first] = rows;
  if (!first) return { projection, head, others, ...MISSING };
  const position = Math.min(...rows.map((row) => row.position));
  const caughtUp = position >= head;
  const [counted] = await sql.query<{ parked: number }>('SELECT count(*) AS parked FROM projection_parked WHERE projection = $1 AND build = $2', [projection, first.build]);
  const partitions = rows.map(({ partition, position: own, owner, epoch, eventsPerSecond, lastError, lastErrorAt, ...row }): PartitionStatus =>
    ({ partition, state: stateOf({ partition, position: own, owner, epoch, eventsPerSecond, lastError, lastErrorAt, ...row }), position: own, owner, epoch, eventsPerSecond, lastError, lastErrorAt }));
  const lags = rows.map((row) => row.lag_seconds);
  return {
    projection, version: first.version, build: first.build, head, position, caughtUp, partitions, others,
    state: WORST.find((state) => partitions.some((each) => each.state === state)) ?? 'missing',
    lagEvents: caughtUp ? 0 : ((await countEvents?.(position)) ?? null),
    lagSeconds: caughtUp ? 0 : lags.includes(null) ? null : Math.max(...lags.map(Number)),
    parked: counted?.parked ?? 0,
    eventsPerSecond: partitions.reduce((sum, each) => sum + each.eventsPerSecond, 0),
    lastError: partitions.find((each) => each.lastError !== null)?.lastError ?? null,
  };
}

export interface HealthLimits {
  readonly lagSecondsMax: number;
  readonly parkedMax: number;
}

export const HEALTH_LIMITS: HealthLimits = { lagSecondsMax: 60, parkedMax: 0 };

/** What is wrong with a projection, in a sentence each; empty when it is well. */
export function problemsOf(status: ProjectionStatus, limits: HealthLimits = HEALTH_LIMITS): string[] {
  const { projection, state, lagSeconds, parked, caughtUp } = status;
  const problems: string[] = [];
  if (state === 'missing') problems.push(`${projection} has no tables yet`);
  if (state === 'stopped') problems.push(`${projection} has stopped: ${status.lastError ?? 'no reason is known'}`);
  if (state === 'silent') problems.push(`no worker runs ${projection}`);
  if (!caughtUp && state !== 'missing' && (lagSeconds === null || lagSeconds > limits.lagSecondsMax)) problems.push(`${projection} is ${lagSeconds === null ? 'an unknown time' : `${Math.round(lagSeconds)} s`} behind; the limit is ${limits.lagSecondsMax} s`);
  if (parked > limits.parkedMax) problems.push(`${projection} has ${parked} events parked; the limit is ${limits.parkedMax}`);
  return problems;
}
