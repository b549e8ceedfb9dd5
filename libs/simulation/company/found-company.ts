import type { World } from '../world.js';
import { startArrivals } from './arrivals.js';
import { startAutomations } from './automations.js';
import { startBonuses } from './bonuses.js';
import { startCampaigns } from './campaigns.js';
import { onboardKnownClient } from './clients.js';
import { Company } from './company.js';
import { startEnablement } from './enablement.js';
import { hire } from './hire.js';
import { startPolicies } from './policies.js';
import { startRoster } from './roster.js';
import { MARKETS } from './setting.js';
import { startTargets } from './targets.js';
import { DAY_MS } from './work-time.js';
import { startWorkdays } from './workdays.js';

const PEOPLE_PER_MARKET = 5;
/** Clients that the company has when its story begins. */
const KNOWN_CLIENTS_PER_MEMBER = 2.5;
const KNOWN_WITHIN_DAYS = 12;

/** Sets everything going in an empty world: rules, people, work. */
export function foundCompany(world: World): void {
  const { plan } = world;
  const markets = MARKETS.slice(0, Math.min(MARKETS.length, Math.max(1, Math.round(plan.team / PEOPLE_PER_MARKET))));
  const teamIds = markets.map(({ region }) => `sim-${plan.tag}-team-${region.toLowerCase()}`);
  const company = new Company(world, markets, { newBusiness: `sim-${plan.tag}-new-business`, growth: `sim-${plan.tag}-growth` });
  company.people.push(...hire(plan, markets, teamIds, world.random.fork('hire')));
  startPolicies(company);
  startRoster(company, teamIds);
  startTargets(company, teamIds);
  startBonuses(company);
  startAutomations(company);
  startEnablement(company);
  startCampaigns(company);
  startWorkdays(company);
  const random = world.random.fork('known clients');
  const known = Math.round(KNOWN_CLIENTS_PER_MEMBER * plan.team * Math.min(2, plan.demand));
  for (let left = known; left > 0; left -= 1) world.at(plan.startMs + random.between(1, KNOWN_WITHIN_DAYS) * DAY_MS, () => onboardKnownClient(company, random));
  startArrivals(company);
}
