import type { Instant } from '../kernel/event.js';
import type { AnyProjection } from '../kernel/projection.js';
import type { ReadStore, Sql } from '../readstore/sql.js';
import { eventsBehind } from './events-behind.js';
import { knownHead } from './known-head.js';
import { HEARTBEAT_STALE_MS } from './limits.js';
import type { LogSource } from './log-source.js';

/** `missing`: no tables yet. `silent`: no sign of life from any worker. `outdated`: silent, and the tables that serve are of another version than this program's. */
export type ProjectionState = 'live' | 'catching_up' | 'running' | 'retrying' | 'stopped' | 'idle' | 'silent' | 'outdated' | 'missing';

export interface PartitionStatus {
  readonly partition: number;
  readonly state: ProjectionState;
  readonly position: number;
  /** Host and process that writes it, or wrote it last. */
  readonly owner: string | null;
  /** How often the partition was claimed: a worker of an earlier epoch can no longer write. */
  readonly epoch: number;
  readonly eventsPerSecond: number;
  /** How often the process that writes it has taken up reading the log again, having been dropped or cut off, since it started. It heals by itself. */
  readonly resumed: number;
  readonly lastError: string | null;
  readonly lastErrorAt: Instant | null;
}

export interface ProjectionStatus {
  readonly projection: string;
  /** Version whose tables serve; null when there are none. */
  readonly version: number | null;
  /** Version that this program defines. */
  readonly declaredVersion: number;
  readonly build: number | null;
  readonly state: ProjectionState;
  /** Up to which log position every partition has written; -1 before the first event. */
  readonly position: number;
  /** Position of the log's last event; null when the log does not answer. */
  readonly head: number | null;
  /** The tables hold all that the log does. Never said when the head is not known. */
  readonly caughtUp: boolean;
  /** Events of the types it wants between position and head; null when they could not be counted. */
  readonly lagEvents: number | null;
  /** There are more than were counted. */
  readonly lagEventsAtLeast: boolean;
  /** How old the knowledge in the tables may be at most, in seconds; null when nothing is known. */
  readonly lagSeconds: number | null;
  readonly parked: number;
  readonly eventsPerSecond: number;
  /** The most of any partition; those of one process share their reading. */
  readonly resumed: number;
  readonly lastError: string | null;
  readonly partitions: readonly PartitionStatus[];
  /** Builds that do not serve. */
  readonly others: readonly { readonly build: number; readonly version: number; readonly state: string; readonly position: number; readonly comparison: unknown }[];
}

interface PartitionRow extends PartitionStatus {
  readonly build: number;
  readonly version: number;
  readonly silent: boolean;
  readonly lag_seconds: number | null;
}

/** Up to when the tables are known to be complete: to the last event written, and to the last moment at which none was left. */
export const COMPLETE_UNTIL_SQL = 'greatest(caught_up_at, position_at)';

const WORST: readonly ProjectionState[] = ['missing', 'stopped', 'outdated', 'silent', 'retrying', 'idle', 'running', 'catching_up', 'live'];

async function partitionsOf(sql: Sql, projection: string): Promise<PartitionRow[]> {
  return sql.query<PartitionRow>(
    `SELECT b.build, b.version, c.partition, c.state, c.position, c.owner, c.epoch, c.events_per_second AS "eventsPerSecond", c.resumed, c.last_error AS "lastError", c.last_error_at AS "lastErrorAt",
       coalesce(c.heartbeat_at < now() - $2::integer * interval '1 millisecond', true) AS silent, extract(epoch FROM now() - ${COMPLETE_UNTIL_SQL})::double precision AS lag_seconds
     FROM projection_checkpoint c JOIN projection_build b USING (projection, build) WHERE c.projection = $1 AND b.state = 'serving' ORDER BY c.partition`, [projection, HEARTBEAT_STALE_MS]);
}

function partitionStatus({ partition, state, position, owner, epoch, eventsPerSecond, resumed, lastError, lastErrorAt, silent, version }: PartitionRow, declaredVersion: number): PartitionStatus {
  const seen = state === 'stopped' || !silent ? state : version === declaredVersion ? 'silent' : 'outdated';
  // A worker that is gone, or that waits, folds nothing now.
  return { partition, state: seen, position, owner, epoch, eventsPerSecond: silent ? 0 : eventsPerSecond, resumed, lastError, lastErrorAt };
}

