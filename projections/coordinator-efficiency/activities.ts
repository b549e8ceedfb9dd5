import { activitiesOn } from './handoffs.js';
import { placeOf, type Grouped } from './section.js';
import { isUnit, type Scope } from './scope.js';
import { ratio, total, type Ratio } from './stats.js';

interface Done extends Grouped {
  readonly outcome: string;
  readonly kind: string;
  readonly count: number;
}

interface Closed {
  /** The group, or null where groups are of people: then every closed deal counts for every group. */
  readonly grp: string | null;
  readonly outcome: string;
  readonly count: number;
}

export interface ActivitiesPerDeal {
  readonly won: Ratio & { readonly byKind: Readonly<Record<string, number>> };
  readonly lost: Ratio & { readonly byKind: Readonly<Record<string, number>> };
}

const closing = (scope: Scope): string => `${scope.view.table('coordinator_efficiency_closing')} f`;

/** What people did for the deals closed in the period, up to the closing; in the scorecard of the role they had when they did it. */
export async function activitiesDone(scope: Scope): Promise<Done[]> {
  const { join, place } = placeOf(scope, `'deal'`, 'f.deal_id');
  const cut = scope.cut({ at: 'a.happened_at', part: () => scope.partOf('f.closed_at'), owner: 'a.member_id', ...(place && { place }) });
  return scope.run<Done>(`SELECT role, grp, outcome, kind, count(*) AS count FROM (
    SELECT ${cut.role} AS role, ${cut.group} AS grp, f.outcome, a.kind FROM ${closing(scope)}
    CROSS JOIN LATERAL (${activitiesOn(scope, 'f.lead_id', 'f.deal_id')}) a ${join} ${cut.joins}
    WHERE ${scope.within('f.closed_at')} AND a.happened_at <= f.closed_at${cut.where}) q GROUP BY role, grp, outcome, kind`);
}

/** The columns of a deal that its closing is cut by. */
const OF_DEAL = { source: 'fs.source', campaign: 'fs.campaign_id', pipeline: 'fs.pipeline_id', product: 'fs.product', region: 'fs.region', segment: 'fs.segment' } as const;
const isOfDeal = (group: string): group is keyof typeof OF_DEAL => Object.hasOwn(OF_DEAL, group);

/** The deals closed in the period, whoever worked on them. */
export async function dealsClosed(scope: Scope): Promise<Closed[]> {
  const { groupBy, ...cuts } = scope.cuts;
  const { join } = placeOf(scope, `'deal'`, 'f.deal_id');
  const grp = isOfDeal(groupBy) ? `coalesce(${OF_DEAL[groupBy]}, 'none')` : isUnit(groupBy) ? scope.partOf('f.closed_at') : 'NULL::text';
  const where = Object.entries(OF_DEAL).flatMap(([name, column]) => {
    const asked = [cuts[name as keyof typeof OF_DEAL] ?? []].flat(); // the keys of a const object are its key type
    return asked.length === 0 ? [] : [` AND ${column} = ANY (${scope.value(asked)}::text[])`];
  });
  return scope.run<Closed>(`SELECT grp, outcome, count(*) AS count FROM (SELECT ${grp} AS grp, f.outcome FROM ${closing(scope)} ${join} WHERE ${scope.within('f.closed_at')}${where.join('')}) q GROUP BY grp, outcome`);
}

export function activitiesPerDeal(done: readonly Done[], closed: readonly Closed[]): ActivitiesPerDeal {
  const of = (wanted: string): ActivitiesPerDeal['won'] => {
    const rows = done.filter(({ outcome }) => outcome === wanted);
    const kinds = [...new Set(rows.map(({ kind }) => kind))].sort();
    return {
      ...ratio(total(rows, ({ count }) => count), total(closed, ({ outcome, count }) => (outcome === wanted ? count : 0))),
      byKind: Object.fromEntries(kinds.map((kind) => [kind, total(rows, (row) => (row.kind === kind ? row.count : 0))])),
    };
  };
  return { won: of('won'), lost: of('lost') };
}
