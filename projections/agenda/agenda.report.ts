import { IsIn } from 'class-validator';
import { DateTime } from 'luxon';
import { SUBJECT_KINDS, type SubjectKind } from '../../libs/domain/subject.js';
import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { IsDay, IsFlag, IsId, IsListOfIds, IsOneOf, IsShape, IsWhole, IsZone } from '../../libs/kernel/fields.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { AGENDA_KINDS, type AgendaKind } from './agenda.tables.js';

const ITEMS_MAX = 500;
const CURSOR_PARTS = 5;

type Cursor = readonly [dueAt: Instant, kind: string, itemId: string, part: string, memberId: string];

const written = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** What an earlier answer gave out as `nextCursor`; undefined for anything else. */
function readCursor(text: unknown): Cursor | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    const valid = Array.isArray(parts) && parts.length === CURSOR_PARTS && parts.every((part) => typeof part === 'string') && !Number.isNaN(Date.parse(String(parts[0])));
    return valid ? (parts as unknown as Cursor) : undefined; // five texts, the first a moment
  } catch {
    return undefined;
  }
}

/** The query string of the agenda. Lists take commas. */
export class AgendaParams {
  @IsListOfIds({ optional: true, max: 50, description: 'Only what these members are to do or take part in. Default: everybody’s.' }) memberId?: string[];
  @IsDay({ optional: true, description: 'First day, in tz. Default: today.' }) from?: LocalDate;
  @IsDay({ optional: true, description: 'Last day, included. Default: without end.' }) to?: LocalDate;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: the company’s.' }) tz?: string;
  @IsFlag({ optional: true, description: 'What was due before the first day and is not done, too.' }) includeLate = true;
  @IsIn([...AGENDA_KINDS], { each: true })
  @IsListOfIds({ optional: true, max: AGENDA_KINDS.length, description: `Only these kinds: ${AGENDA_KINDS.join(', ')}.` }) kinds?: AgendaKind[];
  @IsOneOf(SUBJECT_KINDS, { optional: true, description: 'With subjectId: only what is about this lead, deal, client, case or contract.' }) subjectKind?: SubjectKind;
  @IsId({ optional: true, description: 'With subjectKind.' }) subjectId?: string;
  @IsWhole(1, ITEMS_MAX, { optional: true, description: 'The most items in one answer.' }) limit = 100;
  @IsShape((value) => readCursor(value) !== undefined, 'must be the nextCursor of an earlier answer', { type: String }, { optional: true, description: 'nextCursor of the answer before: the items after it.' }) cursor?: string;
}

export interface AgendaItem {
  readonly kind: AgendaKind;
  readonly id: string;
  readonly promiseId: string | null;
  readonly memberId: string;
  readonly takesPartAs: 'owner' | 'attendee';
  readonly dueAt: Instant;
  readonly endsAt: Instant | null;
  readonly late: boolean;
  readonly lateMinutes: number;
  readonly missed: boolean;
  readonly title: string;
  readonly detail: string | null;
  readonly subject: { readonly kind: SubjectKind; readonly id: string; readonly title: string | null } | null;
  readonly blockedBy: readonly { readonly cause: string; readonly since: Instant }[];
}

export interface AgendaAnswer {
  readonly tz: string;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly total: number;
  readonly late: number;
  readonly dueToday: number;
  readonly blocked: number;
  readonly byKind: readonly { readonly kind: AgendaKind; readonly total: number; readonly late: number }[];
  readonly items: readonly AgendaItem[];
  readonly nextCursor: string | null;
}

interface ItemRow {
  readonly kind: AgendaKind;
  readonly item_id: string;
  readonly part: string;
  readonly member_id: string;
  readonly takes_part_as: 'owner' | 'attendee';
  readonly due_at: Instant;
  readonly ends_at: Instant | null;
  readonly title: string;
  readonly detail: string | null;
  readonly subject_kind: SubjectKind | null;
  readonly subject_id: string | null;
  readonly subject_title: string | null;
  readonly waiting_on: 'us' | 'them';
  readonly waiting_since: Instant | null;
  readonly missed: boolean;
  readonly roadblocks: readonly { readonly cause: string; readonly since: string }[] | null;
}

