import { accept, refuse, type Decision } from '../../kernel/decider.js';
import type { Money } from '../../kernel/event.js';
import type { ReviseDealValue } from './commands.js';
import type { DealEvent, ExchangeRate } from './events.js';
import type { DealRefusal } from './refusals.js';
import type { OpenedDeal } from './state.js';

/** Why a value or rate does not fit the deal; undefined when both do. */
export function moneyProblem(deal: { readonly value: Money }, { value, rate }: { value?: Money; rate?: ExchangeRate }): 'deal_currency_changed' | 'deal_rate_to_own_currency' | undefined {
  if (value && value.currency !== deal.value.currency) return 'deal_currency_changed';
  return rate?.to === deal.value.currency ? 'deal_rate_to_own_currency' : undefined;
}

const sameRate = (a: ExchangeRate | undefined, b: ExchangeRate | undefined): boolean => a?.to === b?.to && a?.perUnitMicro === b?.perUnitMicro;

/** What the revision leaves out stays as it is. */
export function reviseDealValue(deal: OpenedDeal, command: ReviseDealValue): Decision<DealEvent, DealRefusal> {
  const problem = moneyProblem(deal, command);
  if (problem) return refuse(problem, deal.value.currency);
  const { dealId, value = deal.value, rate, expectedCloseOn, reason } = command;
  const stands = value.amountMinor === deal.value.amountMinor && (!rate || sameRate(rate, deal.rate)) && (!expectedCloseOn || expectedCloseOn === deal.expectedCloseOn);
  if (stands) return accept();
  return accept({ type: 'DealValueRevised', data: { dealId, value, from: deal.value, ...(rate && { rate }), ...(expectedCloseOn && { expectedCloseOn }), ...(reason && { reason }) } });
}
