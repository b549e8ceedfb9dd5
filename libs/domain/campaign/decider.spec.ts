import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { campaignContext } from './campaign.context.js';
import { AttributeLead, EndCampaign, LaunchCampaign, type CampaignCommand } from './commands.js';
import { campaign, type CampaignFacts } from './decider.js';
import type { CampaignEvent } from './events.js';

const campaignId = 'spring';
const spent = { amountMinor: 480_000, currency: 'EUR' };
const facts: CampaignFacts = { campaignExists: true, leadExists: true };

const launched: CampaignEvent = { type: 'CampaignLaunched', data: { campaignId, name: 'Spring fair', channel: 'event', startsOn: '2026-03-01' } };
const ended: CampaignEvent = { type: 'CampaignEnded', data: { campaignId, spent, note: 'two days of rain' } };
const attributed: CampaignEvent = { type: 'LeadAttributed', data: { campaignId, leadId: 'l1' } };

const launch = build(LaunchCampaign, { campaignId, name: 'Spring fair', channel: 'event', startsOn: '2026-03-01' });
const end = build(EndCampaign, { campaignId, spent, note: 'two days of rain' });
const attribute = build(AttributeLead, { campaignId, leadId: 'l1' });

const { given } = deciderSpec(campaign, facts);

describe('a campaign', () => {
  it('is launched', () => given().when(launch).then(launched));
  it('keeps its last day and its budget', () =>
    given()
      .when(build(LaunchCampaign, { ...launch, endsOn: '2026-03-01', budget: spent }))
      .then({ type: 'CampaignLaunched', data: { campaignId, name: 'Spring fair', channel: 'event', startsOn: '2026-03-01', endsOn: '2026-03-01', budget: spent } }));
  it('is not launched twice', () => given(launched).when(launch).thenRefused('campaign_already_exists'));
  it('does not end before it starts', () => given().when(build(LaunchCampaign, { ...launch, endsOn: '2026-02-28' })).thenRefused('campaign_ends_before_it_starts'));

  it('is ended, with what it cost', () => given(launched).when(end).then(ended));
  it('is ended without a cost', () => given(launched).when(build(EndCampaign, { campaignId })).then({ type: 'CampaignEnded', data: { campaignId } }));
  it('is ended once', () => given(launched, ended).when(end).thenNothing());
  it('keeps the cost it was ended with', () => given(launched, ended).when(build(EndCampaign, { campaignId })).thenRefused('campaign_already_ended'));
  it('is unknown until launched', () => given().when(end).thenRefused('campaign_not_found'));
});

describe("a lead's attribution", () => {
  it('says by which campaign it came', () => given().when(attribute).then(attributed));
  it('counts once a campaign', () => given(attributed).when(attribute).thenNothing());
  it('can name several campaigns', () => {
    const autumn: CampaignEvent = { type: 'LeadAttributed', data: { campaignId: 'autumn', leadId: 'l1' } };
    given(attributed).when(build(AttributeLead, { campaignId: 'autumn', leadId: 'l1' })).then(autumn);
    given(attributed, autumn).when(attribute).thenNothing();
  });
  it('needs a campaign that was launched', () => given().when(attribute, { facts: { ...facts, campaignExists: false } }).thenRefused('campaign_not_found'));
  it('needs a lead that was captured', () => given().when(attribute, { facts: { ...facts, leadExists: false } }).thenRefused('lead_unknown'));
  it('has a stream that no campaign can have', () => {
    expect(campaignContext.aggregateId?.(attribute)).toBe('~lead.l1');
    expect(campaignContext.aggregateId?.(launch)).toBe('spring');
    given(attributed).when(end).thenRefused('campaign_not_found');
  });
});

describe('campaigns and attributions', () => {
  it('do once what is sent twice, after any history', () => {
    const commands: fc.Arbitrary<CampaignCommand> = fc.oneof(
      fc.constant(launch),
      fc.constantFrom(spent, { amountMinor: 0, currency: 'EUR' }, undefined).map((cost) => build(EndCampaign, { campaignId, ...(cost && { spent: cost }) })),
      fc.constantFrom('spring', 'autumn').map((id) => build(AttributeLead, { campaignId: id, leadId: 'l1' })),
    );
    holdsTwiceIsOnce(campaignContext, commands, fc.record({ campaignExists: fc.boolean(), leadExists: fc.boolean() }));
  });
});
