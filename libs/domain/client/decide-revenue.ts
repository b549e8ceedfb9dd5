import { accept, refuse, type Decision } from '../../kernel/decider.js';
import type { Instant, Money } from '../../kernel/event.js';
import { defined } from '../defined.js';
import type { DownsizeClient, ExpandClient, RecordPurchase } from './commands.js';
import type { ClientEvent } from './events.js';
import type { ClientRefusal } from './refusals.js';
import type { ActiveClient, LiveClient } from './state.js';

type ClientDecision = Decision<ClientEvent, ClientRefusal>;

/** A client's movements are summed up over time: they must stay in one currency. */
export const currencyProblem = (state: LiveClient, revenue: Money): 'client_currency_changed' | undefined =>
  revenue.currency === state.monthlyRevenue.currency ? undefined : 'client_currency_changed';

export function expand(state: ActiveClient, { clientId, monthlyRevenue: to, dealId, reason }: ExpandClient): ClientDecision {
  const { ownerId, monthlyRevenue: from } = state;
  const problem = currencyProblem(state, to);
  if (problem) return refuse(problem, `${from.currency} to ${to.currency}`);
  if (to.amountMinor === from.amountMinor) return accept();
  if (to.amountMinor < from.amountMinor) return refuse('client_expansion_not_higher', `${from.amountMinor} to ${to.amountMinor}`);
  return accept({ type: 'ClientExpanded', data: defined({ clientId, ownerId, from, to, dealId, reason }) });
}

export function downsize(state: ActiveClient, { clientId, monthlyRevenue: to, reason }: DownsizeClient): ClientDecision {
  const { ownerId, monthlyRevenue: from } = state;
  const problem = currencyProblem(state, to);
  if (problem) return refuse(problem, `${from.currency} to ${to.currency}`);
  if (to.amountMinor === from.amountMinor) return accept();
  if (to.amountMinor > from.amountMinor) return refuse('client_downsizing_not_lower', `${from.amountMinor} to ${to.amountMinor}`);
  return accept({ type: 'ClientDownsized', data: defined({ clientId, ownerId, from, to, reason }) });
}

/** A purchase may be in any currency. Of a client who has left, one from before it left can still be recorded. */
export function recordPurchase(state: LiveClient, { clientId, purchaseId, amount, dealId, product }: RecordPurchase, occurredAt: Instant): ClientDecision {
  const known = state.purchases.get(purchaseId);
  if (known) return known.amountMinor === amount.amountMinor && known.currency === amount.currency ? accept() : refuse('purchase_already_recorded', purchaseId);
  if (state.status === 'churned' && (state.churnedAt === undefined || occurredAt >= state.churnedAt)) return refuse('client_churned', state.reason);
  return accept({ type: 'PurchaseRecorded', data: defined({ clientId, purchaseId, amount, ownerId: state.ownerId, dealId, product }) });
}
