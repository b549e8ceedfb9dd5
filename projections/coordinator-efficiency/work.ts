import type { WorkCategory } from '../../libs/domain/work-log/events.js';
import type { Grouped } from './section.js';
import type { Scope } from './scope.js';
import { ratio, total, type Ratio } from './stats.js';

/** Which categories count as administrative. Raise the version with every change: answers name it. */
export const ADMINISTRATIVE: { readonly version: number; readonly categories: readonly WorkCategory[] } = { version: 1, categories: ['data_entry', 'reporting', 'contract_work', 'scheduling', 'coordination'] };
const MINUTES_PER_HOUR = 60;

interface Minutes extends Grouped {
  readonly category: string;
  readonly automated: boolean;
  readonly entries: number;
  readonly minutes: number;
}

export interface Work {
  readonly adminShare: Ratio;
  readonly minutesByCategory: Readonly<Record<string, number>>;
  readonly hoursSaved: { readonly actions: number; readonly minutes: number; readonly hours: number };
}

/** Work of the period's days: a log says on which day, not at what time, so days are compared as days. */
export async function workMinutes(scope: Scope): Promise<Minutes[]> {
  const { parts } = scope;
  const part = (): string => `(${scope.value(parts.map(({ label }) => label))}::text[])[width_bucket(f.worked_on, ${scope.value(parts.map(({ from }) => from))}::date[])]`;
  const cut = scope.cut({ at: 'f.logged_at', owner: 'f.member_id', part });
  return scope.run<Minutes>(`SELECT role, grp, category, automated, count(*) AS entries, sum(minutes) AS minutes FROM (
    SELECT ${cut.role} AS role, ${cut.group} AS grp, f.category, f.automated, f.minutes FROM ${scope.view.table('coordinator_efficiency_work')} f ${cut.joins}
    WHERE f.worked_on >= ${scope.value(scope.period.from)}::date AND f.worked_on <= ${scope.value(scope.period.to)}::date${cut.where}) q GROUP BY role, grp, category, automated`);
}

/** Minutes that a machine worked are nobody's logged minutes. */
export function work(rows: readonly Minutes[]): Work {
  const own = rows.filter(({ automated }) => !automated);
  const saved = rows.filter(({ automated }) => automated);
  const administrative = own.filter(({ category }) => ADMINISTRATIVE.categories.some((each) => each === category));
  const minutes = total(saved, (row) => row.minutes);
  const categories = [...new Set(own.map(({ category }) => category))].sort();
  return {
    adminShare: ratio(total(administrative, (row) => row.minutes), total(own, (row) => row.minutes), total(own, ({ entries }) => entries)),
    minutesByCategory: Object.fromEntries(categories.map((category) => [category, total(own, (row) => (row.category === category ? row.minutes : 0))])),
    hoursSaved: { actions: total(saved, ({ entries }) => entries), minutes, hours: minutes / MINUTES_PER_HOUR },
  };
}
