import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { plusDays, startOfDay } from '../../libs/kernel/local-time.js';
import { readCursor } from '../../libs/kernel/cursor.js';
import type { ReportView } from '../../libs/kernel/report.js';
import { BEGUN, SUBJECT_KINDS } from './owners.js';
import { CURSOR, type TimelineParams } from './timeline.params.js';

/** Up to so many entries it is cheaper to ask each for its owner than to look at all that a member ever owned. */
const ENTRIES_ASKED_MAX = 5_000;
const NEWEST_FIRST = 'occurred_at DESC, position DESC';
const MEMBER = 'member';

/** What is asked, and of which moment. */
interface Question {
  readonly view: ReportView;
  readonly params: TimelineParams;
  readonly tz: string;
  /** As of the past: before this moment happened all that was known then. */
  readonly before: Instant | undefined;
}

/** One statement over entries or mentions; its parameters are collected on the way. */
class Statement {
  readonly values: unknown[] = [];
  readonly view: ReportView;

  constructor(readonly question: Question) {
    this.view = question.view;
  }

  value(each: unknown): string {
    return `$${this.values.push(each)}`;
  }

  /**
   * Whether a row is of the types and in the days asked for, behind the cursor. What was not known yet is left out by its place in the
   * log, which the indexes hold: a view as of the past alone would have to look up each later row to see that. The indexes are in the order
   * in which things happened: without a moment to begin before, they would lead through everything that has happened since.
   */
  asked(row: string): string[] {
    const { params: { from, to, cursor, types }, tz, before } = this.question;
    const last = readCursor(CURSOR, cursor);
    return [
      ...(before !== undefined ? [`${row}.occurred_at < ${this.value(before)}::timestamptz`] : []),
      ...(this.view.isPast ? [`${row}.position <= ${this.value(this.view.position)}::bigint`] : []),
      ...(from ? [`${row}.occurred_at >= ${this.value(startOfDay(from, tz))}::timestamptz`] : []),
      ...(to ? [`${row}.occurred_at < ${this.value(startOfDay(plusDays(to, 1), tz))}::timestamptz`] : []),
      ...(last ? [`(${row}.occurred_at, ${row}.position) < (${this.value(last[0])}::timestamptz, ${this.value(last[1])}::bigint)`] : []),
      ...(types?.length ? [`${row}.type = ANY (${this.value(types)}::text[])`] : []),
    ];
  }

  /** A select of the newest rows that are asked for; no more of them than the page can hold, unless `all`. */
  newest(columns: string, from: string, row: string, conditions: readonly string[], all = false): string {
    const where = ['true', ...conditions, ...this.asked(row)].join(' AND ');
    return `SELECT ${columns} FROM ${from} WHERE ${where} ORDER BY ${row}.occurred_at DESC, ${row}.position DESC${all ? '' : ` LIMIT ${this.value(this.question.params.limit + 1)}`}`;
  }

  entries(conditions: readonly string[], all: boolean): string {
    return `(${this.newest('e.occurred_at, e.position', `${this.view.table('timeline_entry')} e`, 'e', conditions, all)})`;
  }

  /** A select of the newest events of an entity and of those that name it; kind and id are SQL. */
  concerning(kind: string, id: string, all: boolean): string {
    const naming = this.newest('m.occurred_at, m.position', `${this.view.table('timeline_mention')} m`, 'm', [`m.kind = ${kind}`, `m.id = ${id}`], all);
    return `${this.entries([`e.entity_kind = ${kind}`, `e.entity_id = ${id}`], all)} UNION ALL (${naming})`;
  }

  /** A select of the newest events that a member did; the id is SQL. */
  doneBy(memberId: string, all: boolean): string {
    return this.entries([`e.actor_id = ${memberId}`, `e.actor_role <> 'system'`], all);
  }

  run<R extends object>(text: string): Promise<R[]> {
    return this.view.query<R>(text, this.values);
  }
}

