import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { AssignLead, CaptureLead, ConvertLead, DisqualifyLead, MergeLead, QualifyLead, RecordContact, ReopenLead, ScoreLead, type LeadCommand } from './commands.js';
import { lead } from './decider.js';
import type { LeadEvent } from './events.js';
import { leadStanding } from './facts.js';
import { leadContext } from './lead.context.js';
import type { LeadFacts } from './state.js';

const LATER = '2026-03-02T15:00:00.000Z';
const leadId = 'l1';
const facts: LeadFacts = { member: { status: 'active', role: 'coordinator', zone: 'UTC' }, target: { status: 'known' } };
const nobody: LeadFacts = { ...facts, member: { status: 'unknown' } };
const gone: LeadFacts = { ...facts, member: { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW } };

const captured: LeadEvent = { type: 'LeadCaptured', data: { leadId, source: 'fair', contact: { name: 'Kim Roe', email: 'kim@example.com' }, ownerId: 'ada' } };
const assigned: LeadEvent = { type: 'LeadAssigned', data: { leadId, ownerId: 'bob', from: 'ada', reason: 'speaks Danish' } };
const contacted: LeadEvent = { type: 'LeadContacted', data: { leadId, memberId: 'ada', channel: 'call', direction: 'outbound', automated: false } };
const scored: LeadEvent = { type: 'LeadScored', data: { leadId, score: 0, model: 'fit-2' } };
const qualified: LeadEvent = { type: 'LeadQualified', data: { leadId, ownerId: 'ada', note: 'budget in May' } };
const disqualified: LeadEvent = { type: 'LeadDisqualified', data: { leadId, ownerId: 'ada', reason: 'no_budget' } };
const reopened: LeadEvent = { type: 'LeadReopened', data: { leadId, reason: 'budget came' } };
const merged: LeadEvent = { type: 'LeadMerged', data: { leadId, intoLeadId: 'l2' } };
const converted: LeadEvent = { type: 'LeadConverted', data: { leadId, ownerId: 'ada', dealId: 'd1' } };

const capture = build(CaptureLead, { leadId, source: 'fair', contactName: 'Kim Roe', contactEmail: 'kim@example.com', ownerId: 'ada' });
const assign = build(AssignLead, { leadId, ownerId: 'bob', reason: 'speaks Danish' });
const contact = build(RecordContact, { leadId, memberId: 'ada', channel: 'call', direction: 'outbound' });
const score = build(ScoreLead, { leadId, score: 0, model: 'fit-2' });
const qualify = build(QualifyLead, { leadId, note: 'budget in May' });
const disqualify = build(DisqualifyLead, { leadId, reason: 'no_budget' });
const reopen = build(ReopenLead, { leadId, reason: 'budget came' });
const merge = build(MergeLead, { leadId, intoLeadId: 'l2' });
const convert = build(ConvertLead, { leadId, dealId: 'd1' });

const { given } = deciderSpec(lead, facts);

