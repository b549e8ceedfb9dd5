import { describe, expect, it } from '@jest/globals';
import { build, type CommandMessage } from '../kernel/command.js';
import type { AnyContext, StreamReader } from '../kernel/context.js';
import type { DomainEvent } from '../kernel/event.js';
import { campaignContext } from './campaign/campaign.context.js';
import { AttributeLead, EndCampaign } from './campaign/commands.js';
import { clientContext } from './client/client.context.js';
import { ExpandClient, OnboardClient, ReassignClient, RenewClient, WinBackClient } from './client/commands.js';
import { AssignTraining, CompleteTraining, RecordCertification, ShareMaterial } from './enablement/commands.js';
import { enablementContext } from './enablement/enablement.context.js';
import type { MaterialEvent } from './enablement/events.js';
import { AssignLead, CaptureLead, MergeLead, QualifyLead, RecordContact } from './lead/commands.js';
import type { LeadEvent } from './lead/events.js';
import { leadContext } from './lead/lead.context.js';
import type { MemberEvent } from './member/events.js';
import type { PolicyEvent } from './policy/events.js';
import { RecordSurveyAnswer, SendSurvey } from './survey/commands.js';
import { surveyContext } from './survey/survey.context.js';
import { CorrectWork, LogWork } from './work-log/commands.js';
import { workLogContext } from './work-log/work-log.context.js';

const added: MemberEvent = { type: 'MemberAdded', data: { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'UTC' } };
const policy: PolicyEvent = { type: 'PolicySet', data: { policyId: 'settings', settings: { zone: 'Europe/Zurich' } } };
const merged: LeadEvent = { type: 'LeadMerged', data: { leadId: 'l2', intoLeadId: 'l1' } };
const captured: LeadEvent = { type: 'LeadCaptured', data: { leadId: 'l1', source: 'web', contact: {} } };
const published: MaterialEvent = { type: 'MaterialPublished', data: { materialId: 'm1', title: 'Crates', kind: 'deck', edition: '3' } };
const something: DomainEvent = { type: 'Something', data: {} };

/** A log of a few streams, named as the engine names them. */
const LOG: Readonly<Record<string, readonly DomainEvent[]>> = {
  'member-ada': [added], 'policy-settings': [policy], 'lead-l1': [captured], 'lead-l2': [captured, merged], 'deal-d1': [something], 'campaign-spring': [something], 'enablement-material.m1': [published],
};

const reader: StreamReader = {
  // What the log above holds for a stream is what the stream's context would have written.
  fold: async (stream, fold) => (LOG[stream] ?? []).reduce((state, event) => fold.evolve(state, event as Parameters<typeof fold.evolve>[1]), fold.initial),
  exists: async (stream) => LOG[stream] !== undefined,
};

const factsOf = (context: AnyContext, command: CommandMessage): Promise<unknown> => context.facts(reader, command, context.decider.initial, '2026-03-02T12:00:00.000Z');

const ada = { status: 'active', role: 'coordinator', zone: 'UTC' };
const unknown = { status: 'unknown' };
const money = { amountMinor: 1, currency: 'CHF' };

