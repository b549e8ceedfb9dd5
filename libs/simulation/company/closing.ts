import { VoidContract } from '../../domain/contract/commands.js';
import { CloseDeal, ReopenDeal } from '../../domain/deal/commands.js';
import type { LostReason } from '../../domain/deal/events.js';
import { build } from '../../kernel/command.js';
import type { Company } from './company.js';
import { inCompanyCurrency, rateOf, roundedMinor, type Deal } from './deal.js';
import { DAY_MS } from './work-time.js';

const LOST_REOPENED_CHANCE = 0.03;
const WON_REOPENED_CHANCE = 0.025;
/** Of the wins that are taken back, how many are won again, for less. */
const REWON_CHANCE = 0.7;

export function loseDeal(company: Company, deal: Deal, reason: LostReason): void {
  const { id: dealId, owner, random, contractId } = deal;
  if (contractId !== undefined) company.send(owner, build(VoidContract, { contractId, reason: 'the deal is lost' }));
  deal.contractId = undefined;
  company.send(owner, build(CloseDeal, { dealId, outcome: 'lost', reason, ...rateOf(company, deal.value) }));
  close(company, deal);
  if (!random.chance(LOST_REOPENED_CHANCE)) return;
  company.world.at(company.nowMs + random.between(10, 50) * DAY_MS, () => {
    reopen(company, deal, random.pick(['they came back', 'new budget', 'the competitor failed']));
    deal.goOn();
  });
}

/** The signature makes it a win; what it was for begins. Now and then a win has to be taken back. */
export function winDeal(company: Company, deal: Deal): void {
  const { random } = deal;
  book(company, deal);
  const undo = deal.whenWon(deal);
  if (!random.chance(WON_REOPENED_CHANCE)) return;
  company.world.at(company.nowMs + random.between(5, 40) * DAY_MS, () => {
    reopen(company, deal, random.pick(['signed by the wrong person', 'booked too early', 'they withdrew in time']));
    company.whenAtWork(deal.owner, random.between(3, 25) * DAY_MS, random, () => {
      if (random.chance(REWON_CHANCE)) {
        deal.value = { ...deal.value, amountMinor: roundedMinor(deal.value.amountMinor * random.between(0.7, 1)) };
        return book(company, deal);
      }
      loseDeal(company, deal, 'no_decision');
      undo();
    });
  });
}

function book(company: Company, deal: Deal): void {
  const { id: dealId, owner, value } = deal;
  company.send(owner, build(CloseDeal, { dealId, outcome: 'won', value, ...rateOf(company, value) }));
  company.bookings.push({ dealId, ownerId: owner.id, atMs: company.nowMs, amountMinor: inCompanyCurrency(company, value) });
  close(company, deal);
}

function close(company: Company, deal: Deal): void {
  deal.isOpen = false;
  company.release(deal);
}

/** Whoever had it takes it up again; where they have left, somebody else. */
function reopen(company: Company, deal: Deal, reason: string): void {
  const former = deal.owner;
  const isThere = company.present().includes(former);
  const booking = company.bookings.findIndex(({ dealId }) => dealId === deal.id);
  if (booking >= 0) company.bookings.splice(booking, 1);
  company.send(isThere ? former : company.managerOf(former), build(ReopenDeal, { dealId: deal.id, reason }));
  deal.isOpen = true;
  company.hold(deal);
  if (!isThere) company.give(deal, company.someone('executive', deal.random, { region: deal.market.region }));
}
