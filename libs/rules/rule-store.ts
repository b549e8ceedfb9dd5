import type { KnownEvent } from '../projector/known-event.js';
import type { ReadStore, Sql } from '../readstore/sql.js';
import { SNAPSHOT_CHARACTERS_MAX } from './limits.js';
import { readRemembered, writeRemembered } from './remembered-json.js';
import type { Intended } from './rule-minds.js';

const TABLES = `
CREATE TABLE IF NOT EXISTS rule_checkpoint (id text PRIMARY KEY, position bigint NOT NULL DEFAULT -1, epoch bigint NOT NULL DEFAULT 0, owner text, moved_at timestamptz NOT NULL DEFAULT now());
ALTER TABLE rule_checkpoint ADD COLUMN IF NOT EXISTS known_event json;
COMMENT ON COLUMN rule_checkpoint.known_event
  IS 'Last event taken in, and where: a log without it there is not the one that was read.';
COMMENT ON TABLE rule_checkpoint IS 'How far the rules have acted upon the log. position and epoch fence every write.';
CREATE TABLE IF NOT EXISTS rule_snapshot (id text PRIMARY KEY, position bigint NOT NULL, remembered text NOT NULL, taken_at timestamptz NOT NULL DEFAULT now());
COMMENT ON TABLE rule_snapshot IS 'What the rules remembered at a position of the log, so that a start need not read all of it. May be deleted.';
CREATE TABLE IF NOT EXISTS rule_action (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, action_id text NOT NULL UNIQUE, rule text NOT NULL, part text, cause_id text NOT NULL, cause_type text NOT NULL, cause_stream text NOT NULL, cause_position bigint,
  command_type text, aggregate_id text, because text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('carried_out', 'nothing_to_do', 'refused', 'failed', 'depth_limit', 'too_old', 'nothing_possible')),
  detail text, events jsonb NOT NULL, position bigint, minutes_saved double precision NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS rule_action_rule ON rule_action (rule, seq);
COMMENT ON TABLE rule_action IS 'What each rule did about what, and why; also what it would have done and was kept from.';
COMMENT ON COLUMN rule_action.action_id IS 'Id of the command, derived from the cause and the rule: the same cause gives the same row.';
COMMENT ON COLUMN rule_action.minutes_saved IS 'Minutes of a person''s time, by the settings of that moment; 0 where nothing was carried out.';`;

const ID = 'rules';

export type ActionOutcome = 'carried_out' | 'nothing_to_do' | 'refused' | 'failed' | 'depth_limit' | 'too_old' | 'nothing_possible';

/** What became of what a rule wanted. */
export interface Done {
  readonly intended: Intended;
  readonly outcome: ActionOutcome;
  readonly aggregateId?: string;
  readonly detail?: string;
  readonly events: readonly { readonly id: string; readonly type: string }[];
  readonly position?: number;
}

export interface RuleClaim {
  readonly epoch: number;
  readonly position: number;
}

/** Someone else runs the rules now: what was worked out here must not be written. */
export class RulesFencedOff extends Error {}

