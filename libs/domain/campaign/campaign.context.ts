import { context, streamOf, type Facts } from '../../kernel/context.js';
import { leadStream } from '../lead/facts.js';
import { AttributeLead, EndCampaign, LaunchCampaign, type CampaignCommand } from './commands.js';
import { campaign, campaignRefusals, type Campaign, type CampaignFacts } from './decider.js';
import { campaignEvents } from './events.js';

const CATEGORY = 'campaign';

const facts: Facts<CampaignCommand, Campaign, CampaignFacts> = async (read, command) => {
  if (command.type !== 'AttributeLead') return { campaignExists: false, leadExists: false };
  const [campaignExists, leadExists] = await Promise.all([read.exists(streamOf(CATEGORY, command.campaignId)), read.exists(leadStream(command.leadId))]);
  return { campaignExists, leadExists };
};

export const campaignContext = context({
  name: 'campaign',
  category: CATEGORY,
  idField: 'campaignId',
  // No id starts with a tilde, so no campaign can have the stream of a lead's attributions.
  aggregateId: (command: CampaignCommand) => (command.type === 'AttributeLead' ? `~lead.${command.leadId}` : command.campaignId),
  commands: [LaunchCampaign, EndCampaign, AttributeLead],
  events: campaignEvents,
  refusals: campaignRefusals,
  decider: campaign,
  facts,
});
