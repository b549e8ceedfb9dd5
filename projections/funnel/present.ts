import { by, sums, total, type FunnelFigures } from './answer.js';
import type { Scope } from './scope.js';
import { joinStage, LEAD_PATH, type PlacedStep } from './steps.js';

export interface StandingRow {
  readonly grp: string; readonly pipeline_id: string | null; readonly step: string; readonly name: string | null; readonly currency: string | null;
  readonly count: number; readonly minor: number | null; readonly weighted: number | null; readonly stalled: number; readonly stalled_minor: number | null; readonly blocked: number; readonly blocked_minor: number | null;
}

/** Where everything stands now: leads by step, open deals by stage, with their value. Credit is the present owner's. */
export function standing(scope: Scope): Promise<StandingRow[]> {
  // A parameter that a statement does not use is an error: the moment is added where a cut asks for it.
  const cut = scope.cut({ get at() { return scope.now(); }, owner: 'coalesce(d.owner_id, l.owner_id)', pipeline: 'f.pipeline_id' });
  const { minor, currency } = scope.amount('d');
  const isStalled = scope.isOverdue('f.entered_at', 's.service_level_days', 'd.owner_id');
  return scope.run(`SELECT ${cut.group} AS grp, f.pipeline_id, f.step, s.name, CASE WHEN d.deal_id IS NOT NULL THEN ${currency} END AS currency, count(*) AS count, sum(${minor})::bigint AS minor,
      round(sum(${minor} * s.probability_percent::numeric / 100))::bigint AS weighted, count(*) FILTER (WHERE ${isStalled}) AS stalled, (sum(${minor}) FILTER (WHERE ${isStalled}))::bigint AS stalled_minor,
      count(*) FILTER (WHERE d.open_roadblocks > 0) AS blocked, (sum(${minor}) FILTER (WHERE d.open_roadblocks > 0))::bigint AS blocked_minor
    FROM ${scope.table('visit')} f ${joinStage(scope, 'f', 's')} LEFT JOIN ${scope.table('deal')} d ON d.status = 'open' AND d.deal_id = CASE WHEN f.kind = 'stage' THEN f.subject_id END
    ${scope.cutsByOwner ? `LEFT JOIN ${scope.table('lead')} l ON l.lead_id = CASE WHEN f.kind = 'lead' THEN f.subject_id END` : ''} ${cut.joins} WHERE f.left_at IS NULL AND f.kind <> 'milestone' ${cut.where} GROUP BY 1, 2, 3, 4, 5`);
}

export interface BlockedRow { readonly grp: string; readonly cause: string; readonly open: number; readonly days: number }

/**
 * Roadblocks by cause: those open now, and the days of the period on which deals were blocked by it. A deal that one cause blocks
 * twice at a time is blocked once.
 */
export function blocked(scope: Scope): Promise<BlockedRow[]> {
  const now = scope.now();
  const since = `${scope.value(scope.period.since)}::timestamptz`;
  const until = `least(${scope.value(scope.period.until)}::timestamptz, ${now})`;
  const present = scope.params.credit === 'current' ? { joins: `LEFT JOIN ${scope.table('deal')} pd ON pd.deal_id = f.deal_id`, owner: 'pd.owner_id' } : { joins: '', owner: 'f.owner_id' };
  const cut = scope.cut({ at: 'f.raised_at', owner: 'f.owner_id', presentOwner: present.owner, pipeline: 'f.pipeline_id' });
  const begin = `greatest(f.raised_at, ${since})`;
  const end = `least(coalesce(f.ended_at, ${now}), ${until})`;
  return scope.run(`SELECT grp, cause, sum(open)::bigint AS open, coalesce(sum(days), 0)::double precision AS days
    FROM (SELECT ${cut.group} AS grp, f.cause, count(*) FILTER (WHERE f.ended_at IS NULL) AS open, range_agg(tstzrange(${begin}, ${end})) FILTER (WHERE ${end} > ${begin}) AS spans
      FROM ${scope.table('roadblock')} f ${present.joins} ${cut.joins}
      WHERE (f.ended_at IS NULL OR (f.ended_at >= ${since} AND f.raised_at < ${until})) ${cut.where} GROUP BY 1, 2, f.deal_id) d
    CROSS JOIN LATERAL (SELECT sum(extract(epoch FROM upper(span) - lower(span)) / 86400) AS days FROM unnest(spans) span) blocked GROUP BY 1, 2 ORDER BY 2`);
}

const stepOf = (row: StandingRow): { pipeline: string | null; step: string; name: string } => ({ pipeline: row.pipeline_id, step: row.step, name: row.name ?? row.step });

export function standingFigures(rows: readonly StandingRow[], causes: readonly BlockedRow[], paths: readonly (readonly PlacedStep[])[]): Pick<FunnelFigures, 'standing' | 'weightedPipeline' | 'stalled' | 'blocked'> {
  const known = [...LEAD_PATH.slice(0, 3), ...paths.flatMap((path) => path.slice(1, -1))].map((step): StandingRow[] => rows.filter((row) => row.pipeline_id === step.pipeline && row.step === step.step));
  const unknown = [...by(rows.filter((row) => !known.some((found) => found.includes(row))), (row) => `${row.pipeline_id ?? ''}\0${row.step}`).values()];
  const steps = [...LEAD_PATH.slice(0, 3), ...paths.flatMap((path) => path.slice(1, -1))];
  const each = [...steps.map(({ pipeline, step, name }, index) => ({ at: { pipeline, step, name }, found: known[index]! })), ...unknown.map((found) => ({ at: stepOf(found[0]!), found }))];
  const weightedOf = (found: readonly StandingRow[]) => sums(found.map(({ currency, weighted, count }) => ({ currency, minor: weighted, count })));
  const stalled = rows.filter((row) => row.stalled > 0);
  return {
    standing: each.map(({ at, found }) => ({ ...at, count: total(found, (row) => row.count), values: sums(found), weighted: weightedOf(found) })),
    weightedPipeline: weightedOf(rows),
    stalled: {
      count: total(stalled, (row) => row.stalled), values: sums(stalled.map((row) => ({ currency: row.currency, minor: row.stalled_minor, count: row.stalled }))),
      byStage: each.map(({ at, found }) => ({ ...at, count: total(found, (row) => row.stalled) })).filter(({ count }) => count > 0),
    },
    blocked: {
      count: total(rows, (row) => row.blocked), values: sums(rows.filter((row) => row.blocked > 0).map((row) => ({ currency: row.currency, minor: row.blocked_minor, count: row.blocked }))),
      byCause: causes.map(({ cause, open, days }) => ({ cause, open, days })),
    },
  };
}
