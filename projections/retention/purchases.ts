import { ratio, type Distribution, type Ratio } from '../coordinator-efficiency/stats.js';
import type { ClientScope } from './client-scope.js';
import { cutByClient, NOTHING, spread, type Grouped } from './sql.js';

interface Bought extends Grouped {
  readonly buyers: number;
  readonly repeaters: number;
}

interface Between extends Grouped {
  readonly days: Distribution;
}

export interface Purchases {
  readonly repeatPurchaseRate: Ratio;
  readonly daysBetween: Distribution;
}

/** Clients that bought in the period, once or again. */
export async function buyers(scope: ClientScope): Promise<Bought[]> {
  const cut = cutByClient(scope, 'f.bought_at', { product: 'f.product' });
  const { where: only } = scope.counted('f');
  return scope.run<Bought>(`SELECT grp, count(*) AS buyers, count(*) FILTER (WHERE purchases >= 2) AS repeaters FROM (
    SELECT ${cut.group} AS grp, f.client_id, count(*) AS purchases FROM ${cut.from('purchase')} WHERE ${scope.within('f.bought_at')}${only}${cut.where} GROUP BY 1, 2) q GROUP BY grp`);
}

/** Days from a client's purchase to its next one in the period. The earlier one may lie before the period. */
export async function daysBetween(scope: ClientScope): Promise<Between[]> {
  const cut = cutByClient(scope, 'f.bought_at', { product: 'f.product' });
  const { where: only } = scope.counted('f');
  const before = `(SELECT max(p.bought_at) FROM ${scope.view.table('retention_purchase')} p WHERE p.client_id = f.client_id AND (p.bought_at < f.bought_at OR (p.bought_at = f.bought_at AND p.purchase_id < f.purchase_id)))`;
  return scope.run<Between>(`SELECT grp, ${spread('days')} AS days FROM (
    SELECT ${cut.group} AS grp, extract(epoch FROM (f.bought_at - ${before}))::double precision / 86400 AS days FROM ${cut.from('purchase')} WHERE ${scope.within('f.bought_at')}${only}${cut.where}) q GROUP BY grp`);
}

export const purchases = ([bought]: readonly Bought[], [between]: readonly Between[]): Purchases =>
  ({ repeatPurchaseRate: ratio(bought?.repeaters ?? 0, bought?.buyers ?? 0), daysBetween: between?.days ?? NOTHING });