const MINUTE_MS = 60_000;
const startOf = (day: LocalDate, tz: string, plus = 0): Instant => DateTime.fromISO(day, { zone: tz }).plus({ days: plus }).startOf('day').toJSDate().toISOString();

interface Span {
  readonly tz: string;
  readonly from: LocalDate;
  readonly since: Instant;
  readonly until: Instant | null;
  readonly todayEnds: Instant;
}

async function spanOf(view: ReportView, params: AgendaParams): Promise<Span> {
  const [company] = await view.query<{ value: string }>(`SELECT c.value FROM ${view.table('agenda_company')} c WHERE c.setting = 'zone'`);
  const tz = params.tz ?? company?.value ?? 'UTC';
  const today = DateTime.fromISO(view.now, { zone: tz }).toFormat('yyyy-MM-dd');
  const from = params.from ?? today;
  return { tz, from, since: startOf(from, tz), until: params.to ? startOf(params.to, tz, 1) : null, todayEnds: startOf(today, tz, 1) };
}

/** The items asked for, as a condition on `i`; all its parameters are in `values`. */
function wanted(params: AgendaParams, span: Span, values: unknown[]): string {
  const value = (each: unknown): string => `$${values.push(each)}`;
  const conditions = ['true'];
  if (params.memberId?.length) conditions.push(`i.member_id = ANY (${value(params.memberId)}::text[])`);
  if (params.kinds?.length) conditions.push(`i.kind = ANY (${value(params.kinds)}::text[])`);
  if (params.subjectKind) conditions.push(`i.subject_kind = ${value(params.subjectKind)}`);
  if (params.subjectId) conditions.push(`i.subject_id = ${value(params.subjectId)}`);
  if (!params.includeLate) conditions.push(`i.due_at >= ${value(span.since)}::timestamptz`);
  if (span.until !== null) conditions.push(`i.due_at < ${value(span.until)}::timestamptz`);
  return conditions.join(' AND ');
}

const BLOCKED = (view: ReportView): string => `(i.waiting_on = 'them' OR EXISTS (SELECT 1 FROM ${view.table('agenda_roadblock')} b WHERE b.deal_id = coalesce(i.deal_id, s.deal_id)))`;
const SUBJECT = (view: ReportView): string => `LEFT JOIN ${view.table('agenda_subject')} s ON s.subject_kind = i.subject_kind AND s.subject_id = i.subject_id`;

type CountRow = { readonly kind: AgendaKind; readonly total: number; readonly late: number; readonly due_today: number; readonly blocked: number };

function counts(view: ReportView, params: AgendaParams, span: Span): Promise<CountRow[]> {
  const values: unknown[] = [view.now, span.todayEnds];
  return view.query<CountRow>(
    `SELECT i.kind, count(*) AS total, count(*) FILTER (WHERE i.due_at < $1::timestamptz) AS late, count(*) FILTER (WHERE i.due_at >= $1::timestamptz AND i.due_at < $2::timestamptz) AS due_today, count(*) FILTER (WHERE ${BLOCKED(view)}) AS blocked
     FROM ${view.table('agenda_item')} i ${SUBJECT(view)} WHERE ${wanted(params, span, values)} GROUP BY i.kind ORDER BY i.kind`, values);
}

