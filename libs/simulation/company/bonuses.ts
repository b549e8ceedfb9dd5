import { ApproveBonus, DefineBonusPlan, ReviseBonusPlan } from '../../domain/bonus/commands.js';
import type { BonusTier } from '../../domain/bonus/events.js';
import type { Period } from '../../domain/period.js';
import { build } from '../../kernel/command.js';
import type { Company } from './company.js';
import { isMemberAt } from './person.js';
import { quarterOf, quartersBetween } from './quarters.js';
import { COMPANY_CURRENCY, COMPANY_ZONE } from './setting.js';
import { bookedIn } from './targets.js';
import { dateOf, dayAt, DAY_MS, HOUR_MS } from './work-time.js';

/** The executives' plan pays a rate that rises with attainment. */
const TIERS: readonly BonusTier[] = [{ attainmentPercentFrom: 0, rateBasisPoints: 100 }, { attainmentPercentFrom: 80, rateBasisPoints: 250 }, { attainmentPercentFrom: 100, rateBasisPoints: 400 }];
const LATER_TIERS: readonly BonusTier[] = [{ attainmentPercentFrom: 0, rateBasisPoints: 120 }, { attainmentPercentFrom: 90, rateBasisPoints: 300 }, { attainmentPercentFrom: 110, rateBasisPoints: 450 }];
/** What managers approve: a plain rate on what was booked; the report on the plan says what its tiers come to. */
const APPROVED_BASIS_POINTS = 200;
const CAP_MINOR = 3_000_000;
/** The coordinators' plan pays amounts for leads qualified. */
const COORDINATOR_TIERS: readonly BonusTier[] = [{ attainmentPercentFrom: 80, amountMinor: 40_000 }, { attainmentPercentFrom: 100, amountMinor: 60_000 }];
const APPROVED_AFTER_DAYS = 12;
const MEMBERS_MAX = 100;
const DEALS_NAMED_MAX = 500;

/** Bonus plans are defined at the start, revised at half-time, and paid after each quarter. */
export function startBonuses(company: Company): void {
  const { world } = company;
  const { startMs, endMs } = world.plan;
  const firstDay = dateOf(dayAt(COMPANY_ZONE, startMs));
  const effectiveFrom = quarterOf(firstDay).from;
  const idsOf = (role: string): string[] => company.present().filter((person) => person.role === role).map(({ id }) => id).sort().slice(0, MEMBERS_MAX);
  const planId = world.id('bonus-plan');
  const coordinatorPlanId = world.id('bonus-plan');
  const lead = company.people[0]!; // a team has at least three
  world.at(startMs + 6 * HOUR_MS, () => {
    company.send(lead, build(DefineBonusPlan, { planId, name: 'Executives (made up)', metric: 'booked_value', periodKind: 'quarter', currency: COMPANY_CURRENCY, memberIds: idsOf('executive'), tiers: TIERS, capMinor: CAP_MINOR, clawback: true, effectiveFrom }));
    company.send(lead, build(DefineBonusPlan, { planId: coordinatorPlanId, name: 'Coordinators (made up)', metric: 'qualified_leads', periodKind: 'quarter', currency: COMPANY_CURRENCY, memberIds: idsOf('coordinator'), tiers: COORDINATOR_TIERS, clawback: false, effectiveFrom }));
  });
  const members = new Set<string>();
  world.at(startMs + 7 * HOUR_MS, () => idsOf('executive').forEach((id) => members.add(id)));
  const quarters = quartersBetween(firstDay, dateOf(dayAt(COMPANY_ZONE, endMs)));
  const later = quarters.find(({ from }) => Date.parse(from) > (startMs + endMs) / 2);
  if (later) {
    world.at(Date.parse(later.from) - 10 * DAY_MS, () => company.send(lead, build(ReviseBonusPlan, {
      planId, memberIds: idsOf('executive'), tiers: LATER_TIERS, capMinor: CAP_MINOR, clawback: true, effectiveFrom: later.from, reason: 'more weight on what is above the target',
    })));
  }
  for (const quarter of quarters) world.at(Date.parse(quarter.to) + APPROVED_AFTER_DAYS * DAY_MS, () => approve(company, planId, quarter, members));
}

/** For those the plan has named from the start: its terms of every quarter name them. */
function approve(company: Company, planId: string, period: Period, members: ReadonlySet<string>): void {
  for (const person of company.people) {
    if (!members.has(person.id) || !isMemberAt(person, company.world.plan.endMs)) continue;
    const deals = bookedIn(company, person.id, period).slice(0, DEALS_NAMED_MAX);
    const booked = deals.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const amountMinor = Math.min(CAP_MINOR, Math.round((booked * APPROVED_BASIS_POINTS) / 10_000));
    if (amountMinor === 0) continue;
    company.send(company.managerOf(person), build(ApproveBonus, {
      planId, memberId: person.id, period, amount: { amountMinor, currency: COMPANY_CURRENCY }, lines: [{ label: `${deals.length} deals won`, amountMinor, dealIds: deals.map(({ dealId }) => dealId) }],
    }));
  }
}
