import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { IsCursor, readCursor, writeCursor } from '../../libs/kernel/cursor.js';
import { IsDay, IsId, IsListOfIds, IsOneOf, IsWhole, IsZone } from '../../libs/kernel/fields.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { dayAfter, EndsPeriod, GoesWith, startOf } from '../coordinator-efficiency/period.js';
import { companyOf } from '../coordinator-efficiency/scope.js';

const ENTRIES_MAX = 500;
export const TIMELINE_SUBJECTS = ['lead', 'deal', 'client', 'case', 'contract', 'member', 'follow_up', 'meeting', 'task', 'survey', 'campaign', 'target', 'team'] as const;
export type TimelineSubject = (typeof TIMELINE_SUBJECTS)[number];

/** The last entry of a page: when it happened, and its place in the log. */
const CURSOR = ['instant', 'whole'] as const;

/** The query string of the timeline. Lists take commas. */
export class TimelineParams {
  @GoesWith('subjectId') @IsOneOf(TIMELINE_SUBJECTS, { optional: true, description: 'With subjectId: what happened to this, and to all that belongs to it. Default: everything that happened.' }) subjectKind?: TimelineSubject;
  @GoesWith('subjectKind') @IsId({ optional: true, description: 'With subjectKind.' }) subjectId?: string;
  @IsId({ optional: true, description: 'Only what this member did, is named in, or what happened to their work while it was theirs.' }) memberId?: string;
  @IsListOfIds({ optional: true, max: 50, description: 'Only events of these types.' }) types?: string[];
  @IsDay({ optional: true, description: 'First day on which it happened, in tz. Default: since ever.' }) from?: LocalDate;
  @EndsPeriod(Infinity) @IsDay({ optional: true, description: 'Last day, included. Default: without end.' }) to?: LocalDate;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: the company’s.' }) tz?: string;
  @IsWhole(1, ENTRIES_MAX, { optional: true, description: 'The most entries in one answer.' }) limit = 50;
  @IsCursor(CURSOR, { optional: true, description: 'nextCursor of the answer before: the entries before it.' }) cursor?: string;
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
  readonly tz: string;
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

/** One statement's conditions on the mentions of events; its parameters are collected on the way. */
class Mentions {
  readonly values: unknown[] = [];
  readonly #within: readonly ((row: string) => string)[];
  readonly #limit: string;
  /** Asked for one thing, no more of its newest entries can be on the page; asked for two at once, any of them can. */
  readonly #mentionLimit: string;

  constructor(readonly view: ReportView, params: TimelineParams, tz: string) {
    const bound = (operator: '>=' | '<', at: Instant): ((row: string) => string) => {
      const value = this.value(at);
      return (row) => `${row}.occurred_at ${operator} ${value}::timestamptz`;
    };
    const cursor = readCursor(CURSOR, params.cursor);
    const before = cursor && `(${this.value(cursor[0])}::timestamptz, ${this.value(cursor[1])}::bigint)`;
    const types = params.types?.length ? this.value(params.types) : undefined;
    this.#within = [
      ...(params.from ? [bound('>=', startOf(params.from, tz))] : []), ...(params.to ? [bound('<', startOf(dayAfter(params.to, 1), tz))] : []),
      ...(before ? [(row: string) => `(${row}.occurred_at, ${row}.position) < ${before}`] : []), ...(types ? [(row: string) => `${row}.type = ANY (${types}::text[])`] : []),
    ];
    this.#limit = this.value(params.limit + 1);
    this.#mentionLimit = params.subjectId !== undefined && params.memberId !== undefined ? 'ALL' : this.#limit;
  }

  value(each: unknown): string {
    return `$${this.values.push(each)}`;
  }

  /** The newest entries that the page can hold, as a select. */
  newestEntries(columns: string, conditions: readonly string[]): string {
    return this.#newest(columns, `${this.view.table('timeline_entry')} e`, 'e', conditions, this.#limit);
  }

  #newestMentions(...conditions: readonly string[]): string {
    return this.#newest('m.event_id', `${this.view.table('timeline_mention')} m`, 'm', conditions, this.#mentionLimit);
  }

  #newest(columns: string, from: string, row: string, conditions: readonly string[], limit: string): string {
    return `SELECT ${columns} FROM ${from} WHERE ${['true', ...conditions, ...this.#within.map((of) => of(row))].join(' AND ')} ORDER BY ${row}.occurred_at DESC, ${row}.position DESC LIMIT ${limit}`;
  }

  /** Events about a subject and what belongs to it. What belongs to it is found by its links, each followed once. */
  about(kind: string, id: string): string {
    const links = this.view.table('timeline_links_subject');
    return `SELECT n.event_id FROM (
      WITH RECURSIVE about (kind, id) AS (SELECT ${this.value(kind)}::text, ${this.value(id)}::text UNION SELECT l.entity_kind, l.entity_id FROM about b JOIN ${links} l ON l.subject_kind = b.kind AND l.subject_id = b.id)
      SELECT kind, id FROM about) a CROSS JOIN LATERAL (${this.#newestMentions('m.kind = a.kind', 'm.id = a.id')}) n`;
  }

  /** Events of a member: those that name them, and those of what they owned, while they did. */
  of(memberId: string): string {
    const id = this.value(memberId);
    const meanwhile = ['m.kind = o.entity_kind', 'm.id = o.entity_id', 'm.own', '(o.valid_from IS NULL OR m.occurred_at >= o.valid_from)', '(o.valid_to IS NULL OR m.occurred_at < o.valid_to)'];
    return `(${this.#newestMentions(`m.kind = 'member'`, `m.id = ${id}`)})
      UNION SELECT n.event_id FROM ${this.view.table('timeline_links_owner')} o CROSS JOIN LATERAL (${this.#newestMentions(...meanwhile)}) n WHERE o.member_id = ${id}`;
  }
}

/** What happened, newest first. @throws ReadStoreError */
export async function timelineReport(view: ReportView, params: TimelineParams): Promise<TimelineAnswer> {
  const { tz } = await companyOf(view, params.tz);
  const { subjectKind, subjectId, memberId, limit } = params;
  const mentions = new Mentions(view, params, tz);
  const conditions = [
    ...(subjectKind !== undefined && subjectId !== undefined ? [mentions.about(subjectKind, subjectId)] : []),
    ...(memberId !== undefined ? [mentions.of(memberId)] : []),
  ].map((events) => `e.event_id IN (${events})`);
  const columns = 'e.event_id, e.type, e.stream, e.position, e.occurred_at, e.recorded_at, e.actor_id, e.actor_role, e.text';
  const found = await view.query<EntryRow>(mentions.newestEntries(columns, conditions), mentions.values);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    tz,
    entries: rows.map((row) => ({ eventId: row.event_id, type: row.type, stream: row.stream, occurredAt: row.occurred_at, recordedAt: row.recorded_at, actor: { id: row.actor_id, role: row.actor_role }, text: row.text })),
    nextCursor: found.length > limit && last ? writeCursor(CURSOR, [last.occurred_at, last.position]) : null,
  };
}

export const timelineStatus = report({
  name: 'timeline',
  version: 1,
  title: 'Timeline',
  description: 'All that happened to a lead, deal, client, person or anything else, newest first, each event with its id and one sentence.',
  projections: ['timeline', 'timeline_links', 'roster'],
  params: TimelineParams,
  figures: [{ name: 'entries', title: 'Entries', unit: 'records', definition: 'Events about the subject and all that belongs to it, newest first by when they happened, `limit` at a time; nextCursor leads to the earlier ones.' }],
  run: timelineReport,
});
