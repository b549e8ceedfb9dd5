import type { Random } from '../random.js';
import type { SimulationPlan } from '../options.js';
import { memberName } from './names.js';
import type { Person, SalesRole } from './person.js';
import { COMPANY_ZONE, holidaysOf, type Market } from './setting.js';
import { dayAt, DAY_MS } from './work-time.js';

/** One manager for so many people, at least. */
const PEOPLE_PER_MANAGER = 9;
const EXECUTIVE_SHARE = 0.4;
/** Of those who do not manage, how many join after the start. */
const LATE_JOINER_SHARE = 0.15;
/** Fewer people than this, or a shorter time, and nobody leaves. */
const LEAVERS_FROM_TEAM = 6;
const LEAVERS_FROM_MONTHS = 3;
const PEOPLE_PER_LEAVER = 9;
const FOUR_DAY_WEEK_CHANCE = 0.12;
const HOLIDAY_DAYS_A_YEAR = 25;
const SICK_SPELLS_A_YEAR = 3;
const NEVER_MS = 8_640_000_000_000_000;

function roleOf(index: number, team: number): SalesRole {
  const managers = Math.max(1, Math.floor(team / PEOPLE_PER_MANAGER));
  if (index < managers) return 'manager';
  return index < managers + Math.max(1, Math.round(team * EXECUTIVE_SHARE)) ? 'executive' : 'coordinator';
}

/** Days on which somebody will be away: holidays of one or two weeks, in summer above all, and days of illness. */
function absencesOf(startDay: number, endDay: number, random: Random): { firstDay: number; lastDay: number }[] {
  const years = (endDay - startDay) / 365;
  const absences: { firstDay: number; lastDay: number }[] = [];
  const add = (firstDay: number, days: number): void => {
    const lastDay = Math.min(endDay - 1, firstDay + days - 1);
    const isFree = absences.every((other) => other.firstDay > lastDay + 1 || other.lastDay + 1 < firstDay);
    if (firstDay > startDay + 5 && lastDay >= firstDay && isFree) absences.push({ firstDay, lastDay });
  };
  for (let left = Math.round(HOLIDAY_DAYS_A_YEAR * years * random.between(0.8, 1.1)); left > 0; left -= 10) add(random.whole(startDay, endDay), random.chance(0.5) ? 14 : 7);
  for (let spell = random.poisson(SICK_SPELLS_A_YEAR * years); spell > 0; spell -= 1) add(random.whole(startDay, endDay), random.whole(1, 3));
  return absences.sort((a, b) => a.firstDay - b.firstDay);
}

/** Everyone who will ever be a member, founders first. The first of each role never leave. */
export function hire(plan: SimulationPlan, markets: readonly Market[], teamIds: readonly string[], random: Random): Person[] {
  const { team, months, startMs, endMs, tag } = plan;
  const spanMs = endMs - startMs;
  const leavers = team >= LEAVERS_FROM_TEAM && months >= LEAVERS_FROM_MONTHS ? Math.max(1, Math.floor(team / PEOPLE_PER_LEAVER)) : 0;
  const roles = Array.from({ length: team }, (_, index) => roleOf(index, team));
  return roles.map((role, index) => {
    const isFirst = roles.indexOf(role) === index;
    const place = index % markets.length;
    const market = markets[place]!;
    const isLeaver = !isFirst && role !== 'manager' && index >= team - 2 * leavers && (team - index) % 2 === 1;
    const joinsLate = !isFirst && !isLeaver && role !== 'manager' && random.chance(LATE_JOINER_SHARE);
    const joinsMs = Math.floor((startMs + (joinsLate ? random.between(0.15, 0.6) * spanMs : 0)) / 1_000) * 1_000;
    const leavesMs = isLeaver ? Math.floor((startMs + random.between(0.45, 0.85) * spanMs) / DAY_MS) * DAY_MS : NEVER_MS;
    const name = memberName(index);
    const startDay = dayAt(COMPANY_ZONE, joinsMs);
    return {
      id: `sim-${tag}-${name.toLowerCase().replaceAll(' ', '-')}`, name, region: market.region, zone: market.zone, role, teamId: teamIds[place]!,
      weekdays: random.chance(FOUR_DAY_WEEK_CHANCE) ? market.weekdays.filter((day) => day !== 5) : market.weekdays, fromMinute: market.fromMinute, toMinute: market.toMinute,
      holidays: new Set(Array.from({ length: Math.ceil(months / 12) + 1 }, (_, year) => holidaysOf(new Date(startMs).getUTCFullYear() + year)).flat()),
      skill: random.between(0.6, 1.45), pace: Math.min(3, random.lognormal(1, 0.4)), diligence: random.between(0.55, 0.93), share: Math.min(3, random.lognormal(1, 0.45)),
      joinsMs, leavesMs, absences: absencesOf(startDay, Math.min(dayAt(COMPANY_ZONE, endMs), dayAt(COMPANY_ZONE, Math.min(leavesMs, endMs))), random), held: new Set(),
    };
  });
}
