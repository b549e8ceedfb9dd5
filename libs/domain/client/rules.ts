import { DateTime } from 'luxon';
import { build } from '../../kernel/command.js';
import type { Recorded } from '../../kernel/event.js';
import { localDay } from '../../kernel/local-time.js';
import { NEW_ID, numberSetting, rule, type Memory } from '../../kernel/rule.js';
import type { DealEvent } from '../deal/events.js';
import { defined } from '../defined.js';
import { HAND_OVER, handOver } from '../hand-over.js';
import { evolveTeam, isTeamEvent, noTeam, TEAM_EVENTS, teamWork, zoneOf, type Team, type TeamEvent, type TeamWork } from '../team-work.js';
import { OnboardClient, ReassignClient } from './commands.js';
import type { ClientEvent } from './events.js';

interface DealOrigin {
  readonly name: string;
  readonly clientId?: string;
  readonly leadId?: string;
  readonly segment?: string;
  readonly region?: string;
  readonly product?: string;
}

/** Where deals came from, and which have brought a client. */
interface WonDeals extends Team {
  readonly deals: Map<string, DealOrigin>;
  readonly onboarded: Set<string>;
}

const wonDeals: Memory<WonDeals, DealEvent | ClientEvent | TeamEvent> = {
  name: 'won_deals',
  version: 2,
  events: [...TEAM_EVENTS, 'DealOpened', 'ClientOnboarded'],
  initial: () => ({ ...noTeam(), deals: new Map(), onboarded: new Set() }),
  evolve(state, event) {
    if (isTeamEvent(event)) return evolveTeam(state, event);
    if (event.type === 'DealOpened') {
      const { dealId, company, name, clientId, leadId, segment, region, product } = event.data;
      state.deals.set(dealId, defined({ name: company ?? name, clientId, leadId, segment, region, product }));
    }
    if (event.type === 'ClientOnboarded' && event.data.dealId !== undefined) state.onboarded.add(event.data.dealId);
    return state;
  },
};

/** What a won deal pays in a month, and when it is to be renewed: so many months after the day it was won on in its owner's zone. */
const termsOf = (event: Recorded<DealEvent> & { type: 'DealClosed' }, termMonths: number, zone: string) => ({
  monthlyRevenue: { amountMinor: Math.floor(event.data.value.amountMinor / termMonths), currency: event.data.value.currency },
  renewalOn: DateTime.fromISO(localDay(event.occurredAt, zone), { zone: 'utc' }).plus({ months: termMonths }).toISODate()!, // a valid day gives a day
});

/** A won deal with no client yet brings one. */
export const onboardWonDeal = rule<WonDeals, DealEvent>({
  name: 'onboard_won_deal',
  summary: 'Onboards the client of a won deal that was not with a client already',
  memory: wonDeals,
  /** The value of a deal is for so many months; after them the client is to be renewed. */
  defaults: { termMonths: 12 },
  on: ['DealClosed'],
  react(state, event, settings) {
    const { deals, onboarded } = state;
    if (event.type !== 'DealClosed' || event.data.outcome !== 'won' || onboarded.has(event.data.dealId)) return [];
    const deal = deals.get(event.data.dealId);
    if (!deal || deal.clientId !== undefined) return [];
    const { name, leadId, segment, region, product } = deal;
    const { dealId, ownerId } = event.data;
    onboarded.add(dealId);
    const terms = termsOf(event, Math.max(1, Math.round(numberSetting(settings, 'termMonths'))), zoneOf(state, ownerId, event.occurredAt));
    return [{ command: build(OnboardClient, defined({ clientId: NEW_ID, name, ownerId, ...terms, dealId, leadId, segment, region, product })), because: 'the deal was won and has no client yet' }];
  },
});

export const handOverClients = rule<TeamWork, ClientEvent>({
  ...HAND_OVER, part: 'clients', memory: teamWork, on: [],
  due: (team, now, settings) => handOver(team, now, settings, 'client', ({ id }, ownerId, reason) => [build(ReassignClient, { clientId: id, ownerId, reason })]),
});
