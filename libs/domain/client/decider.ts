import { accept, refuse, type Decider } from '../../kernel/decider.js';
import { asItWas } from '../in-force.js';
import type { ClientCommand } from './commands.js';
import { downsize, expand, recordPurchase } from './decide-revenue.js';
import { churn, markRenewalLapsed, onboard, reassign, renew, winBack } from './decide-standing.js';
import type { ClientEvent } from './events.js';
import type { ClientRefusal } from './refusals.js';
import { evolveClient, type Client, type ClientFacts } from './state.js';

/** A client: active from its onboarding until it churns, and again when it is won back. */
export const client: Decider<ClientCommand, Client, ClientEvent, ClientRefusal, ClientFacts> = {
  initial: { status: 'absent' },

  evolve: evolveClient,

  decide(state, command, context) {
    const { now, occurredAt } = context;
    if (command.type === 'OnboardClient') return state.status === 'absent' ? onboard(command, context) : refuse('client_already_exists');
    if (state.status === 'absent') return refuse('client_not_found');
    if (command.type === 'MarkRenewalLapsed') return markRenewalLapsed(state, command, now);
    if (state.onboardedAt !== undefined && occurredAt < state.onboardedAt) return refuse('client_not_yet_onboarded', `onboarded ${state.onboardedAt}, said to happen ${occurredAt}`);
    const then = asItWas(state, occurredAt);
    if (command.type === 'ReassignClient') return reassign(then, command, context);
    if (command.type === 'RecordPurchase') return recordPurchase(then, command, occurredAt);
    if (then.status === 'churned') {
      if (command.type === 'WinBackClient') return winBack(then, command, context);
      return command.type === 'ChurnClient' && command.reason === then.reason ? accept() : refuse('client_churned', then.reason);
    }
    if (occurredAt < then.movedAt) return refuse('client_out_of_order', `last moved ${then.movedAt}, said to happen ${occurredAt}`);
    switch (command.type) {
      case 'RenewClient': return renew(then, command, context);
      case 'ExpandClient': return expand(then, command);
      case 'DownsizeClient': return downsize(then, command);
      case 'ChurnClient': return churn(then, command);
      case 'WinBackClient': return refuse('client_not_churned');
    }
  },
};
