import { DateTime } from 'luxon';
import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { IsDay, IsId, IsListOfIds, IsOneOf, IsShape, IsWhole, IsZone } from '../../libs/kernel/fields.js';
import { report, type ReportView } from '../../libs/kernel/report.js';

const ENTRIES_MAX = 500;
export const TIMELINE_SUBJECTS = ['lead', 'deal', 'client', 'case', 'contract', 'member', 'follow_up', 'meeting', 'task', 'survey', 'campaign', 'target', 'team'] as const;
export type TimelineSubject = (typeof TIMELINE_SUBJECTS)[number];

type Cursor = readonly [occurredAt: Instant, position: number];

const written = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** What an earlier answer gave out as `nextCursor`; undefined for anything else. */
function readCursor(text: unknown): Cursor | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(parts) || parts.length !== 2) return undefined;
    const [at, position] = parts as readonly unknown[];
    return typeof at === 'string' && !Number.isNaN(Date.parse(at)) && typeof position === 'number' && Number.isSafeInteger(position) ? [at, position] : undefined;
  } catch {
    return undefined;
  }
}

/** The query string of the timeline. Lists take commas. */
export class TimelineParams {
  @IsOneOf(TIMELINE_SUBJECTS, { optional: true, description: 'With subjectId: what happened to this, and to all that belongs to it. Default: everything that happened.' }) subjectKind?: TimelineSubject;
  @IsId({ optional: true, description: 'With subjectKind.' }) subjectId?: string;
  @IsId({ optional: true, description: 'Only what this member did, is named in, or what happened to their work while it was theirs.' }) memberId?: string;
  @IsListOfIds({ optional: true, max: 50, description: 'Only events of these types.' }) types?: string[];
  @IsDay({ optional: true, description: 'First day on which it happened, in tz. Default: since ever.' }) from?: LocalDate;
  @IsDay({ optional: true, description: 'Last day, included. Default: without end.' }) to?: LocalDate;
  @IsZone({ optional: true, description: 'Time zone in which days are cut.' }) tz = 'UTC';
  @IsWhole(1, ENTRIES_MAX, { optional: true, description: 'The most entries in one answer.' }) limit = 50;
  @IsShape((value) => readCursor(value) !== undefined, 'must be the nextCursor of an earlier answer', { type: String }, { optional: true, description: 'nextCursor of the answer before: the entries before it.' }) cursor?: string;
}

export interface TimelineEntry {
  readonly eventId: string;
  readonly type: string;
  readonly stream: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly actor: { readonly id: string; readonly role: string };
  readonly text: string;
}

export interface TimelineAnswer {
  readonly entries: readonly TimelineEntry[];
  readonly nextCursor: string | null;
}

interface EntryRow {
  readonly event_id: string;
  readonly type: string;
  readonly stream: string;
  readonly position: number;
  readonly occurred_at: Instant;
  readonly recorded_at: Instant;
  readonly actor_id: string;
  readonly actor_role: string;
  readonly text: string;
}

const startOf = (day: LocalDate, tz: string, plus = 0): Instant => DateTime.fromISO(day, { zone: tz }).plus({ days: plus }).startOf('day').toJSDate().toISOString();

/** Events about a subject and what belongs to it, as a select of `event_id`. What belongs to it is found by its links, each followed once. */
const aboutSubject = (view: ReportView, kind: string, id: string, within: string): string =>
  `SELECT m.event_id FROM (
     WITH RECURSIVE about (kind, id) AS (SELECT ${kind}::text, ${id}::text UNION SELECT l.entity_kind, l.entity_id FROM about b JOIN ${view.table('timeline_links_subject')} l ON l.subject_kind = b.kind AND l.subject_id = b.id)
     SELECT kind, id FROM about) a
   JOIN ${view.table('timeline_mention')} m ON m.kind = a.kind AND m.id = a.id WHERE ${within}`;

/** Events of a member, as a select of `event_id`: those that name them, and those of what they owned, while they did. */
const ofMember = (view: ReportView, id: string, within: string): string =>
  `SELECT m.event_id FROM ${view.table('timeline_mention')} m WHERE m.kind = 'member' AND m.id = ${id} AND ${within}
   UNION SELECT m.event_id FROM ${view.table('timeline_links_owner')} o JOIN ${view.table('timeline_mention')} m ON m.kind = o.entity_kind AND m.id = o.entity_id AND m.own
     AND (o.valid_from IS NULL OR m.occurred_at >= o.valid_from) AND (o.valid_to IS NULL OR m.occurred_at < o.valid_to) WHERE o.member_id = ${id} AND ${within}`;

/** What happened, newest first. @throws ReadStoreError */
export async function timelineReport(view: ReportView, params: TimelineParams): Promise<TimelineAnswer> {
  const values: unknown[] = [];
  const value = (each: unknown): string => `$${values.push(each)}`;
  const cursor = readCursor(params.cursor);
  const bounds = [
    ...(params.from ? [['>=', value(startOf(params.from, params.tz))]] : []), ...(params.to ? [['<', value(startOf(params.to, params.tz, 1))]] : []),
  ] as [string, string][]; // pairs of an operator and a placeholder
  const before = cursor && `(${value(cursor[0])}::timestamptz, ${value(cursor[1])}::bigint)`;
  const within = (row: string): string => ['true', ...bounds.map(([operator, bound]) => `${row}.occurred_at ${operator} ${bound}::timestamptz`), ...(before ? [`(${row}.occurred_at, ${row}.position) < ${before}`] : [])].join(' AND ');
  const conditions = [within('e')];
  if (params.types?.length) conditions.push(`e.type = ANY (${value(params.types)}::text[])`);
  if (params.subjectKind !== undefined && params.subjectId !== undefined) conditions.push(`e.event_id IN (${aboutSubject(view, value(params.subjectKind), value(params.subjectId), within('m'))})`);
  if (params.memberId !== undefined) conditions.push(`e.event_id IN (${ofMember(view, value(params.memberId), within('m'))})`);
  const found = await view.query<EntryRow>(
    `SELECT e.event_id, e.type, e.stream, e.position, e.occurred_at, e.recorded_at, e.actor_id, e.actor_role, e.text FROM ${view.table('timeline_entry')} e
     WHERE ${conditions.join(' AND ')} ORDER BY e.occurred_at DESC, e.position DESC LIMIT ${value(params.limit + 1)}`, values);
  const rows = found.slice(0, params.limit);
  const last = rows.at(-1);
  return {
    entries: rows.map((row) => ({ eventId: row.event_id, type: row.type, stream: row.stream, occurredAt: row.occurred_at, recordedAt: row.recorded_at, actor: { id: row.actor_id, role: row.actor_role }, text: row.text })),
    nextCursor: found.length > params.limit && last ? written([last.occurred_at, last.position]) : null,
  };
}

export const timelineStatus = report({
  name: 'timeline',
  version: 1,
  title: 'Timeline',
  description: 'All that happened to a lead, deal, client, person or anything else, newest first, each event with its id and one sentence.',
  projections: ['timeline', 'timeline_links'],
  params: TimelineParams,
  figures: [{ name: 'entries', title: 'Entries', unit: 'records', definition: 'Events about the subject and all that belongs to it, newest first by when they happened, `limit` at a time; nextCursor leads to the earlier ones.' }],
  run: timelineReport,
});
