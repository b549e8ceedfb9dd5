import type { SubjectKind } from '../../libs/domain/subject.js';
import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { readCursor } from '../../libs/kernel/cursor.js';
import type { ReportView } from '../../libs/kernel/report.js';
import { CURSOR, type AgendaParams, type AgendaState } from './agenda.params.js';
import type { AgendaKind } from './agenda.tables.js';

/** The days asked for, as moments in their zone. */
export interface Span {
  readonly tz: string;
  readonly from: LocalDate;
  readonly since: Instant;
  readonly until: Instant | null;
  readonly todayEnds: Instant;
}

export interface ItemRow {
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

/** One statement over the items `i` and what they are about, `s`; its parameters are collected on the way. */
export class Items {
  readonly values: unknown[] = [];

  constructor(readonly view: ReportView, readonly params: AgendaParams, readonly span: Span) {}

  value(each: unknown): string {
    return `$${this.values.push(each)}`;
  }

  get from(): string {
    return `${this.view.table('agenda_item')} i LEFT JOIN ${this.view.table('agenda_subject')} s ON s.subject_kind = i.subject_kind AND s.subject_id = i.subject_id`;
  }

  /** How an item stands, as a condition. */
  is(state: AgendaState): string {
    const now = (): string => `${this.value(this.view.now)}::timestamptz`;
    const todayEnds = (): string => `${this.value(this.span.todayEnds)}::timestamptz`;
    switch (state) {
      case 'late': return `i.due_at < ${now()}`;
      case 'today': return `(i.due_at >= ${now()} AND i.due_at < ${todayEnds()})`;
      case 'later': return `i.due_at >= ${todayEnds()}`;
      case 'missed': return 'i.missed';
      case 'blocked': return `(i.waiting_on = 'them' OR EXISTS (SELECT 1 FROM ${this.view.table('agenda_roadblock')} b WHERE b.deal_id = coalesce(i.deal_id, s.deal_id)))`;
    }
  }

  /** Those in the teams at the view's moment. */
  #inTeams(teams: readonly string[]): string {
    const now = `${this.value(this.view.now)}::timestamptz`;
    return `i.member_id IN (SELECT r.member_id FROM ${this.view.table('roster_stay')} r WHERE r.team_id = ANY (${this.value(teams)}::text[]) AND (r.valid_from IS NULL OR r.valid_from <= ${now}) AND (r.valid_to IS NULL OR r.valid_to > ${now}))`;
  }

  /** The items asked for. */
  wanted(): string {
    const { memberId, team, kinds, states, subjectKind, subjectId, includeLate } = this.params;
    const { since, until } = this.span;
    return [
      'true',
      ...(memberId?.length ? [`i.member_id = ANY (${this.value(memberId)}::text[])`] : []),
      ...(team?.length ? [this.#inTeams(team)] : []),
      ...(kinds?.length ? [`i.kind = ANY (${this.value(kinds)}::text[])`] : []),
      ...(states?.length ? [`(${states.map((state) => this.is(state)).join(' OR ')})`] : []),
      ...(subjectKind ? [`i.subject_kind = ${this.value(subjectKind)}`] : []),
      ...(subjectId ? [`i.subject_id = ${this.value(subjectId)}`] : []),
      ...(includeLate ? [] : [`i.due_at >= ${this.value(since)}::timestamptz`]),
      ...(until === null ? [] : [`i.due_at < ${this.value(until)}::timestamptz`]),
    ].join(' AND ');
  }
}

export type CountRow = { readonly kind: AgendaKind; readonly total: number; readonly late: number; readonly due_today: number; readonly missed: number; readonly blocked: number };

/** How many there are, by kind. */
export function counts(items: Items): Promise<CountRow[]> {
  const count = (state: AgendaState): string => `count(*) FILTER (WHERE ${items.is(state)})`;
  return items.view.query<CountRow>(
    `SELECT i.kind, count(*) AS total, ${count('late')} AS late, ${count('today')} AS due_today, ${count('missed')} AS missed, ${count('blocked')} AS blocked FROM ${items.from} WHERE ${items.wanted()} GROUP BY i.kind ORDER BY i.kind`, items.values);
}

const ORDER = 'i.due_at, i.kind, i.item_id, i.part, i.member_id';

/** One page of them, and the first of the next. */
export function itemRows(items: Items): Promise<ItemRow[]> {
  const { view, params } = items;
  const cursor = readCursor(CURSOR, params.cursor);
  const after = cursor ? ` AND (${ORDER}) > (${cursor.map((part, index) => `${items.value(part)}${index === 0 ? '::timestamptz' : ''}`).join(', ')})` : '';
  return view.query<ItemRow>(
    `SELECT i.kind, i.item_id, i.part, i.member_id, i.takes_part_as, i.due_at, i.ends_at, i.title, i.detail, i.subject_kind, i.subject_id, s.title AS subject_title, i.waiting_on, i.waiting_since, i.missed,
       (SELECT json_agg(json_build_object('cause', b.cause, 'since', to_char(b.raised_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY b.raised_at, b.roadblock_id) FROM ${view.table('agenda_roadblock')} b WHERE b.deal_id = coalesce(i.deal_id, s.deal_id)) AS roadblocks
     FROM ${items.from} WHERE ${items.wanted()}${after} ORDER BY ${ORDER} LIMIT ${items.value(params.limit + 1)}`, items.values);
}