/** A select of the events about a subject and what belongs to it: what began by naming it, and what began by naming that. */
function about(statement: Statement, kind: string, id: string, all: boolean): string {
  const { view } = statement;
  // Both sides of a recursion must have one collation; tables of earlier versions have the database's own.
  const begun = `SELECT e.entity_kind COLLATE "C", e.entity_id COLLATE "C" FROM about b JOIN ${view.table('timeline_mention')} m ON m.kind = b.kind AND m.id = b.id JOIN ${view.table('timeline_entry')} e ON e.position = m.position
        WHERE b.kind = ANY (${statement.value(SUBJECT_KINDS)}::text[]) AND m.type = ANY (${statement.value(BEGUN)}::text[])`;
  const done = kind === MEMBER ? ` UNION ${statement.doneBy(statement.value(id), all)}` : '';
  return `SELECT n.* FROM (WITH RECURSIVE about (kind, id) AS (SELECT ${statement.value(kind)}::text COLLATE "C", ${statement.value(id)}::text COLLATE "C" UNION ${begun}) SELECT kind, id FROM about) a
      CROSS JOIN LATERAL (${statement.concerning('a.kind', 'a.id', all)}) n${done}`;
}

/** A select of the events that a member did or is named in. */
const ofThemselves = (statement: Statement, memberId: string, all: boolean): string => `${statement.concerning(`'${MEMBER}'`, memberId, all)} UNION ${statement.doneBy(memberId, all)}`;

/** SQL: who owned what an entry `e` is of when it happened. That is whom the last event by then named; before the first that names anyone, it is whom that one names. */
function ownerThen({ view }: Statement): string {
  const named = (condition: string, order: string): string => `(SELECT o.owner_id FROM ${view.table('timeline_entry')} o WHERE o.entity_id = e.entity_id AND o.entity_kind = e.entity_kind AND o.owner_id IS NOT NULL${condition} ORDER BY o.occurred_at ${order}, o.position ${order} LIMIT 1)`;
  return `coalesce(${named(' AND o.occurred_at <= e.occurred_at', 'DESC')}, ${named('', 'ASC')})`;
}

/**
 * From when on the events of what a member owned can be on the page: the time of the last entry that would be on it already by those
 * that name the member. Undefined where those do not fill a page, or where too much has happened since.
 */
async function ownedSince(question: Question, memberId: string): Promise<Instant | undefined> {
  const { view, params } = question;
  const naming = new Statement(question);
  const last = `${ofThemselves(naming, naming.value(memberId), false)} ORDER BY ${NEWEST_FIRST} OFFSET ${naming.value(params.limit)} LIMIT 1`;
  const [named] = await naming.run<{ occurred_at: Instant }>(last);
  const since = named?.occurred_at;
  if (since === undefined) return undefined;
  const counting = new Statement(question);
  const conditions = [`e.occurred_at >= ${counting.value(since)}::timestamptz`, ...counting.asked('e')];
  const [found] = await counting.run<{ count: number }>(`SELECT count(*) AS count FROM (SELECT 1 FROM ${view.table('timeline_entry')} e WHERE ${conditions.join(' AND ')} LIMIT ${ENTRIES_ASKED_MAX + 1}) x`);
  return found && found.count <= ENTRIES_ASKED_MAX ? since : undefined;
}

/** A select of the events of a member: their own, and those of what they owned, while they did. */
function ofMember(statement: Statement, memberId: string, since: Instant | undefined): string {
  const { view } = statement;
  const id = `${statement.value(memberId)}::text`;
  const entry = view.table('timeline_entry');
  const theirs = `${ownerThen(statement)} = ${id}`;
  const owned = since === undefined
    ? `SELECT n.* FROM (SELECT DISTINCT o.entity_kind, o.entity_id FROM ${entry} o WHERE o.owner_id = ${id}) o CROSS JOIN LATERAL ${statement.entries(['e.entity_kind = o.entity_kind', 'e.entity_id = o.entity_id', theirs], false)} n`
    : statement.newest('e.occurred_at, e.position', `${entry} e`, 'e', [`e.occurred_at >= ${statement.value(since)}::timestamptz`, theirs]);
  return `${ofThemselves(statement, id, false)} UNION (${owned})`;
}

