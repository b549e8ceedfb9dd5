import { accept, refuse, type Decision, type DecisionContext } from '../../kernel/decider.js';
import type { Instant, LocalDate } from '../../kernel/event.js';
import { endOfDay } from '../../kernel/local-time.js';
import { defined } from '../defined.js';
import { ownerProblem } from '../member/facts.js';
import type { ChurnClient, MarkRenewalLapsed, OnboardClient, ReassignClient, RenewClient, WinBackClient } from './commands.js';
import { currencyProblem } from './decide-revenue.js';
import type { ClientEvent, Renewal } from './events.js';
import type { ClientRefusal } from './refusals.js';
import { nothingIn, type ActiveClient, type ChurnedClient, type ClientFacts, type LiveClient } from './state.js';

type ClientDecision = Decision<ClientEvent, ClientRefusal>;
type Context = DecisionContext<ClientFacts>;

const renewalOf = (on: LocalDate, zone: string): Renewal => ({ on, lapsesAt: endOfDay(on, zone) });

export function onboard(command: OnboardClient, { occurredAt, facts }: Context): ClientDecision {
  const { clientId, name, ownerId, monthlyRevenue, renewalOn, contactName, contactEmail, contactPhone, segment, region, product, dealId, leadId } = command;
  const problem = ownerProblem(facts.owner, occurredAt);
  if (problem) return refuse(problem, ownerId);
  const renewal = renewalOn === undefined ? undefined : renewalOf(renewalOn, facts.zone);
  if (renewal && renewal.lapsesAt <= occurredAt) return refuse('client_renewal_in_past', renewal.on);
  const contact = defined({ name: contactName, email: contactEmail, phone: contactPhone });
  return accept({ type: 'ClientOnboarded', data: defined({ clientId, name, ownerId, monthlyRevenue, contact, renewal, segment, region, product, dealId, leadId }) });
}

export function renew(state: ActiveClient, command: RenewClient, { occurredAt, facts }: Context): ClientDecision {
  const { clientId, renewalOn, monthlyRevenue = state.monthlyRevenue } = command;
  const { ownerId, monthlyRevenue: before, renewal: from } = state;
  const problem = currencyProblem(state, monthlyRevenue);
  if (problem) return refuse(problem, `${before.currency} to ${monthlyRevenue.currency}`);
  const repeated = from?.on === renewalOn && !state.lapsed && monthlyRevenue.amountMinor === before.amountMinor;
  if (repeated) return accept();
  if (from && renewalOn <= from.on) return refuse('client_renewal_not_later', `${from.on} to ${renewalOn}`);
  const renewal = renewalOf(renewalOn, facts.zone);
  if (renewal.lapsesAt <= occurredAt) return refuse('client_renewal_in_past', renewalOn);
  const renewed: ClientEvent = { type: 'ClientRenewed', data: defined({ clientId, ownerId, monthlyRevenue, renewal, from }) };
  if (monthlyRevenue.amountMinor === before.amountMinor) return accept(renewed);
  const moved = { clientId, ownerId, from: before, to: monthlyRevenue };
  return accept<ClientEvent>(renewed, monthlyRevenue.amountMinor > before.amountMinor ? { type: 'ClientExpanded', data: moved } : { type: 'ClientDownsized', data: moved });
}

export function churn(state: ActiveClient, { clientId, reason, note }: ChurnClient): ClientDecision {
  const { ownerId, monthlyRevenue: from } = state;
  return accept({ type: 'ClientChurned', data: defined({ clientId, ownerId, from, to: nothingIn(from.currency), reason, note }) });
}

export function winBack(state: ChurnedClient, { clientId, monthlyRevenue: to, renewalOn, dealId }: WinBackClient, { occurredAt, facts }: Context): ClientDecision {
  if (state.churnedAt !== undefined && occurredAt < state.churnedAt) return refuse('client_won_back_before_churned', `left ${state.churnedAt}`);
  const problem = currencyProblem(state, to);
  if (problem) return refuse(problem, `${state.monthlyRevenue.currency} to ${to.currency}`);
  const renewal = renewalOn === undefined ? undefined : renewalOf(renewalOn, facts.zone);
  if (renewal && renewal.lapsesAt <= occurredAt) return refuse('client_renewal_in_past', renewal.on);
  return accept({ type: 'ClientWonBack', data: defined({ clientId, ownerId: state.ownerId, from: nothingIn(to.currency), to, renewal, dealId }) });
}

/** A client who has left can be given to someone, too: to win it back. */
export function reassign(state: LiveClient, { clientId, ownerId, reason }: ReassignClient, { occurredAt, facts }: Context): ClientDecision {
  if (state.ownerId === ownerId) return accept();
  const problem = ownerProblem(facts.owner, occurredAt);
  if (problem) return refuse(problem, ownerId);
  return accept({ type: 'ClientReassigned', data: defined({ clientId, ownerId, from: state.ownerId, reason }) });
}

export function markRenewalLapsed(state: LiveClient, { clientId, lapsesAt }: MarkRenewalLapsed, now: Instant): ClientDecision {
  // Alarms ring late, early and twice: one counts only for the renewal day that set it.
  if (state.status !== 'active' || state.lapsed || state.renewal?.lapsesAt !== lapsesAt) return accept();
  const { ownerId, monthlyRevenue, renewal } = state;
  if (now < lapsesAt) return refuse('client_renewal_not_yet_lapsed', `lapses ${lapsesAt}`);
  return accept({ type: 'RenewalLapsed', data: { clientId, ownerId, monthlyRevenue, renewal } });
}