function itemRows(view: ReportView, params: AgendaParams, span: Span): Promise<ItemRow[]> {
  const values: unknown[] = [];
  const where = wanted(params, span, values);
  const cursor = readCursor(params.cursor);
  const after = cursor ? ` AND (i.due_at, i.kind, i.item_id, i.part, i.member_id) > (${cursor.map((part, index) => `$${values.push(part)}${index === 0 ? '::timestamptz' : ''}`).join(', ')})` : '';
  return view.query<ItemRow>(
    `SELECT i.kind, i.item_id, i.part, i.member_id, i.takes_part_as, i.due_at, i.ends_at, i.title, i.detail, i.subject_kind, i.subject_id, s.title AS subject_title, i.waiting_on, i.waiting_since, i.missed,
       (SELECT json_agg(json_build_object('cause', b.cause, 'since', to_char(b.raised_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY b.raised_at, b.roadblock_id) FROM ${view.table('agenda_roadblock')} b WHERE b.deal_id = coalesce(i.deal_id, s.deal_id)) AS roadblocks
     FROM (SELECT * FROM ${view.table('agenda_item')} i WHERE ${where}${after} ORDER BY i.due_at, i.kind, i.item_id, i.part, i.member_id LIMIT $${values.push(params.limit + 1)}) i ${SUBJECT(view)}
     ORDER BY i.due_at, i.kind, i.item_id, i.part, i.member_id`, values);
}

function itemOf(row: ItemRow, now: Instant): AgendaItem {
  const late = row.due_at < now;
  return {
    kind: row.kind, id: row.item_id, promiseId: row.part === '' ? null : row.part, memberId: row.member_id, takesPartAs: row.takes_part_as, dueAt: row.due_at, endsAt: row.ends_at,
    late, lateMinutes: late ? Math.floor((Date.parse(now) - Date.parse(row.due_at)) / MINUTE_MS) : 0, missed: row.missed, title: row.title, detail: row.detail,
    subject: row.subject_kind && row.subject_id ? { kind: row.subject_kind, id: row.subject_id, title: row.subject_title } : null,
    blockedBy: [...(row.roadblocks ?? []), ...(row.waiting_on === 'them' && row.waiting_since ? [{ cause: 'waiting_on_client', since: row.waiting_since }] : [])],
  };
}

/** What is due and not done, in the order it is due. @throws ReadStoreError */
export async function agendaReport(view: ReportView, params: AgendaParams): Promise<AgendaAnswer> {
  const span = await spanOf(view, params);
  const byKind = await counts(view, params, span);
  const found = await itemRows(view, params, span);
  const rows = found.slice(0, params.limit);
  const last = rows.at(-1);
  const sum = (of: (row: CountRow) => number): number => byKind.reduce((all, row) => all + of(row), 0);
  return {
    tz: span.tz, from: span.from, to: params.to ?? null,
    total: sum(({ total }) => total), late: sum(({ late }) => late), dueToday: sum((row) => row.due_today), blocked: sum(({ blocked }) => blocked),
    byKind: byKind.map(({ kind, total, late }) => ({ kind, total, late })),
    items: rows.map((row) => itemOf(row, view.now)),
    nextCursor: found.length > params.limit && last ? written([last.due_at, last.kind, last.item_id, last.part, last.member_id]) : null,
  };
}

export const agendaStatus = report({
  name: 'agenda',
  version: 1,
  title: 'Agenda',
  description: 'What is due, for whom, what is late and what blocks it: follow-ups, tasks, meetings, contracts, cases, promises and renewals, in the order they are due.',
  projections: ['agenda'],
  params: AgendaParams,
  figures: [
    { name: 'total', title: 'Due', unit: 'count', definition: 'What is to be done and was neither done nor cancelled; a meeting once for each who takes part.' },
    { name: 'late', title: 'Late', unit: 'count', definition: 'Of these, what was due before asOf.' },
    { name: 'dueToday', title: 'Due today', unit: 'count', definition: 'Of these, what is due from asOf until the day ends in tz.' },
    { name: 'blocked', title: 'Blocked', unit: 'count', definition: 'Of these, what is about a deal with a roadblock that is not cleared, and contracts that are with the client.' },
    { name: 'byKind', title: 'By kind', unit: 'count', definition: 'Due and late, by kind.' },
    { name: 'items', title: 'Items', unit: 'records', definition: 'The items themselves in the order they are due, `limit` at a time; nextCursor leads to the next ones.' },
  ],
  run: agendaReport,
});