const MISSING: Omit<ProjectionStatus, 'projection' | 'declaredVersion' | 'head' | 'others'> = {
  version: null, build: null, state: 'missing', position: -1, caughtUp: false, lagEvents: null, lagEventsAtLeast: false, lagSeconds: null, parked: 0, eventsPerSecond: 0, resumed: 0, lastError: null, partitions: [],
};

/** Where one projection stands; how many events it lacks is not counted here. A projection without tables is `missing`, and never caught up. */
async function standing(sql: Sql, { name: projection, version: declaredVersion }: AnyProjection, head: number | null): Promise<ProjectionStatus> {
  const rows = await partitionsOf(sql, projection);
  const others = await sql.query<ProjectionStatus['others'][number]>(
    `SELECT b.build, b.version, b.state, min(c.position) AS position, b.comparison FROM projection_build b JOIN projection_checkpoint c USING (projection, build) WHERE b.projection = $1 AND b.state <> 'serving' GROUP BY b.projection, b.build ORDER BY b.build`, [projection]);
  const [first] = rows;
  if (!first) return { projection, declaredVersion, head, others, ...MISSING };
  const position = Math.min(...rows.map((row) => row.position));
  const caughtUp = head !== null && position >= head;
  const [counted] = await sql.query<{ parked: number }>('SELECT count(*) AS parked FROM projection_parked WHERE projection = $1 AND build = $2', [projection, first.build]);
  const partitions = rows.map((row) => partitionStatus(row, declaredVersion));
  const lags = rows.map((row) => row.lag_seconds);
  return {
    projection, version: first.version, declaredVersion, build: first.build, position, caughtUp, partitions, others,
    // The log was asked first: what was written since may be beyond its answer.
    head: head === null ? null : Math.max(head, position),
    state: WORST.find((state) => partitions.some((each) => each.state === state)) ?? 'missing',
    lagEvents: caughtUp ? 0 : null, lagEventsAtLeast: false,
    lagSeconds: caughtUp ? 0 : lags.includes(null) ? null : Math.max(0, ...lags.map(Number)),
    parked: counted?.parked ?? 0,
    eventsPerSecond: partitions.reduce((sum, each) => sum + each.eventsPerSecond, 0),
    resumed: Math.max(...partitions.map(({ resumed }) => resumed)),
    lastError: partitions.find((each) => each.lastError !== null)?.lastError ?? null,
  };
}

/** Where each projection stands against the present head of the log, the missing events not counted: what health asks, beside the turns of reads. Answers without the head where the log does not. @throws ReadStoreError */
export async function projectionStandings(store: ReadStore, source: LogSource, projections: readonly AnyProjection[]): Promise<ProjectionStatus[]> {
  const head = await knownHead(() => source.head());
  return store.transaction((sql) => standingsIn(sql, projections, head), { snapshot: true });
}

async function standingsIn(sql: Sql, projections: readonly AnyProjection[], head: number | null): Promise<ProjectionStatus[]> {
  const all: ProjectionStatus[] = [];
  for (const projection of projections) all.push(await standing(sql, projection, head));
  return all;
}

/** The same as one of the reads that take turns, and how many events each lacks, which takes reading them. @throws ReadStoreError */
export async function projectionStatuses(store: ReadStore, source: LogSource, projections: readonly AnyProjection[]): Promise<ProjectionStatus[]> {
  const now = await knownHead(() => source.head());
  const statuses = await store.read((sql) => standingsIn(sql, projections, now));
  const behind = statuses.filter(({ caughtUp, state }) => !caughtUp && state !== 'missing');
  const head = Math.max(-1, ...behind.map((status) => status.head ?? -1));
  const counts = head < 0 ? [] : await eventsBehind(source, behind.map(({ projection, position }) => ({ position, eventTypes: projections.find(({ name }) => name === projection)!.events })), head);
  return statuses.map((status) => {
    const counted = counts[behind.indexOf(status)];
    return counted ? { ...status, lagEvents: counted.events, lagEventsAtLeast: counted.atLeast } : status;
  });
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
  if (state === 'outdated') problems.push(`${projection} is served by version ${status.version}, which this program does not run: it has version ${status.declaredVersion}`);
  if (!caughtUp && state !== 'missing' && (lagSeconds === null || lagSeconds > limits.lagSecondsMax)) problems.push(`${projection} is ${lagSeconds === null ? 'an unknown time' : `${Math.round(lagSeconds)} s`} behind; the limit is ${limits.lagSecondsMax} s`);
  if (parked > limits.parkedMax) problems.push(`${projection} has ${parked} events parked; the limit is ${limits.parkedMax}`);
  return problems;
}
