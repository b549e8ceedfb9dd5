import { context, type Facts } from '../../kernel/context.js';
import { memberAt } from '../member/facts.js';
import { DEFAULT_SETTINGS, settingsAt } from '../policy/facts.js';
import { ChurnClient, DownsizeClient, ExpandClient, MarkRenewalLapsed, OnboardClient, ReassignClient, RecordPurchase, RenewClient, WinBackClient, type ClientCommand } from './commands.js';
import { client } from './decider.js';
import { clientEvents } from './events.js';
import { clientRefusals } from './refusals.js';
import type { Client, ClientFacts } from './state.js';

const NOT_ASKED: ClientFacts = { owner: { status: 'unknown' }, zone: DEFAULT_SETTINGS.zone };

const facts: Facts<ClientCommand, Client, ClientFacts> = async (read, command, _, occurredAt) => {
  const named = command.type === 'OnboardClient' || command.type === 'ReassignClient' ? command.ownerId : undefined;
  const agreesOnRenewal = command.type === 'OnboardClient' || command.type === 'RenewClient' || command.type === 'WinBackClient';
  const [owner, settings] = await Promise.all([
    named === undefined ? NOT_ASKED.owner : memberAt(read, named, occurredAt),
    agreesOnRenewal && command.renewalOn !== undefined ? settingsAt(read, occurredAt) : DEFAULT_SETTINGS,
  ]);
  return { owner, zone: settings.zone };
};

export const clientContext = context({
  name: 'client',
  category: 'client',
  idField: 'clientId',
  commands: [OnboardClient, RecordPurchase, RenewClient, ExpandClient, DownsizeClient, ChurnClient, WinBackClient, ReassignClient, MarkRenewalLapsed],
  events: clientEvents,
  refusals: clientRefusals,
  decider: client,
  facts,
});
