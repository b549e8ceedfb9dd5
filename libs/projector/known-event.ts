import type { Sql } from '../readstore/sql.js';
import { isUndecodable, type LogEntry } from './log-source.js';

/** An event by which a log is known again: no other log holds it at this place, nor this one after it lost its end. */
export interface KnownEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  /** Place in the log. */
  readonly position: number;
}

/** Partitions of all projections that are looked at; more than any engine runs. */
export const KNOWN_EVENTS_MAX = 4_096;

/** The last of these events that could be decoded. */
export function knownEventOf(entries: readonly LogEntry[]): KnownEvent | undefined {
  const last = entries.findLast((entry) => !isUndecodable(entry));
  if (!last || isUndecodable(last)) return undefined;
  return { id: last.id, stream: last.stream, revision: last.revision, position: last.position };
}

const IN_USE = `
  FROM projection_checkpoint c
  JOIN projection_build b USING (projection, build)
  WHERE b.state IN ('serving', 'filling')`;

/** The last event that each partition in use has taken in, without repeats, the newest first. */
export async function knownByProjections(sql: Sql): Promise<KnownEvent[]> {
  const rows = await sql.query<{ known_event: KnownEvent }>(
    `SELECT known_event
     FROM (SELECT DISTINCT ON (c.known_event ->> 'id') c.known_event ${IN_USE} AND c.known_event IS NOT NULL) known
     ORDER BY (known_event ->> 'position')::bigint DESC
     LIMIT $1`, [KNOWN_EVENTS_MAX]);
  return rows.map(({ known_event: known }) => known);
}

/** Positions of partitions in use that have read the log and name no event: earlier versions noted none. */
export async function positionsWithoutEvent(sql: Sql): Promise<number[]> {
  const rows = await sql.query<{ position: number }>(
    `SELECT DISTINCT c.position ${IN_USE} AND c.known_event IS NULL AND c.position >= 0
     ORDER BY position DESC
     LIMIT $1`, [KNOWN_EVENTS_MAX]);
  return rows.map(({ position }) => position);
}

/** Notes which event is at the position that partitions without one have reached. */
export async function noteKnownEvent(sql: Sql, known: KnownEvent): Promise<void> {
  await sql.query(
    `UPDATE projection_checkpoint
     SET known_event = $1
     WHERE known_event IS NULL AND position = $2`, [JSON.stringify(known), known.position]);
}
