import { meanSql } from '../coordinator-efficiency/stats.js';
import { by, ratio, total, type Distribution, type FunnelFigures } from './answer.js';
import { NO_DURATION } from './conversion.js';
import type { StandingRow } from './present.js';
import type { Scope } from './scope.js';

export interface ClosingRow { readonly grp: string; readonly currency: string | null; readonly outcome: 'won' | 'lost'; readonly booked: number; readonly reversed: number; readonly minor: number | null; readonly booked_minor: number | null; readonly cycle_days: number | null }

const presentDealOwner = (scope: Scope, deal: string): { readonly joins: string; readonly owner: string } =>
  scope.params.credit === 'current' ? { joins: `LEFT JOIN ${scope.table('deal')} pd ON pd.deal_id = ${deal}.deal_id`, owner: 'pd.owner_id' } : { joins: '', owner: `${deal}.owner_id` };

/** Closings in the period, and reversals of closings in the period with the opposite sign. */
export function closings(scope: Scope): Promise<ClosingRow[]> {
  const present = presentDealOwner(scope, 'f');
  const cut = scope.cut({ at: 'f.at', owner: 'f.owner_id', presentOwner: present.owner, pipeline: 'f.pipeline_id' });
  const { minor, currency } = scope.amount('f');
  return scope.run(`SELECT ${cut.group} AS grp, ${currency} AS currency, f.outcome, count(*) FILTER (WHERE f.sign > 0) AS booked, count(*) FILTER (WHERE f.sign < 0) AS reversed, sum(f.sign * ${minor})::bigint AS minor, (sum(${minor}) FILTER (WHERE f.sign > 0))::bigint AS booked_minor,
      (sum(extract(epoch FROM f.closed_at - f.opened_at) / 86400) FILTER (WHERE f.sign > 0))::double precision AS cycle_days
    FROM (SELECT a.*, 1 AS sign, a.closed_at AS at FROM ${scope.table('closing')} a WHERE ${scope.within('a.closed_at')}
          UNION ALL SELECT b.*, -1 AS sign, b.reopened_at AS at FROM ${scope.table('closing')} b WHERE ${scope.within('b.reopened_at')}) f
    ${present.joins} ${cut.joins} WHERE true ${cut.where} GROUP BY 1, 2, 3`);
}

export interface CreatedRow { readonly grp: string; readonly status: 'open' | 'won' | 'lost'; readonly count: number }

/** Deals opened in the period, by what has become of them. */
export function created(scope: Scope): Promise<CreatedRow[]> {
  const cut = scope.cut({ at: 'f.opened_at', owner: 'f.opened_owner_id', presentOwner: 'f.owner_id', pipeline: 'f.pipeline_id' });
  return scope.run(`SELECT ${cut.group} AS grp, f.status, count(*) AS count FROM ${scope.table('deal')} f ${cut.joins} WHERE ${scope.within('f.opened_at')} ${cut.where} GROUP BY 1, 2`);
}

export interface CycleRow extends Distribution { readonly grp: string; readonly outcome: 'won' | 'lost' | 'open' }

/** Days from opening to closing, of the deals closed in the period. */
export function cycles(scope: Scope): Promise<CycleRow[]> {
  const present = presentDealOwner(scope, 'f');
  const cut = scope.cut({ at: 'f.closed_at', owner: 'f.owner_id', presentOwner: present.owner, pipeline: 'f.pipeline_id' });
  const days = '(extract(epoch FROM f.closed_at - f.opened_at) / 86400)::double precision';
  return scope.run(`SELECT ${cut.group} AS grp, f.outcome, count(*) AS count, ${meanSql(days)} AS mean, percentile_cont(0.5) WITHIN GROUP (ORDER BY ${days}) AS median, percentile_cont(0.9) WITHIN GROUP (ORDER BY ${days}) AS p90
    FROM ${scope.table('closing')} f ${present.joins} ${cut.joins} WHERE ${scope.within('f.closed_at')} ${cut.where} GROUP BY 1, 2`);
}

