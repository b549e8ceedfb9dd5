import type { SubjectKind } from '../../libs/domain/subject.js';
import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { localDay, plusDays, startOfDay } from '../../libs/kernel/local-time.js';
import { writeCursor } from '../../libs/kernel/cursor.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { together } from '../../libs/kernel/together.js';
import { companyOf } from '../coordinator-efficiency/scope.js';
import { AgendaParams, CURSOR } from './agenda.params.js';
import type { AgendaKind } from './agenda.tables.js';
import { counts, itemRows, Items, type CountRow, type ItemRow, type Span } from './items.js';

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
  readonly missed: number;
  readonly blocked: number;
  readonly byKind: readonly { readonly kind: AgendaKind; readonly total: number; readonly late: number }[];
  readonly items: readonly AgendaItem[];
  readonly nextCursor: string | null;
}

const MINUTE_MS = 60_000;

/** The zone that a member works in; undefined where nobody of that name is known. */
async function zoneOf(view: ReportView, memberId: string): Promise<string | undefined> {
  const holds = (row: string): string => `(${row}.valid_from IS NULL OR ${row}.valid_from <= $2::timestamptz) AND (${row}.valid_to IS NULL OR ${row}.valid_to > $2::timestamptz)`;
  const [member] = await view.query<{ zone: string | null }>(
    `SELECT coalesce(c.zone, s.zone) AS zone FROM ${view.table('roster_stay')} s LEFT JOIN ${view.table('roster_calendar')} c ON c.member_id = s.member_id AND ${holds('c')} WHERE s.member_id = $1 AND ${holds('s')}`, [memberId, view.now]);
  return member?.zone ?? undefined;
}

async function spanOf(view: ReportView, params: AgendaParams): Promise<Span> {
  const [only, ...others] = params.memberId ?? [];
  const asked = params.tz ?? (only !== undefined && others.length === 0 ? await zoneOf(view, only) : undefined);
  const { tz } = await companyOf(view, asked);
  const today = localDay(view.now, tz);
  const from = params.from ?? today;
  return { tz, from, since: startOfDay(from, tz), until: params.to ? startOfDay(plusDays(params.to, 1), tz) : null, todayEnds: startOfDay(plusDays(today, 1), tz) };
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
  const { byKind, found } = await together({ found: itemRows(new Items(view, params, span)), byKind: counts(new Items(view, params, span)) });
  const rows = found.slice(0, params.limit);
  const last = rows.at(-1);
  const sum = (of: (row: CountRow) => number): number => byKind.reduce((all, row) => all + of(row), 0);
  return {
    tz: span.tz, from: span.from, to: params.to ?? null,
    total: sum(({ total }) => total), late: sum(({ late }) => late), dueToday: sum((row) => row.due_today), missed: sum(({ missed }) => missed), blocked: sum(({ blocked }) => blocked),
    byKind: byKind.map(({ kind, total, late }) => ({ kind, total, late })),
    items: rows.map((row) => itemOf(row, view.now)),
    nextCursor: found.length > params.limit && last ? writeCursor(CURSOR, [last.due_at, last.kind, last.item_id, last.part, last.member_id]) : null,
  };
}

export const agendaStatus = report({
  name: 'agenda',
  version: 1,
  title: 'Agenda',
  description: 'What is due, for whom, what is late and what blocks it: follow-ups, tasks, meetings, contracts, cases, promises and renewals, in the order they are due.',
  projections: ['agenda', 'roster'],
  params: AgendaParams,
  figures: [
    { name: 'total', title: 'Due', unit: 'count', definition: 'What is to be done and was neither done nor cancelled; a meeting once for each who takes part.' },
    { name: 'late', title: 'Late', unit: 'count', definition: 'Of these, what was due before asOf.' },
    { name: 'dueToday', title: 'Due today', unit: 'count', definition: 'Of these, what is due from asOf until the day ends in tz.' },
    { name: 'missed', title: 'Missed', unit: 'count', definition: 'Of these, what the clock has marked as missed, overdue, broken, breached or lapsed: its grace has passed as well.' },
    { name: 'blocked', title: 'Blocked', unit: 'count', definition: 'Of these, what is about an open deal, or a contract or case of one, with a roadblock that is not cleared, and contracts that are with the client.' },
    { name: 'byKind', title: 'By kind', unit: 'count', definition: 'Due and late, by kind.' },
    { name: 'items', title: 'Items', unit: 'records', definition: 'The items themselves in the order they are due, `limit` at a time; nextCursor leads to the next ones.' },
  ],
  run: agendaReport,
});
