import type { Sql } from '../readstore/sql.js';
import type { ActionOutcome } from './rule-store.js';

/** One row of the list of what a rule did. */
export interface RuleAction {
  /** Where it stands in the list: the cursor for the page after it. */
  readonly seq: number;
  readonly rule: string;
  readonly part: string | null;
  readonly cause: { readonly id: string; readonly type: string; readonly stream: string; readonly position: number | null };
  readonly commandId: string;
  readonly commandType: string | null;
  readonly aggregateId: string | null;
  readonly because: string;
  readonly outcome: ActionOutcome;
  readonly detail: string | null;
  readonly events: readonly { readonly id: string; readonly type: string }[];
  /** Log position of the last event written. */
  readonly position: number | null;
  readonly minutesSaved: number;
  readonly at: string;
}

interface Row extends Omit<RuleAction, 'cause'> {
  readonly cause_id: string;
  readonly cause_type: string;
  readonly cause_stream: string;
  readonly cause_position: number | null;
}

const COLUMNS = `seq, rule, part, cause_id, cause_type, cause_stream, cause_position, action_id AS "commandId", command_type AS "commandType", aggregate_id AS "aggregateId", because, outcome, detail, events, position,
  minutes_saved AS "minutesSaved", at`;

const actionOf = ({ cause_id: id, cause_type: type, cause_stream: stream, cause_position: position, ...rest }: Row): RuleAction => ({ ...rest, cause: { id, type, stream, position } });

/** What a rule did, newest first, from before `beforeSeq`. */
export async function readActions(sql: Sql, rule: string, limit: number, beforeSeq: number | undefined): Promise<RuleAction[]> {
  const rows = await sql.query<Row>(`SELECT ${COLUMNS} FROM rule_action WHERE rule = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`, [rule, beforeSeq ?? Number.MAX_SAFE_INTEGER, limit]);
  return rows.map(actionOf);
}

/** The last few of each rule, newest first. */
export async function readLastActions(sql: Sql, limit: number): Promise<RuleAction[]> {
  const rows = await sql.query<Row>(`SELECT ${COLUMNS} FROM (SELECT *, row_number() OVER (PARTITION BY rule ORDER BY seq DESC) AS nth FROM rule_action) a WHERE nth <= $1 ORDER BY seq DESC`, [limit]);
  return rows.map(actionOf);
}

export interface RuleCounts {
  readonly rule: string;
  readonly outcome: ActionOutcome;
  readonly count: number;
  readonly minutesSaved: number;
}

export const readCounts = (sql: Sql): Promise<RuleCounts[]> =>
  sql.query<RuleCounts>('SELECT rule, outcome, count(*)::integer AS count, sum(minutes_saved) AS "minutesSaved" FROM rule_action GROUP BY rule, outcome ORDER BY rule, outcome');

/** How far the rules have acted upon the log; -1 before they ever ran. */
export async function readPosition(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ position: number }>(`SELECT position FROM rule_checkpoint WHERE id = 'rules'`);
  return row?.position ?? -1;
}
