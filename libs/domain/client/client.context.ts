import { context, type Facts } from '../../kernel/context.js';
import { memberStanding, memberStream } from '../member/facts.js';
import { companySettings, DEFAULT_SETTINGS, SETTINGS_STREAM } from '../policy/facts.js';
import { ChurnClient, DownsizeClient, ExpandClient, MarkRenewalLapsed, OnboardClient, ReassignClient, RecordPurchase, RenewClient, WinBackClient, type ClientCommand } from './commands.js';
import { client } from './decider.js';
import { clientEvents } from './events.js';
import { clientRefusals } from './refusals.js';
import type { Client, ClientFacts } from './state.js';

const NOT_ASKED: ClientFacts = { owner: { status: 'unknown' }, zone: DEFAULT_SETTINGS.zone };

const facts: Facts<ClientCommand, Client, ClientFacts> = async (read, command) => {
  const named = command.type === 'OnboardClient' || command.type === 'ReassignClient' ? command.ownerId : undefined;
  const agreesOnRenewal = command.type === 'OnboardClient' || command.type === 'RenewClient' || command.type === 'WinBackClient';
  const [owner, settings] = await Promise.all([
    named === undefined ? NOT_ASKED.owner : read.fold(memberStream(named), memberStanding),
    agreesOnRenewal && command.renewalOn !== undefined ? read.fold(SETTINGS_STREAM, companySettings) : DEFAULT_SETTINGS,
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
