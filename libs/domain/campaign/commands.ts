import { Command } from '../../kernel/command.js';
import type { LocalDate, Money } from '../../kernel/event.js';
import { IsDay, IsId, IsMoney, IsOneOf, IsText } from '../../kernel/fields.js';
import { CAMPAIGN_CHANNELS, type CampaignChannel } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;
const NAME_LENGTH_MAX = 200;

@Command({ path: 'POST /campaigns', roles: SELLERS, creates: true, summary: 'Start a campaign that leads may come from' })
export class LaunchCampaign {
  declare readonly type: 'LaunchCampaign';
  @IsId() campaignId!: string;
  @IsText({ max: NAME_LENGTH_MAX }) name!: string;
  @IsOneOf(CAMPAIGN_CHANNELS) channel!: CampaignChannel;
  @IsDay() startsOn!: LocalDate;
  @IsDay({ optional: true, description: 'Its last day, where that is known' }) endsOn?: LocalDate;
  @IsMoney({ optional: true }) budget?: Money;
}

@Command({ path: 'POST /campaigns/:campaignId/end', roles: SELLERS, summary: 'End a campaign and say what it cost; leads can still be attributed to it' })
export class EndCampaign {
  declare readonly type: 'EndCampaign';
  @IsId() campaignId!: string;
  @IsMoney({ optional: true, description: 'What it cost in the end; left out: its budget' }) spent?: Money;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /campaigns/:campaignId/leads', roles: SELLERS, summary: 'Say that a lead came by a campaign' })
export class AttributeLead {
  declare readonly type: 'AttributeLead';
  @IsId() campaignId!: string;
  @IsId() leadId!: string;
}

export type CampaignCommand = LaunchCampaign | EndCampaign | AttributeLead;