export const makeRuleTables = (store: ReadStore): Promise<void> =>
  store.transaction(async (sql) => {
    await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended('pipeledger schema', 0))`);
    await sql.script(TABLES);
  });

/** Takes over: from now on every write of a former owner fails. */
export async function claimRules(sql: Sql, owner: string): Promise<RuleClaim> {
  const [claim] = await sql.query<RuleClaim>(
    `INSERT INTO rule_checkpoint (id, owner) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET epoch = rule_checkpoint.epoch + 1, owner = $2 RETURNING epoch, position`, [ID, owner]);
  if (!claim) throw new RulesFencedOff('the checkpoint of the rules could not be claimed');
  return claim;
}

export async function readSnapshot(sql: Sql): Promise<{ readonly position: number; readonly remembered: ReadonlyMap<string, unknown> } | undefined> {
  const [row] = await sql.query<{ position: number; remembered: string }>('SELECT position, remembered FROM rule_snapshot WHERE id = $1', [ID]);
  const remembered = row && readRemembered(row.remembered);
  return row && remembered instanceof Map ? { position: row.position, remembered } : undefined;
}

const rowOf = ({ intended, outcome, aggregateId, detail, events, position }: Done) => ({
  action_id: intended.actionId, rule: intended.rule.name, part: intended.rule.part ?? null, cause_id: intended.cause.id, cause_type: intended.cause.type, cause_stream: intended.cause.stream, cause_position: intended.cause.position,
  command_type: intended.command?.type ?? null, aggregate_id: aggregateId ?? null, because: intended.because, outcome, detail: detail ?? null, events, position: position ?? null, minutes_saved: outcome === 'carried_out' ? intended.minutesSaved : 0,
});

/** What the rules know of the log at a position. */
export interface Learned {
  /** What they remember, where it is time to write that down. */
  readonly remembered?: ReadonlyMap<string, unknown> | undefined;
  /** The last event taken in; left out: the one before it still is. */
  readonly known?: KnownEvent | undefined;
}

/**
 * Records what was done and moves the checkpoint on, in one transaction; with it what is remembered at that position, where given.
 * @throws RulesFencedOff when someone else has claimed the rules
 */
export async function commitRules(
  store: ReadStore, epoch: number, from: number, to: number, done: readonly Done[], { remembered, known }: Learned = {},
): Promise<void> {
  await store.transaction(async (sql) => {
    const moved = await sql.query(
      `UPDATE rule_checkpoint
       SET position = $4, moved_at = now(), known_event = coalesce($5::json, known_event)
       WHERE id = $1 AND epoch = $2 AND position = $3
       RETURNING 1 AS moved`, [ID, epoch, from, to, known ? JSON.stringify(known) : null]);
    if (moved.length !== 1) throw new RulesFencedOff('another process runs the rules now');
    if (done.length > 0) {
      await sql.query(
        `INSERT INTO rule_action (action_id, rule, part, cause_id, cause_type, cause_stream, cause_position, command_type, aggregate_id, because, outcome, detail, events, position, minutes_saved)
         SELECT action_id, rule, part, cause_id, cause_type, cause_stream, cause_position, command_type, aggregate_id, because, outcome, detail, events, position, minutes_saved FROM jsonb_to_recordset($1::jsonb)
           AS r(action_id text, rule text, part text, cause_id text, cause_type text, cause_stream text, cause_position bigint, command_type text, aggregate_id text, because text, outcome text, detail text, events jsonb, position bigint, minutes_saved double precision)
         ON CONFLICT (action_id) DO NOTHING`, [JSON.stringify(done.map(rowOf))]);
    }
    const json = remembered && writeRemembered(remembered);
    if (json === undefined || json.length > SNAPSHOT_CHARACTERS_MAX) return;
    await sql.query('INSERT INTO rule_snapshot (id, position, remembered) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET position = $2, remembered = $3, taken_at = now()', [ID, to, json]);
  });
}

/** Those of the actions that are not recorded yet. */
export async function notRecorded(sql: Sql, intended: readonly Intended[]): Promise<Intended[]> {
  if (intended.length === 0) return [];
  const known = await sql.query<{ action_id: string }>('SELECT action_id FROM rule_action WHERE action_id = ANY($1::text[])', [intended.map(({ actionId }) => actionId)]);
  const ids = new Set(known.map(({ action_id: id }) => id));
  return intended.filter(({ actionId }) => !ids.has(actionId));
}

/** Where the rules are in the log, and the last event they have taken in: null where earlier versions noted none. */
export interface RulesKnow {
  readonly position: number;
  readonly event: KnownEvent | null;
}

/** What the rules know of the log; undefined before the first event. */
export async function knownByRules(sql: Sql): Promise<RulesKnow | undefined> {
  const [row] = await sql.query<{ position: number; known_event: KnownEvent | null }>(
    'SELECT position, known_event FROM rule_checkpoint WHERE id = $1 AND position >= 0', [ID]);
  return row && { position: row.position, event: row.known_event };
}

/** Notes which event is at the position that the rules have reached, where they know none. */
export async function noteRulesKnow(sql: Sql, known: KnownEvent): Promise<void> {
  await sql.query(
    `UPDATE rule_checkpoint
     SET known_event = $2
     WHERE id = $1 AND known_event IS NULL AND position = $3`, [ID, JSON.stringify(known), known.position]);
}

/** Makes the rules read the log from its beginning. What they did stays on record, by which they know it again. */
export async function forgetLogOfRules(sql: Sql): Promise<void> {
  await sql.query('DELETE FROM rule_snapshot WHERE id = $1', [ID]);
  await sql.query(
    `UPDATE rule_checkpoint
     SET position = -1, epoch = epoch + 1, known_event = NULL
     WHERE id = $1`, [ID]);
}
