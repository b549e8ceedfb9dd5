import { describe, it } from '@jest/globals';
import { projectionSpec } from '../../libs/testing/projection-spec.js';
import { campaigns } from './campaigns.projection.js';

const { given } = projectionSpec(campaigns);
const budget = { amountMinor: 500_000, currency: 'EUR' };
const spent = { amountMinor: 430_000, currency: 'USD' };
const launched = { type: 'CampaignLaunched', data: { campaignId: 'k', name: 'Spring', channel: 'email', startsOn: '2026-03-01', budget } } as const;
const captured = (campaignId?: string) => ({ type: 'LeadCaptured', data: { leadId: 'l', source: 'web', contact: {}, ...(campaignId && { campaignId }) } }) as const;
const attributed = (campaignId: string) => ({ type: 'LeadAttributed', data: { campaignId, leadId: 'l' } }) as const;

describe('a campaign', () => {
  it('costs its budget while it runs', () => given(launched).thenRows('campaign', { campaign_id: 'k', name: 'Spring', channel: 'email', starts_on: '2026-03-01', ends_on: null, ended_at: null, cost_minor: 500_000, currency: 'EUR', is_spent: false }));
  it('costs what was spent, in the currency of that', () => given(launched, { type: 'CampaignEnded', data: { campaignId: 'k', spent } }).thenRows('campaign', { cost_minor: 430_000, currency: 'USD', is_spent: true }));
  it('costs its budget where nobody said what was spent', () => given(launched, { type: 'CampaignEnded', data: { campaignId: 'k' } }).thenRows('campaign', { cost_minor: 500_000, currency: 'EUR', is_spent: false }));
  it('costs nothing known without either', () => {
    const { budget: _, ...data } = launched.data;
    given({ ...launched, data }).thenRows('campaign', { cost_minor: null, currency: null, is_spent: false });
  });
});

describe('a lead', () => {
  it('came by the campaign it was captured with, and by those it was attributed to, each once', () => given(captured('k'), attributed('k'), attributed('m'), attributed('m')).thenRows('lead', { campaign_id: 'k', lead_id: 'l' }, { campaign_id: 'm', lead_id: 'l' }));
  it('came by none where nobody said so', () => given(captured()).thenRows('lead'));
  it('came by none before it was attributed', () => given(captured(), attributed('k')).asOf({ event: 1 }).thenRows('lead'));
});
