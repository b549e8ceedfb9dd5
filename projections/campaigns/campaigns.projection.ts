import type { CampaignChannel, CampaignEvent } from '../../libs/domain/campaign/events.js';
import type { LeadEvent } from '../../libs/domain/lead/events.js';
import type { Instant, LocalDate, Money, Recorded } from '../../libs/kernel/event.js';
import { projection } from '../../libs/kernel/projection.js';
import { campaignsTables, type CampaignsTable } from './campaigns.tables.js';

type State =
  | { readonly kind: 'campaign'; readonly name: string; readonly channel: CampaignChannel; readonly startsOn: LocalDate; readonly endsOn?: LocalDate; readonly budget?: Money; readonly spent?: Money; readonly endedAt?: Instant }
  /** The campaigns that a lead came by. */
  | { readonly kind: 'lead'; readonly campaigns: readonly string[] };

type Event = CampaignEvent | Extract<LeadEvent, { type: 'LeadCaptured' }>;

const CAMPAIGN = 'campaign:';
const LEAD = 'lead:';

const keyOf = ({ type, data }: Recorded<Event>): string => (type === 'CampaignLaunched' || type === 'CampaignEnded' ? CAMPAIGN + data.campaignId : LEAD + data.leadId);

/** A lead that owes itself to one more campaign; to the same one it does so once. */
function owing(state: State | undefined, campaignId: string | undefined): State | undefined {
  const before = state?.kind === 'lead' ? state.campaigns : [];
  return campaignId === undefined || before.includes(campaignId) ? state : { kind: 'lead', campaigns: [...before, campaignId] };
}

function evolve(state: State | undefined, event: Recorded<Event>): State | undefined {
  switch (event.type) {
    case 'CampaignLaunched': {
      const { name, channel, startsOn, endsOn, budget } = event.data;
      return { kind: 'campaign', name, channel, startsOn, ...(endsOn && { endsOn }), ...(budget && { budget }) };
    }
    case 'CampaignEnded': return state?.kind === 'campaign' ? { ...state, endedAt: event.occurredAt, ...(event.data.spent && { spent: event.data.spent }) } : state;
    case 'LeadCaptured':
    case 'LeadAttributed': return owing(state, event.data.campaignId);
  }
}

/** Campaigns, what they cost, and which leads came by them. */
export const campaigns = projection<State, Event, CampaignsTable>({
  name: 'campaigns',
  version: 1,
  tables: campaignsTables,
  events: ['CampaignLaunched', 'CampaignEnded', 'LeadAttributed', 'LeadCaptured'],
  key: keyOf,
  evolve,
  rows(state, key) {
    if (state.kind === 'lead') return { lead: state.campaigns.map((campaignId) => ({ campaign_id: campaignId, lead_id: key.slice(LEAD.length) })) };
    const cost = state.spent ?? state.budget;
    return {
      campaign: [{
        campaign_id: key.slice(CAMPAIGN.length), name: state.name, channel: state.channel, starts_on: state.startsOn, ends_on: state.endsOn ?? null, ended_at: state.endedAt ?? null,
        cost_minor: cost?.amountMinor ?? null, currency: cost?.currency ?? null, is_spent: state.spent !== undefined,
      }],
    };
  },
});
