import { OpenDeal, ReassignDeal } from '../../domain/deal/commands.js';
import { build } from '../../kernel/command.js';
import type { Company } from './company.js';
import { nextStep } from './deal-steps.js';
import { rateOf, roundedMinor, type Deal } from './deal.js';
import type { Person } from './person.js';
import { GROWTH_STAGES, NEW_BUSINESS_STAGES } from './policies.js';
import { SEGMENTS, type Market, type Segment } from './setting.js';
import { HOUR_MS } from './work-time.js';

/** Of the deals that a coordinator opens, how many go to an executive. */
const HAND_OFF_CHANCE = 0.75;
const VALUE_SPREAD = 0.55;
/** What a client buys on top, compared with what a new one buys. */
const GROWTH_VALUE_SHARE = 0.5;

export interface DealStart {
  readonly by: Person;
  readonly company: string;
  readonly quality: number;
  readonly market: Market;
  readonly segment: Segment;
  readonly product: string;
  readonly source: string;
  readonly campaignId?: string;
  readonly leadId?: string;
  /** A client who may buy more, in its own currency: the deal goes through the pipeline for growth. */
  readonly client?: { readonly id: string; readonly currency: string };
  readonly whenWon: Deal['whenWon'];
}

/** Opens a deal and sets going what becomes of it. Returns its id. */
export function openDeal(company: Company, start: DealStart): string {
  const dealId = company.world.id('deal');
  const random = company.world.random.fork(dealId);
  const { by, client, leadId, market, segment, product, quality, campaignId } = start;
  const stages = (client ? GROWTH_STAGES : NEW_BUSINESS_STAGES).map(({ stage }) => stage);
  const value = { amountMinor: roundedMinor(random.lognormal(SEGMENTS[segment].valueMinor * (client ? GROWTH_VALUE_SHARE : 1), VALUE_SPREAD)), currency: client?.currency ?? market.currency };
  const deal: Deal = {
    id: dealId, company: start.company, owner: by, quality, market, segment, product, leadId, clientId: client?.id, stages, random, stage: 0, value, roadblocks: 0, contractId: undefined, isOpen: true,
    handOver: (from) => company.send(company.managerOf(from), build(ReassignDeal, { dealId, ownerId: deal.owner.id, reason: `${from.name} leaves` })),
    goOn: () => nextStep(company, deal), whenWon: start.whenWon,
  };
  company.send(by, build(OpenDeal, {
    dealId, name: `${product} for ${start.company}`, ownerId: by.id, value, ...rateOf(company, value), pipelineId: client ? company.pipelines.growth : company.pipelines.newBusiness, company: start.company, segment,
    region: market.region, product, source: start.source, expectedCloseOn: company.day(random.whole(25, 110)), ...(leadId !== undefined && { leadId }), ...(client && { clientId: client.id }), ...(campaignId !== undefined && { campaignId }),
  }));
  company.hold(deal);
  if (by.role === 'coordinator' && random.chance(HAND_OFF_CHANCE)) company.whenAtWork(by, random.between(0.3, 20) * HOUR_MS, random, () => handOff(company, deal));
  deal.goOn();
  return dealId;
}

/** The coordinator has prepared it; an executive goes on. */
function handOff(company: Company, deal: Deal): void {
  const from = deal.owner;
  const to = company.someone('executive', deal.random, { region: deal.market.region });
  if (!deal.isOpen || from.role === 'executive' || to === from) return;
  company.pass(deal, to);
  company.send(from, build(ReassignDeal, { dealId: deal.id, ownerId: to.id, reason: 'hand-off' }));
}
