import type { Period } from '../../domain/period.js';
import { ReviseTarget, SetTarget, WithdrawTarget } from '../../domain/target/commands.js';
import type { TargetMetric } from '../../domain/target/events.js';
import { build } from '../../kernel/command.js';
import type { Random } from '../random.js';
import type { Company } from './company.js';
import { roundedMinor } from './deal.js';
import type { Person } from './person.js';
import { quarterBefore, quartersBetween } from './quarters.js';
import { COMPANY_CURRENCY, COMPANY_ZONE, SEASON } from './setting.js';
import { DAY_MS, HOUR_MS, dateOf, dayAt } from './work-time.js';

/** What a member is expected to bring in their first quarter at demand 1; later ones build on what they did. */
const FIRST_BOOKED_MINOR = 16_000_000;
const FIRST_QUALIFIED = 28;
const GROWTH = [1.02, 1.2] as const;
const REVISE_CHANCE = 0.25;
const WEIGHT_UNIT = 100;

interface Set {
  readonly targetId: string;
  readonly period: Period;
  readonly person: Person | undefined;
  amount: number;
}

/** Every quarter each member, each team and the company get something to reach; some of it is revised on the way. */
export function startTargets(company: Company, teamIds: readonly string[]): void {
  const { startMs, endMs } = company.world.plan;
  const firstDay = dateOf(dayAt(COMPANY_ZONE, startMs));
  const lastDay = dateOf(dayAt(COMPANY_ZONE, endMs) - 1);
  for (const period of quartersBetween(firstDay, lastDay)) {
    const setMs = Math.max(startMs + 5 * HOUR_MS, Date.parse(period.from) + 8 * HOUR_MS);
    company.world.at(setMs, () => setAll(company, period, teamIds));
  }
}

/** What a member booked in a quarter, in the company's currency. */
export const bookedIn = (company: Company, memberId: string, { from, to }: Period): readonly { readonly dealId: string; readonly amountMinor: number }[] =>
  company.bookings.filter(({ ownerId, atMs }) => ownerId === memberId && from <= dateOf(dayAt(COMPANY_ZONE, atMs)) && dateOf(dayAt(COMPANY_ZONE, atMs)) <= to);

function expected(company: Company, person: Person, period: Period, random: Random): { readonly metric: TargetMetric; readonly amount: number } {
  const before = quarterBefore(period);
  const growth = random.between(...GROWTH);
  const { demand } = company.world.plan;
  if (person.role === 'coordinator') {
    const last = company.qualified.get(`${before.from} ${person.id}`) ?? 0;
    return { metric: 'qualified_leads', amount: Math.max(2, Math.round(last > 3 ? last * growth : FIRST_QUALIFIED * demand)) };
  }
  const last = bookedIn(company, person.id, before).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return { metric: 'booked_value', amount: Math.max(500_000, roundedMinor(last > FIRST_BOOKED_MINOR * demand * 0.3 ? last * growth : FIRST_BOOKED_MINOR * demand)) };
}

function setAll(company: Company, period: Period, teamIds: readonly string[]): void {
  const random = company.world.random.fork(`targets ${period.from}`);
  const sets: Set[] = [];
  const weights = [0, 1, 2].map((month) => Math.round((SEASON[(Number(period.from.slice(5, 7)) - 1 + month) % 12] ?? 1) * WEIGHT_UNIT));
  const set = (metric: TargetMetric, scope: 'member' | 'team' | 'company', amount: number, more: { readonly scopeId?: string; readonly person?: Person }): void => {
    const { scopeId, person } = more;
    const targetId = company.world.id('target');
    const by = person ? company.managerOf(person) : company.people[0]!;
    company.send(by, build(SetTarget, {
      targetId, metric, scope, period, amount, ...(scopeId !== undefined && { scopeId }), ...(metric === 'booked_value' && { currency: COMPANY_CURRENCY }), ...(scope !== 'member' && { weights }), ...(person && { zone: person.zone }),
    }));
    sets.push({ targetId, period, person, amount });
  };
  const byTeam = new Map<string, number>();
  for (const person of company.present().filter(({ role }) => role !== 'manager')) {
    const { metric, amount } = expected(company, person, period, random);
    set(metric, 'member', amount, { scopeId: person.id, person });
    if (metric === 'booked_value') byTeam.set(person.teamId, (byTeam.get(person.teamId) ?? 0) + amount);
    else set('meetings_held', 'member', Math.max(2, Math.round(amount * 0.8)), { scopeId: person.id, person });
  }
  // What a team is to reach is not the sum of what its members are: those above keep a reserve.
  for (const teamId of teamIds) set('booked_value', 'team', roundedMinor((byTeam.get(teamId) ?? FIRST_BOOKED_MINOR) * 1.05), { scopeId: teamId });
  const sum = [...byTeam.values()].reduce((total, amount) => total + amount, 0);
  set('booked_value', 'company', roundedMinor(Math.max(sum, FIRST_BOOKED_MINOR) * 1.1), {});
  set('won_deals', 'company', Math.max(3, Math.round((sum / 2_600_000) * 1.05)), {});
  for (const each of sets) revise(company, each, random);
}

function revise(company: Company, each: Set, random: Random): void {
  const { targetId, period, person } = each;
  const by = (): Person => (person ? company.managerOf(person) : company.people[0]!);
  if (person && person.leavesMs < Date.parse(period.to)) {
    return company.world.at(person.leavesMs, () => company.send(by(), build(WithdrawTarget, { targetId, reason: `${person.name} leaves` })));
  }
  if (!random.chance(REVISE_CHANCE)) return;
  company.world.at(company.nowMs + random.between(15, 60) * DAY_MS, () => {
    const amount = Math.max(1, each.amount > 100_000 ? roundedMinor(each.amount * random.between(0.8, 1.25)) : Math.round(each.amount * random.between(0.8, 1.25)));
    company.send(by(), build(ReviseTarget, { targetId, amount, reason: random.pick(['the season came late', 'two large deals moved', 'new territory']) }));
  });
}