/** Days since the opening of the deals that are open now. Credit is the present owner's. */
export function openAges(scope: Scope): Promise<CycleRow[]> {
  const now = scope.now();
  const cut = scope.cut({ at: now, owner: 'f.owner_id', pipeline: 'f.pipeline_id' });
  const days = `(extract(epoch FROM ${now} - f.opened_at) / 86400)::double precision`;
  return scope.run(`SELECT ${cut.group} AS grp, 'open' AS outcome, count(*) AS count, ${meanSql(days)} AS mean, percentile_cont(0.5) WITHIN GROUP (ORDER BY ${days}) AS median, percentile_cont(0.9) WITHIN GROUP (ORDER BY ${days}) AS p90
    FROM ${scope.table('deal')} f ${cut.joins} WHERE f.status = 'open' ${cut.where} GROUP BY 1`);
}

/** Booked less reversed: what a reopening takes back counts in the period of the reopening. */
const net = (rows: readonly ClosingRow[], outcome: 'won' | 'lost'): number => total(rows.filter((row) => row.outcome === outcome), (row) => row.booked - row.reversed);
const netMinor = (rows: readonly ClosingRow[], outcome: 'won' | 'lost'): number => total(rows.filter((row) => row.outcome === outcome), (row) => row.minor ?? 0);

export function winRate(rows: readonly ClosingRow[]): FunnelFigures['winRate'] {
  const won = rows.filter((row) => row.outcome === 'won');
  const lost = rows.filter((row) => row.outcome === 'lost');
  return {
    won: total(won, (row) => row.booked), lost: total(lost, (row) => row.booked), wonReversed: total(won, (row) => row.reversed), lostReversed: total(lost, (row) => row.reversed),
    byCount: ratio(net(rows, 'won'), net(rows, 'won') + net(rows, 'lost')),
    byValue: [...by(rows.filter((row) => row.currency !== null), (row) => row.currency!)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, same]) => ({ currency, ...ratio(netMinor(same, 'won'), netMinor(same, 'won') + netMinor(same, 'lost')) })),
  };
}

export function createdFigures(rows: readonly CreatedRow[]): Pick<FunnelFigures, 'createdWinRate' | 'cohortWinRate'> {
  const count = (status: CreatedRow['status']): number => total(rows.filter((row) => row.status === status), (row) => row.count);
  return { createdWinRate: ratio(count('won'), total(rows, (row) => row.count)), cohortWinRate: { ...ratio(count('won'), total(rows, (row) => row.count)), open: count('open') } };
}

export function cycleTimes(rows: readonly CycleRow[]): FunnelFigures['cycleTimes'] {
  const of = (outcome: CycleRow['outcome']): Distribution => {
    const row = rows.find((each) => each.outcome === outcome);
    return row ? { count: row.count, mean: row.mean, median: row.median, p90: row.p90 } : NO_DURATION;
  };
  return { won: of('won'), lost: of('lost'), open: of('open') };
}

/** Open deals × win rate × mean won value ÷ mean cycle days, in each currency. The means are of all deals won in the period, reversed or not. */
export function salesVelocity(rows: readonly ClosingRow[], open: readonly StandingRow[]): FunnelFigures['salesVelocity'] {
  const deals = open.filter((row) => row.currency !== null && row.minor !== null);
  const currencies = [...new Set([...rows, ...deals].flatMap(({ currency }) => currency ?? []))].sort();
  return currencies.map((currency) => {
    const same = rows.filter((row) => row.currency === currency);
    const won = same.filter((row) => row.outcome === 'won');
    const booked = total(won, (row) => row.booked);
    const openDeals = total(deals.filter((row) => row.currency === currency), (row) => row.count);
    const rate = ratio(net(same, 'won'), net(same, 'won') + net(same, 'lost')).value;
    const meanWonMinor = booked > 0 ? total(won, (row) => row.booked_minor ?? 0) / booked : null;
    const meanCycleDays = booked > 0 ? total(won, (row) => row.cycle_days ?? 0) / booked : null;
    const minorPerDay = rate !== null && meanWonMinor !== null && meanCycleDays !== null && meanCycleDays > 0 ? (openDeals * rate * meanWonMinor) / meanCycleDays : null;
    return { currency, openDeals, winRate: rate, meanWonMinor, meanCycleDays, minorPerDay };
  });
}
