import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { groupedBy } from './grouped-by.js';

/* What campaigns cost and brought, once more as plain loops over the events: no engine, no SQL, no tables. */

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;

export interface Question { from?: string; to?: string; campaign?: readonly string[]; channel?: string }

export function campaignsOracle(events: readonly Event[], { from, to, campaign, channel }: Question) {
  const of = groupedBy(events, ({ type }) => type);
  const merged = new Set(of('LeadMerged').map(({ data }) => data.leadId));
  const endings = groupedBy(events.filter(({ type }) => type === 'DealClosed' || type === 'DealReopened'), ({ data }) => data.dealId);
  const asked = of('CampaignLaunched').map(({ data }) => data).filter((data) =>
    (from === undefined || data.endsOn === undefined || data.endsOn >= from) && (to === undefined || data.startsOn <= to) && (campaign === undefined || campaign.includes(data.campaignId)) && (channel === undefined || data.channel === channel));
  const results = asked.map(({ campaignId, startsOn, budget }) => {
    const [ending] = of('CampaignEnded').filter(({ data }) => data.campaignId === campaignId);
    const cost = ending?.data.spent ?? budget;
    const leads = new Set([...of('LeadCaptured'), ...of('LeadAttributed')].filter(({ data }) => data.campaignId === campaignId && !merged.has(data.leadId)).map(({ data }) => data.leadId));
    const sums = new Map<string, { deals: number; minor: number }>();
    for (const { data } of of('DealOpened')) {
      const last = endings(data.dealId).at(-1);
      if (!leads.has(data.leadId) || last?.type !== 'DealClosed' || last.data.outcome !== 'won') continue;
      const { amountMinor, currency } = last.data.value;
      const sum = sums.get(currency) ?? { deals: 0, minor: 0 };
      sums.set(currency, { deals: sum.deals + 1, minor: sum.minor + amountMinor });
    }
    const won = [...sums.values()].reduce((all, { deals }) => all + deals, 0);
    return {
      campaignId, startsOn, ended: ending !== undefined, cost: cost && [cost.amountMinor, cost.currency, ending?.data.spent ? 'spent' : 'budget'], leads: leads.size, won,
      values: [...sums].sort().map(([currency, { deals, minor }]) => [currency, deals, minor, minor / leads.size]), perLead: cost && leads.size > 0 ? cost.amountMinor / leads.size : null, perDeal: cost && won > 0 ? cost.amountMinor / won : null,
    };
  });
  return results.sort((a, b) => (a.startsOn === b.startsOn ? (a.campaignId < b.campaignId ? -1 : 1) : a.startsOn > b.startsOn ? -1 : 1));
}