/** A select of those events about a subject that are a member's, too. */
function ofBoth(statement: Statement, kind: string, subjectId: string, memberId: string): string {
  const { view } = statement;
  const id = `${statement.value(memberId)}::text`;
  const isNamed = `EXISTS (SELECT 1 FROM ${view.table('timeline_mention')} m WHERE m.kind = '${MEMBER}' AND m.id = ${id} AND m.occurred_at = e.occurred_at AND m.position = e.position)`;
  return `SELECT e.occurred_at, e.position FROM (${about(statement, kind, subjectId, true)}) a JOIN ${view.table('timeline_entry')} e ON e.position = a.position
    WHERE (e.actor_id = ${id} AND e.actor_role <> 'system') OR (e.entity_kind = '${MEMBER}' AND e.entity_id = ${id}) OR ${isNamed} OR ${ownerThen(statement)} = ${id}`;
}

/** A select of the events asked for; undefined where all are. */
async function selection(question: Question, statement: Statement): Promise<string | undefined> {
  const { subjectKind, subjectId, memberId } = question.params;
  if (subjectKind === undefined || subjectId === undefined) return memberId === undefined ? undefined : ofMember(statement, memberId, await ownedSince(question, memberId));
  return memberId === undefined ? about(statement, subjectKind, subjectId, false) : ofBoth(statement, subjectKind, subjectId, memberId);
}

/** Positions of the events of a page, newest first, and of the first of the next page; undefined where everything is asked for. */
async function candidates(question: Question): Promise<number[] | undefined> {
  const statement = new Statement(question);
  const selected = await selection(question, statement);
  if (selected === undefined) return undefined;
  const found = await statement.run<{ position: number }>(`SELECT position FROM (${selected}) c GROUP BY occurred_at, position ORDER BY ${NEWEST_FIRST} LIMIT ${statement.value(question.params.limit + 1)}`);
  return found.map(({ position }) => position);
}

export interface EntryRow {
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

const COLUMNS = 'e.event_id, e.type, e.stream, e.position, e.occurred_at, e.known_from AS recorded_at, e.actor_id, e.actor_role, e.text';

/** The end of the last day (UTC) on which something happened that was known by then; undefined where nothing was. */
async function endOfWhatWasKnown(view: ReportView): Promise<Instant | undefined> {
  const [last] = await view.query<{ day: LocalDate | null }>(`SELECT max(day) AS day FROM ${view.table('timeline_days_day')} d`);
  return typeof last?.day === 'string' ? startOfDay(plusDays(last.day, 1), 'UTC') : undefined;
}

/** The entries of a page and the first of the next, newest first. */
export async function entriesOf(view: ReportView, params: TimelineParams, tz: string): Promise<EntryRow[]> {
  const before = view.isPast ? await endOfWhatWasKnown(view) : undefined;
  if (view.isPast && before === undefined) return [];
  const question: Question = { view, params, tz, before };
  const positions = await candidates(question);
  const statement = new Statement(question);
  const entry = `${view.table('timeline_entry')} e`;
  if (positions === undefined) return statement.run<EntryRow>(statement.newest(COLUMNS, entry, 'e', []));
  // One by one by their key, which a LIMIT makes sure of: without statistics, as after taking in a long log, all entries might be read.
  return statement.run<EntryRow>(`SELECT e.* FROM unnest(${statement.value(positions)}::bigint[]) AS c (position) CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM ${entry} WHERE e.position = c.position LIMIT 1) e ORDER BY ${NEWEST_FIRST}`);
}
