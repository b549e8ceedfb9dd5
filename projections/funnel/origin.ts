import { by, sums, total, type FunnelFigures } from './answer.js';
import type { Scope } from './scope.js';
import { placeUpToDeal, presentOwner } from './steps.js';

export interface LeakRow { readonly grp: string; readonly step: string; readonly pipeline_id: string | null; readonly exit: string; readonly reason: string; readonly currency: string | null; readonly count: number; readonly minor: number | null }

/** What was lost or disqualified in the period, by the step it left from and the reason. A loss counts also where the deal was reopened later. */
export function leaks(scope: Scope): Promise<LeakRow[]> {
  const present = presentOwner(scope, 'f');
  const cut = scope.cut({ at: 'f.at', owner: 'f.owner_id', presentOwner: present.owner, pipeline: 'f.pipeline_id' });
  const { minor, currency } = scope.amount('f');
  const dimensions = 'lead_id, pipeline_id, source, campaign_id, product, region, segment';
  return scope.run(`SELECT ${cut.group} AS grp, f.step, f.pipeline_id, f.exit, coalesce(f.reason, 'none') AS reason, ${currency} AS currency, count(*) AS count, sum(${minor})::bigint AS minor
    FROM (SELECT subject_kind, subject_id, ${dimensions}, step, exit, exit_reason AS reason, coalesce(exit_owner_id, owner_id) AS owner_id, left_at AS at, NULL::bigint AS value_minor, NULL::text AS currency, NULL::bigint AS converted_minor, NULL::text AS converted_to
            FROM ${scope.table('visit')} a WHERE ${scope.within('a.left_at')} AND a.exit = 'disqualified'
          UNION ALL SELECT 'deal', deal_id, ${dimensions}, stage, outcome, reason, owner_id, closed_at, value_minor, currency, converted_minor, converted_to
            FROM ${scope.table('closing')} b WHERE ${scope.within('b.closed_at')} AND b.outcome = 'lost') f
    ${present.joins} ${cut.joins} WHERE true ${cut.where} GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 7 DESC, 2, 5`);
}

export function leakage(rows: readonly LeakRow[]): FunnelFigures['leakage'] {
  return [...by(rows, (row) => [row.pipeline_id ?? '', row.step, row.exit, row.reason].join('\0')).values()].map((same) => {
    const [first] = same;
    return { step: first!.step, pipeline: first!.pipeline_id, exit: first!.exit, reason: first!.reason, count: total(same, (row) => row.count), values: sums(same) };
  });
}

export interface SourceRow { readonly grp: string; readonly source: string; readonly campaign_id: string | null; readonly leads: number; readonly contacted: number; readonly qualified: number; readonly meeting_held: number; readonly deal_opened: number; readonly won: number }
export interface SourceValueRow { readonly grp: string; readonly source: string; readonly campaign_id: string | null; readonly currency: string; readonly count: number; readonly minor: number | null }

const leadCut = (scope: Scope): { readonly group: string; readonly joins: string; readonly where: string } =>
  scope.cut({ at: 'f.captured_at', owner: 'f.captured_owner_id', presentOwner: 'f.owner_id', pipeline: 'NULL::text' });

/** The leads that a report is about: captured in the period, no duplicates. */
const captured = (scope: Scope, cut: ReturnType<typeof leadCut>): string =>
  `SELECT f.lead_id, f.journey, f.source, f.campaign_id, ${cut.group} AS grp FROM ${scope.table('lead')} f ${cut.joins} WHERE ${scope.within('f.captured_at')} AND f.merged_into IS NULL ${cut.where}`;

/** What became of the leads captured in the period, by where they came from. */
export function sourceReach(scope: Scope): Promise<SourceRow[]> {
  const cut = leadCut(scope);
  return scope.run(`WITH own AS MATERIALIZED (${captured(scope, cut)}),
reach AS (SELECT journey, max(${placeUpToDeal('v')}) AS place, bool_or(v.kind = 'milestone' AND v.step = 'won') AS won FROM own JOIN ${scope.table('visit')} v USING (journey) GROUP BY 1)
SELECT o.grp, o.source, o.campaign_id, count(*) AS leads, count(*) FILTER (WHERE r.place >= 1) AS contacted, count(*) FILTER (WHERE r.place >= 2) AS qualified, count(*) FILTER (WHERE r.place >= 3) AS meeting_held,
  count(*) FILTER (WHERE r.place >= 4) AS deal_opened, count(*) FILTER (WHERE r.won) AS won
FROM own o LEFT JOIN reach r USING (journey) GROUP BY 1, 2, 3 ORDER BY 4 DESC, 2, 3`);
}

/** The value won from those leads so far. */
export function sourceValue(scope: Scope): Promise<SourceValueRow[]> {
  const cut = leadCut(scope);
  const { minor, currency } = scope.amount('c');
  return scope.run(`WITH own AS MATERIALIZED (${captured(scope, cut)})
SELECT o.grp, o.source, o.campaign_id, ${currency} AS currency, count(*) AS count, sum(${minor})::bigint AS minor
FROM own o JOIN ${scope.table('closing')} c ON c.lead_id = o.lead_id WHERE c.outcome = 'won' AND c.reopened_at IS NULL GROUP BY 1, 2, 3, 4`);
}

export function sources(rows: readonly SourceRow[], values: readonly SourceValueRow[]): FunnelFigures['sources'] {
  return rows.map((row) => ({
    source: row.source, campaign: row.campaign_id, leads: row.leads, contacted: row.contacted, qualified: row.qualified, meetingHeld: row.meeting_held, dealOpened: row.deal_opened, won: row.won,
    wonValues: sums(values.filter((each) => each.source === row.source && each.campaign_id === row.campaign_id)).map((sum) => ({ ...sum, minorPerLead: sum.amountMinor / row.leads })),
  }));
}
