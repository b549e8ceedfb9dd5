import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Money } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { defined } from '../defined.js';
import { sameJson } from '../same-json.js';
import type { AttributeLead, CampaignCommand } from './commands.js';
import type { CampaignEvent } from './events.js';

/** Either a campaign, or the campaigns that one lead is attributed to: streams of their own, so that a campaign's does not grow with its leads. */
export type Campaign =
  | { readonly status: 'absent' }
  | { readonly status: 'running' }
  | { readonly status: 'ended'; readonly spent?: Money }
  | { readonly status: 'attributions'; readonly campaignIds: readonly string[] };

/** Read only when a lead is attributed. */
export interface CampaignFacts {
  readonly campaignExists: boolean;
  readonly leadExists: boolean;
}

export type CampaignRefusal = 'campaign_not_found' | 'campaign_already_exists' | 'campaign_already_ended' | 'campaign_ends_before_it_starts' | 'lead_unknown';

export const campaignRefusals: RefusalCatalog<CampaignRefusal> = {
  campaign_not_found: { kind: 'not_found', title: 'No campaign has this id.' },
  campaign_already_exists: { kind: 'conflict', title: 'A campaign with this id was already launched.' },
  campaign_already_ended: { kind: 'conflict', title: 'The campaign has ended, at another cost.' },
  campaign_ends_before_it_starts: { kind: 'invalid', title: 'The last day of a campaign cannot be before its first.' },
  lead_unknown: { kind: 'invalid', title: 'No lead has the id given.' },
};

/** A campaign, from launch to end, and what came of it: each lead counted once. */
export const campaign: Decider<CampaignCommand, Campaign, CampaignEvent, CampaignRefusal, CampaignFacts> = {
  initial: { status: 'absent' },

  evolve(state, event) {
    switch (event.type) {
      case 'CampaignLaunched': return { status: 'running' };
      case 'CampaignEnded': return defined({ status: 'ended', spent: event.data.spent });
      case 'LeadAttributed': return { status: 'attributions', campaignIds: [...attributed(state), event.data.campaignId] };
    }
  },

  decide(state, command, { facts }) {
    switch (command.type) {
      case 'LaunchCampaign': {
        if (state.status !== 'absent') return refuse('campaign_already_exists');
        const { campaignId, name, channel, startsOn, endsOn, budget } = command;
        if (endsOn !== undefined && endsOn < startsOn) return refuse('campaign_ends_before_it_starts', `${startsOn} to ${endsOn}`);
        return accept({ type: 'CampaignLaunched', data: defined({ campaignId, name, channel, startsOn, endsOn, budget }) });
      }
      case 'EndCampaign': {
        if (state.status === 'absent' || state.status === 'attributions') return refuse('campaign_not_found');
        const { campaignId, spent, note } = command;
        if (state.status === 'ended') return sameJson(state.spent, spent) ? accept() : refuse('campaign_already_ended');
        return accept({ type: 'CampaignEnded', data: defined({ campaignId, spent, note }) });
      }
      case 'AttributeLead': return attribute(attributed(state), command, facts);
    }
  },
};

const attributed = (state: Campaign): readonly string[] => (state.status === 'attributions' ? state.campaignIds : []);

function attribute(campaignIds: readonly string[], { campaignId, leadId }: AttributeLead, facts: CampaignFacts): Decision<CampaignEvent, CampaignRefusal> {
  if (campaignIds.includes(campaignId)) return accept();
  if (!facts.campaignExists) return refuse('campaign_not_found');
  if (!facts.leadExists) return refuse('lead_unknown', leadId);
  return accept({ type: 'LeadAttributed', data: { campaignId, leadId } });
}
