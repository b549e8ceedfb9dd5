import type { Cut } from '../coordinator-efficiency/scope.js';
import { meanSql, type Distribution } from '../coordinator-efficiency/stats.js';
import type { ClientScope } from './client-scope.js';

/** A row of any section. */
export interface Grouped {
  readonly grp: string;
}

/** SQL for a distribution of an expression, as JSON; rows where it is null do not count. */
export const spread = (value: string): string =>
  `json_build_object('count', count(${value}), 'median', percentile_cont(0.5) WITHIN GROUP (ORDER BY ${value}), 'p90', percentile_cont(0.9) WITHIN GROUP (ORDER BY ${value}), 'mean', ${meanSql(value)})`;

export const NOTHING: Distribution = { count: 0, median: null, p90: null, mean: null };

/** SQL for the minutes from one instant to another; 0 where they are told the wrong way round. */
export const minutes = (from: string, to: string): string => `greatest(0, extract(epoch FROM (${to} - ${from}))::double precision / 60)`;

/** The client of a fact that names one: where it belongs and who has it now. */
export const CLIENT_PLACE = { source: 'NULL', region: 'fc.region', segment: 'fc.segment' };
export const clientOf = (scope: ClientScope): string => (scope.cutsByClient ? `LEFT JOIN ${scope.view.table('retention_client')} fc ON fc.client_id = f.client_id` : '');

/** Joins and conditions of a fact `f` with a client. */
export const cutByClient = (scope: ClientScope, at: string, { owner = 'f.owner_id', presentOwner = 'coalesce(fc.owner_id, f.owner_id)', product }: { readonly owner?: string; readonly presentOwner?: string; readonly product?: string } = {}): Cut & { readonly from: (table: string) => string } => {
  const cut = scope.cut({ at, owner, presentOwner, place: CLIENT_PLACE, ...(product !== undefined && { product }) });
  return { ...cut, from: (table) => `${scope.view.table(`retention_${table}`)} f ${clientOf(scope)} ${cut.joins}` };
};

/** A figure of a whole period, for each part of it as a period of its own. */
export async function inParts<R extends Grouped>(scope: ClientScope, read: (scope: ClientScope) => Promise<R[]>): Promise<R[]> {
  const parts = scope.scopesOfParts;
  if (parts.length === 0) return read(scope);
  const rows: R[] = [];
  for (const { label, scope: part } of parts) rows.push(...(await read(part)).map((row) => ({ ...row, grp: label })));
  return rows;
}