describe('a lead', () => {
  it('is captured with whom to reach, and its owner', () => given().when(capture).then(captured));
  it('is captured by its company alone, with all that is known', () =>
    given()
      .when(build(CaptureLead, { leadId, source: 'web', company: 'Roe ApS', region: 'north', segment: 'retail', product: 'crates', campaignId: 'c1', note: 'wants a call' }))
      .then({ type: 'LeadCaptured', data: { leadId, source: 'web', contact: {}, company: 'Roe ApS', region: 'north', segment: 'retail', product: 'crates', campaignId: 'c1', note: 'wants a call' } }));
  it('is captured by a telephone number alone', () =>
    given().when(build(CaptureLead, { leadId, source: 'call', contactPhone: '+45 20 30 40' })).then({ type: 'LeadCaptured', data: { leadId, source: 'call', contact: { phone: '+45 20 30 40' } } }));
  it('needs someone to reach', () => given().when(build(CaptureLead, { leadId, source: 'web' })).thenRefused('lead_needs_a_contact'));
  it('is not captured twice', () => given(captured).when(capture).thenRefused('lead_already_exists'));
  it('needs an owner who is known, where one is given', () => given().when(capture, { facts: nobody }).thenRefused('owner_unknown'));
  it('needs an owner who has not left', () => given().when(capture, { facts: gone }).thenRefused('owner_offboarded'));
  it('can wait for an owner', () => {
    const { ownerId: _, ...unowned } = capture;
    given().when(build(CaptureLead, unowned), { facts: nobody }).then({ type: 'LeadCaptured', data: { leadId, source: 'fair', contact: { name: 'Kim Roe', email: 'kim@example.com' } } });
  });

  it('is assigned to another member, whose predecessor is kept', () => given(captured).when(assign).then(assigned));
  it('is not assigned to the owner it has', () => given(captured, assigned).when(assign).thenNothing());
  it('is not assigned to a stranger', () => given(captured).when(assign, { facts: nobody }).thenRefused('owner_unknown'));
  it('is not assigned to one who has left', () => given(captured).when(assign, { facts: gone }).thenRefused('owner_offboarded'));
  it('is not assigned once disqualified', () => given(captured, disqualified).when(assign).thenRefused('lead_disqualified'));
  it('is not assigned once converted', () => given(captured, qualified, converted).when(assign).thenRefused('lead_converted'));

  it('is contacted', () => given(captured).when(contact).then(contacted));
  it('keeps whether a machine wrote, and the note', () =>
    given(captured).when(build(RecordContact, { ...contact, automated: true, note: 'welcome mail' })).then({ type: 'LeadContacted', data: { leadId, memberId: 'ada', channel: 'call', direction: 'outbound', automated: true, note: 'welcome mail' } }));
  it('is not contacted twice by one call', () => given(captured, contacted).when(contact).thenNothing());
  it('is contacted again by a later call', () => given(captured, contacted).when(contact, { now: LATER }).then(contacted));
  it('is not contacted by a stranger', () => given(captured).when(contact, { facts: nobody }).thenRefused('member_unknown'));
  it('is not contacted by one who had left', () => given(captured).when(contact, { facts: gone }).thenRefused('member_left'));
  it('can be contacted once disqualified or converted, and stays so', () => {
    given(captured, disqualified).when(contact).then(contacted);
    given(captured, disqualified, contacted).when(qualify).thenRefused('lead_disqualified');
    given(captured, qualified, converted).when(contact).then(contacted);
  });

  it('is scored, also with nought', () => given(captured).when(score).then(scored));
  it('is not scored the same again', () => given(captured, scored).when(score).thenNothing());
  it('is scored anew by another model', () => given(captured, scored).when(build(ScoreLead, { leadId, score: 0 })).then({ type: 'LeadScored', data: { leadId, score: 0 } }));
  it('is scored anew with other points', () => given(captured, scored).when(build(ScoreLead, { leadId, score: 1, model: 'fit-2' })).then({ type: 'LeadScored', data: { leadId, score: 1, model: 'fit-2' } }));

  it('is qualified, contacted or not', () => {
    given(captured).when(qualify).then(qualified);
    given(captured, contacted).when(qualify).then(qualified);
  });
  it('is qualified for the owner it has by then', () => given(captured, assigned).when(qualify).then({ type: 'LeadQualified', data: { leadId, ownerId: 'bob', note: 'budget in May' } }));
  it('is qualified once', () => given(captured, qualified).when(qualify).thenNothing());
  it('is not qualified once disqualified', () => given(captured, disqualified).when(qualify).thenRefused('lead_disqualified'));
  it('is not qualified once converted', () => given(captured, qualified, converted).when(qualify).thenRefused('lead_converted'));

  it('is disqualified, even when it was qualified', () => {
    given(captured).when(disqualify).then(disqualified);
    given(captured, contacted, qualified).when(disqualify).then(disqualified);
  });
  it('is disqualified once', () => given(captured, disqualified).when(disqualify).thenNothing());
  it('keeps the reason why it was disqualified', () => given(captured, disqualified).when(build(DisqualifyLead, { leadId, reason: 'spam' })).thenRefused('lead_disqualified'));
  it('is not disqualified once converted', () => given(captured, qualified, converted).when(disqualify).thenRefused('lead_converted'));

  it('is reopened, to be qualified anew', () => {
    given(captured, disqualified).when(reopen).then(reopened);
    given(captured, qualified, disqualified, reopened).when(convert).thenRefused('lead_not_qualified');
    given(captured, contacted, qualified, disqualified, reopened).when(qualify).then(qualified);
  });
  it('is not reopened when it is open', () => given(captured, disqualified, reopened).when(reopen).thenNothing());
  it('is not reopened once converted', () => given(captured, qualified, converted).when(reopen).thenRefused('lead_converted'));

  it('is merged into another one', () => given(captured, disqualified).when(merge).then(merged));
  it('is merged once', () => given(captured, merged).when(merge).thenNothing());
  it('is not merged into a second one', () => given(captured, merged).when(build(MergeLead, { leadId, intoLeadId: 'l3' })).thenRefused('lead_merged'));
  it('is not merged into itself', () => given(captured).when(build(MergeLead, { leadId, intoLeadId: leadId })).thenRefused('lead_merge_into_itself'));
  it('is not merged into one that is not there', () => given(captured).when(merge, { facts: { ...facts, target: { status: 'unknown' } } }).thenRefused('lead_merge_target_unknown'));
  it('is not merged into one that was merged itself: no rings', () => given(captured).when(merge, { facts: { ...facts, target: { status: 'merged', intoLeadId: 'l9' } } }).thenRefused('lead_merge_target_merged'));
  it('is not merged away once converted', () => given(captured, qualified, converted).when(merge).thenRefused('lead_converted'));
  it('accepts nothing more once merged', () => {
    for (const command of [assign, contact, score, qualify, disqualify, reopen, convert]) given(captured, merged).when(command).thenRefused('lead_merged');
  });

  it('is converted into a deal when qualified', () => given(captured, qualified).when(convert).then(converted));
  it('is converted into a client', () => given(captured, qualified).when(build(ConvertLead, { leadId, clientId: 'k1' })).then({ type: 'LeadConverted', data: { leadId, ownerId: 'ada', clientId: 'k1' } }));
  it('is converted once', () => given(captured, qualified, converted).when(convert).thenNothing());
  it('is not converted into something else afterwards', () => given(captured, qualified, converted).when(build(ConvertLead, { leadId, dealId: 'd2' })).thenRefused('lead_converted'));
  it('is not converted unqualified', () => {
    for (const history of [[captured], [captured, contacted], [captured, disqualified]]) given(...history).when(convert).thenRefused('lead_not_qualified');
  });

  it('is unknown until captured', () => {
    for (const command of [assign, contact, score, qualify, disqualify, reopen, merge, convert]) given().when(command).thenRefused('lead_not_found');
  });
  it('has no history before it was captured', () => {
    for (const command of [assign, contact, score, qualify, disqualify, reopen, merge, convert]) given(captured).when(command, { occurredAt: '2026-03-02T08:59:59.999Z' }).thenRefused('lead_not_yet_captured');
  });

  it('is, to others, known once captured and merged for good', () => {
    const standing = (...history: LeadEvent[]) => history.reduce((state, event) => leadStanding.evolve(state, event), leadStanding.initial);
    expect(standing()).toEqual({ status: 'unknown' });
    expect(standing(captured, qualified)).toEqual({ status: 'known' });
    expect(standing(captured, merged, contacted)).toEqual({ status: 'merged', intoLeadId: 'l2' });
  });

  it('does once what is sent twice, after any history', () => {
    const person = fc.constantFrom('ada', 'bob');
    const commands: fc.Arbitrary<LeadCommand> = fc.oneof(
      fc.constant(capture),
      person.map((ownerId) => build(AssignLead, { leadId, ownerId })),
      fc.tuple(person, fc.constantFrom('call', 'email'), fc.boolean()).map(([memberId, channel, automated]) => build(RecordContact, { ...contact, memberId, channel, automated })),
      fc.tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom('fit-1', undefined)).map(([points, model]) => build(ScoreLead, { leadId, score: points, ...(model && { model }) })),
      fc.constant(qualify),
      fc.constantFrom('no_budget', 'spam').map((reason) => build(DisqualifyLead, { leadId, reason })),
      fc.constant(reopen),
      fc.constantFrom('l2', 'l3', leadId).map((intoLeadId) => build(MergeLead, { leadId, intoLeadId })),
      fc.constantFrom('d1', 'd2', undefined).map((dealId) => build(ConvertLead, { leadId, ...(dealId && { dealId }) })),
    );
    const known: fc.Arbitrary<LeadFacts> = fc.record({ member: fc.constantFrom(facts.member, nobody.member), target: fc.constantFrom<LeadFacts['target']>({ status: 'known' }, { status: 'unknown' }) });
    holdsTwiceIsOnce(leadContext, commands, known);
  });
});

describe('a lead told of late', () => {
  const MIDDLE = '2026-03-02T12:00:00.000Z';
  const toCy: LeadEvent & { occurredAt: string } = { type: 'LeadAssigned', data: { leadId, ownerId: 'cy', from: 'ada' }, occurredAt: LATER };

  it('changes hands in its place in time', () => given(captured, toCy).when(assign, { occurredAt: MIDDLE }).then(assigned));
  it('stays with the owner of later', () => given(captured, toCy, { ...assigned, occurredAt: MIDDLE }).when(build(AssignLead, { leadId, ownerId: 'cy' }), { now: LATER }).thenNothing());
  it('is qualified under the owner of that time', () => given(captured, toCy).when(qualify, { occurredAt: MIDDLE }).then(qualified));
  it('keeps the score of later', () =>
    given(captured, { ...scored, occurredAt: LATER }, { type: 'LeadScored', data: { leadId, score: 50, model: 'fit-2' }, occurredAt: MIDDLE }).when(score, { now: LATER }).thenNothing());
});
