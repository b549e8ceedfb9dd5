import type { Company } from './company.js';
import { captureLead, originOf } from './leads.js';
import { COMPANY_ZONE, SEASON } from './setting.js';
import { dayAt, DAY_MS, isoWeekday, momentOf } from './work-time.js';

/** At demand 1, on a common working day. */
const LEADS_PER_MEMBER_DAY = 0.6;
/** How many of a working day's leads come on each day of the week, Monday first: forms are filled in on Sundays, too. */
const WEEKDAY_SHARE: readonly number[] = [1.15, 1.1, 1.05, 1, 0.8, 0.12, 0.15];
const FIRST_MINUTE = 6 * 60;
const LAST_MINUTE = 21 * 60;

/** Leads come in day by day: more in the season, more on Mondays, more while campaigns run. */
export function startArrivals(company: Company): void {
  const { world } = company;
  const random = world.random.fork('arrivals');
  const { plan } = world;
  const first = dayAt(COMPANY_ZONE, plan.startMs);
  const lastDay = dayAt(COMPANY_ZONE, plan.endMs);
  const perDay = LEADS_PER_MEMBER_DAY * plan.demand * plan.team;
  const today = (day: number): void => {
    const month = new Date(day * DAY_MS).getUTCMonth();
    const mean = perDay * (SEASON[month] ?? 1) * (WEEKDAY_SHARE[isoWeekday(day) - 1] ?? 1);
    const arrive = (origin: () => Parameters<typeof captureLead>[1]): void =>
      world.at(momentOf(COMPANY_ZONE, day, random.between(FIRST_MINUTE, LAST_MINUTE)), () => captureLead(company, origin()));
    for (let left = random.poisson(mean); left > 0; left -= 1) arrive(() => originOf(random));
    for (const { id, source, quality, share } of company.campaigns) {
      for (let left = random.poisson(mean * share); left > 0; left -= 1) arrive(() => ({ source, quality, campaignId: id }));
    }
  };
  for (let day = first + 1; day < lastDay; day += 1) world.at(momentOf(COMPANY_ZONE, day, FIRST_MINUTE) - 60_000, () => today(day));
}
