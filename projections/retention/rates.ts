import { ratio, total, type Ratio } from '../coordinator-efficiency/stats.js';
import type { ClientScope } from './client-scope.js';
import { CLIENT_PLACE, clientOf, cutByClient, type Grouped } from './sql.js';

interface Starting extends Grouped {
  readonly currency: string;
  readonly clients: number;
  readonly kept: number;
  readonly start_minor: number;
  readonly churn_minor: number;
  readonly contraction_minor: number;
  readonly expansion_minor: number;
}

/** Monthly revenue of the clients that a period started with, in one currency. start − churn − contraction + expansion is what it ended with. */
export interface RevenueRetention {
  readonly currency: string;
  readonly clients: number;
  readonly startMinor: number;
  readonly churnMinor: number;
  readonly contractionMinor: number;
  readonly expansionMinor: number;
  readonly grr: Ratio;
  readonly nrr: Ratio;
}

export interface Rates {
  readonly logoRetention: Ratio;
  readonly churn: Ratio;
  readonly revenue: readonly RevenueRetention[];
}

/**
 * Each client active just before the period, by what it paid then and what it pays at the period's end (or now, where
 * that is sooner): a client that grew and shrank within the period counts with the difference, so it cannot exceed its start.
 */
export async function startingClients(scope: ClientScope): Promise<Starting[]> {
  const since = `${scope.value(scope.period.since)}::timestamptz`;
  const until = `${scope.value(scope.period.until)}::timestamptz`;
  const table = (name: string): string => scope.view.table(`retention_${name}`);
  const cut = scope.cut({ at: since, owner: 'o.owner_id', presentOwner: 'fc.owner_id', place: CLIENT_PLACE });
  const at = (row: string, moment: string): string => `${row}.since < ${moment} AND (${row}.until_at IS NULL OR ${row}.until_at >= ${moment})`;
  const counted = scope.counted('f');
  return scope.run<Starting>(`SELECT grp, currency, count(*) AS clients, count(*) FILTER (WHERE kept) AS kept, sum(was)::bigint AS start_minor, coalesce(sum(was) FILTER (WHERE NOT kept), 0)::bigint AS churn_minor,
      coalesce(sum(greatest(was - is_now, 0)) FILTER (WHERE kept), 0)::bigint AS contraction_minor, coalesce(sum(greatest(is_now - was, 0)) FILTER (WHERE kept), 0)::bigint AS expansion_minor
    FROM (SELECT ${cut.group} AS grp, ${counted.currency()} AS currency, e.active AS kept, ${counted.minor('monthly_minor')} AS was, ${counted.minor('monthly_minor', 'e')} AS is_now FROM ${table('revenue')} f
      JOIN ${table('revenue')} e ON e.client_id = f.client_id AND ${at('e', until)}
      LEFT JOIN ${table('ownership')} o ON o.client_id = f.client_id AND ${at('o', since)} ${clientOf(scope)} ${cut.joins}
      WHERE f.active AND ${at('f', since)}${counted.where}${cut.where}) q GROUP BY grp, currency ORDER BY currency`);
}

export function rates(rows: readonly Starting[]): Rates {
  const clients = total(rows, (row) => row.clients);
  const kept = total(rows, (row) => row.kept);
  return {
    logoRetention: ratio(kept, clients), churn: ratio(clients - kept, clients),
    revenue: rows.map(({ currency, clients: sample, start_minor: start, churn_minor: churn, contraction_minor: contraction, expansion_minor: expansion }) => ({
      currency, clients: sample, startMinor: start, churnMinor: churn, contractionMinor: contraction, expansionMinor: expansion,
      grr: ratio(start - churn - contraction, start, sample), nrr: ratio(start - churn - contraction + expansion, start, sample),
    })),
  };
}

/** Movements of one kind in one currency. One-off purchases are no monthly revenue: what they brought, once. */
export interface Movement {
  readonly kind: string;
  readonly currency: string;
  readonly count: number;
  readonly clients: number;
  readonly amountMinor: number;
}

/** What moved in the period, movement by movement. */
export async function movements(scope: ClientScope): Promise<(Grouped & Movement)[]> {
  const counted = scope.counted('f');
  const moved = cutByClient(scope, 'f.since');
  const bought = cutByClient(scope, 'f.bought_at', { product: 'f.product' });
  return scope.run<Grouped & Movement>(`SELECT grp, kind, currency, count(*) AS count, count(DISTINCT client_id) AS clients, sum(minor)::bigint AS "amountMinor" FROM (
      SELECT ${moved.group} AS grp, f.kind, ${counted.currency()} AS currency, f.client_id, ${counted.minor('change_minor')} AS minor FROM ${moved.from('revenue')} WHERE ${scope.within('f.since')}${counted.where}${moved.where}
      UNION ALL SELECT ${bought.group} AS grp, 'one_off', ${counted.currency()}, f.client_id, ${counted.minor('amount_minor')} FROM ${bought.from('purchase')} WHERE ${scope.within('f.bought_at')}${counted.where}${bought.where}) q
    GROUP BY grp, kind, currency ORDER BY currency, kind`);
}
