import { DraftContract, SendContract, SignContract } from '../../domain/contract/commands.js';
import type { LostReason } from '../../domain/deal/events.js';
import { build } from '../../kernel/command.js';
import type { Company } from './company.js';
import { loseDeal, winDeal } from './closing.js';
import type { Deal } from './deal.js';
import { planFollowUp } from './follow-ups.js';
import { DAY_MS, HOUR_MS } from './work-time.js';

/** At the very end a deal is still lost so often. */
const LOSE_CHANCE = 0.25;
const SIGNED_AT_THE_TABLE_CHANCE = 0.06;
const REASONS: Readonly<Partial<Record<LostReason, number>>> = { price: 30, competitor: 25, no_decision: 30, no_budget: 15 };

/** Somebody writes the contract; it goes to the client, who signs, takes their time, or does not sign. */
export function draftContract(company: Company, deal: Deal): void {
  if (!deal.isOpen) return;
  const { random, clientId } = deal;
  const writer = company.someone('coordinator', random, { region: deal.market.region });
  const contractId = company.world.id('contract');
  deal.contractId = contractId;
  company.send(writer, build(DraftContract, { contractId, dealId: deal.id, ownerId: writer.id, title: `${deal.product} for ${deal.company}`, ...(clientId !== undefined && { clientId }) }));
  const goesOn = (run: () => void) => (): void => { if (deal.isOpen) run(); };
  const sign = goesOn(() => {
    company.send(deal.owner, build(SignContract, { contractId }));
    deal.contractId = undefined;
    winDeal(company, deal);
  });
  if (random.chance(SIGNED_AT_THE_TABLE_CHANCE)) return company.whenAtWork(deal.owner, 2 * DAY_MS, random, sign);
  company.whenAtWork(writer, random.lognormal(1.2, 0.8) * writer.pace * DAY_MS, random, goesOn(() => {
    company.send(deal.owner, build(SendContract, { contractId, channel: random.word({ e_signature: 70, email: 20, post: 5, in_person: 5 }) }));
    planFollowUp(company, deal.owner, { subject: { kind: 'contract', id: contractId }, days: random.whole(3, 6) });
    const waitMs = random.lognormal(6, 0.75) * DAY_MS;
    if (random.chance(LOSE_CHANCE / deal.owner.skill)) return company.whenAtWork(deal.owner, waitMs, random, goesOn(() => loseDeal(company, deal, random.word(REASONS))));
    company.world.at(company.nowMs + Math.max(HOUR_MS, waitMs), sign);
  }));
}