describe('what a decision from lead to client knows of other streams', () => {
  it('is the member that a lead is given to or was in touch with', async () => {
    const contact = build(RecordContact, { leadId: 'l1', memberId: 'ada', channel: 'call', direction: 'inbound' });
    for (const command of [build(CaptureLead, { leadId: 'l9', source: 'web', ownerId: 'ada' }), build(AssignLead, { leadId: 'l1', ownerId: 'ada' }), contact]) expect(await factsOf(leadContext, command)).toEqual({ member: ada, target: unknown });
    for (const command of [build(CaptureLead, { leadId: 'l9', source: 'web' }), build(AssignLead, { leadId: 'l1', ownerId: 'eve' }), build(QualifyLead, { leadId: 'l1' })]) expect(await factsOf(leadContext, command)).toEqual({ member: unknown, target: unknown });
  });

  it('is how the lead stands that another is merged into', async () => {
    const into = (intoLeadId: string) => factsOf(leadContext, build(MergeLead, { leadId: 'l3', intoLeadId }));
    expect(await into('l1')).toEqual({ member: unknown, target: { status: 'known' } });
    expect(await into('l2')).toEqual({ member: unknown, target: { status: 'merged', intoLeadId: 'l1' } });
    expect(await into('l9')).toEqual({ member: unknown, target: unknown });
  });

  it('is whether campaign and lead are there', async () => {
    expect(await factsOf(campaignContext, build(AttributeLead, { campaignId: 'spring', leadId: 'l9' }))).toEqual({ campaignExists: true, leadExists: false });
    expect(await factsOf(campaignContext, build(AttributeLead, { campaignId: 'autumn', leadId: 'l1' }))).toEqual({ campaignExists: false, leadExists: true });
    expect(await factsOf(campaignContext, build(EndCampaign, { campaignId: 'spring' }))).toEqual({ campaignExists: false, leadExists: false });
  });

  it('is the owner of a client, and where its renewal day ends', async () => {
    const onboard = build(OnboardClient, { clientId: 'k1', name: 'Roe', ownerId: 'ada', monthlyRevenue: money });
    expect(await factsOf(clientContext, onboard)).toEqual({ owner: ada, zone: 'UTC' });
    expect(await factsOf(clientContext, build(OnboardClient, { ...onboard, ownerId: 'eve', renewalOn: '2026-06-30' }))).toEqual({ owner: unknown, zone: 'Europe/Zurich' });
    expect(await factsOf(clientContext, build(RenewClient, { clientId: 'k1', renewalOn: '2026-06-30' }))).toEqual({ owner: unknown, zone: 'Europe/Zurich' });
    expect(await factsOf(clientContext, build(WinBackClient, { clientId: 'k1', monthlyRevenue: money, renewalOn: '2026-06-30' }))).toEqual({ owner: unknown, zone: 'Europe/Zurich' });
    expect(await factsOf(clientContext, build(ReassignClient, { clientId: 'k1', ownerId: 'ada' }))).toEqual({ owner: ada, zone: 'UTC' });
    expect(await factsOf(clientContext, build(ExpandClient, { clientId: 'k1', monthlyRevenue: money }))).toEqual({ owner: unknown, zone: 'UTC' });
  });

  it('is the owner and the subject of a survey', async () => {
    const send = build(SendSurvey, { surveyId: 's1', kind: 'nps', subject: { kind: 'deal', id: 'd1' }, ownerId: 'ada' });
    expect(await factsOf(surveyContext, send)).toEqual({ owner: ada, subjectExists: true });
    expect(await factsOf(surveyContext, build(SendSurvey, { ...send, subject: { kind: 'client', id: 'd1' }, ownerId: 'eve' }))).toEqual({ owner: unknown, subjectExists: false });
    expect(await factsOf(surveyContext, build(RecordSurveyAnswer, { surveyId: 's1', score: 9 }))).toEqual({ owner: unknown, subjectExists: false });
  });

  it('is who learns, who shares, what, and with whom', async () => {
    const nothing = { member: unknown, material: unknown, subjectExists: false };
    const share = build(ShareMaterial, { materialId: 'm1', subject: { kind: 'deal', id: 'd1' }, memberId: 'ada' });
    expect(await factsOf(enablementContext, build(AssignTraining, { trainingId: 't1', memberId: 'ada', course: 'Crates' }))).toEqual({ ...nothing, member: ada });
    expect(await factsOf(enablementContext, build(RecordCertification, { certificationId: 'c1', memberId: 'ada', certificate: 'Crates', issuedOn: '2026-01-10' }))).toEqual({ ...nothing, member: ada });
    expect(await factsOf(enablementContext, build(CompleteTraining, { trainingId: 't1' }))).toEqual(nothing);
    expect(await factsOf(enablementContext, share)).toEqual({ member: ada, material: { status: 'published', edition: '3' }, subjectExists: true });
    expect(await factsOf(enablementContext, build(ShareMaterial, { materialId: 'm9', subject: { kind: 'lead', id: 'd1' }, memberId: 'eve' }))).toEqual(nothing);
  });

  it('is the member whose work is logged', async () => {
    expect(await factsOf(workLogContext, build(LogWork, { workLogId: 'w1', memberId: 'ada', category: 'selling', minutes: 1, on: '2026-03-02' }))).toEqual({ member: ada });
    expect(await factsOf(workLogContext, build(CorrectWork, { workLogId: 'w1', minutes: 2, reason: 'typo' }))).toEqual({ member: unknown });
  });
});
