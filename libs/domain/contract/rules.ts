import { build } from '../../kernel/command.js';
import { NEW_ID, rule, type Memory } from '../../kernel/rule.js';
import type { DealEvent } from '../deal/events.js';
import { defined } from '../defined.js';
import { DraftContract } from './commands.js';
import type { ContractEvent } from './events.js';

interface DealContracts {
  readonly deals: Map<string, { readonly name: string; readonly clientId?: string }>;
  /** The contract that stands for a deal; a voided one does not. */
  readonly contracts: Map<string, string>;
  readonly dealOf: Map<string, string>;
}

const dealContracts: Memory<DealContracts, DealEvent | ContractEvent> = {
  name: 'deal_contracts',
  version: 1,
  events: ['DealOpened', 'ContractDrafted', 'ContractVoided'],
  initial: () => ({ deals: new Map(), contracts: new Map(), dealOf: new Map() }),
  evolve(state, event) {
    if (event.type === 'DealOpened') state.deals.set(event.data.dealId, defined({ name: event.data.name, clientId: event.data.clientId }));
    if (event.type === 'ContractDrafted') {
      state.contracts.set(event.data.dealId, event.data.contractId);
      state.dealOf.set(event.data.contractId, event.data.dealId);
    }
    if (event.type === 'ContractVoided') {
      const dealId = state.dealOf.get(event.data.contractId);
      if (dealId !== undefined && state.contracts.get(dealId) === event.data.contractId) state.contracts.delete(dealId);
    }
    return state;
  },
};

/** A won deal needs a contract; due when the policy says. */
export const contractForWonDeal = rule<DealContracts, DealEvent>({
  name: 'contract_for_won_deal',
  summary: 'Drafts the contract of a won deal that has none',
  memory: dealContracts,
  defaults: {},
  on: ['DealClosed'],
  react({ deals, contracts }, event) {
    if (event.type !== 'DealClosed' || event.data.outcome !== 'won' || contracts.has(event.data.dealId)) return [];
    const { dealId, ownerId } = event.data;
    const deal = deals.get(dealId);
    return [{ command: build(DraftContract, defined({ contractId: NEW_ID, dealId, clientId: deal?.clientId, ownerId, title: deal?.name })), because: 'the deal was won and has no contract yet' }];
  },
});
