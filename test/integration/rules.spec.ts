import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EnableRule } from '../../libs/domain/automation/commands.js';
import { RULE_NAMES, type RuleName } from '../../libs/domain/automation/rule-names.js';
import { OpenCase, ResolveCase } from '../../libs/domain/case/commands.js';
import { OnboardClient } from '../../libs/domain/client/commands.js';
import { CloseDeal, OpenDeal } from '../../libs/domain/deal/commands.js';
import { RecordCertification } from '../../libs/domain/enablement/commands.js';
import { CompleteFollowUp, MarkFollowUpMissed, ScheduleFollowUp } from '../../libs/domain/follow-up/commands.js';
import { AssignLead, CaptureLead, QualifyLead } from '../../libs/domain/lead/commands.js';
import { HoldMeeting, ScheduleMeeting } from '../../libs/domain/meeting/commands.js';
import { AddMember, OffboardMember, RecordAbsence } from '../../libs/domain/member/commands.js';
import { DefinePipeline } from '../../libs/domain/policy/commands.js';
import { AllocateTask } from '../../libs/domain/task/commands.js';
import { rules } from '../../libs/domain/rules.js';
import { EventStoreLogSource } from '../../libs/eventstore/subscription.js';
import { build, type CommandMessage } from '../../libs/kernel/command.js';
import type { Recorded } from '../../libs/kernel/event.js';
import { isUndecodable } from '../../libs/projector/log-source.js';
import type { RuleAction } from '../../libs/rules/rule-actions.js';
import type { RuleWorker } from '../../libs/rules/rule-worker.js';
import { rulesOnRealParts, type RulesOnRealParts } from './rules-support.js';
import { until } from './timers/until.js';

const ACTED_MS_MAX = 900_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const day = (days: number): string => inMs(days * DAY_MS).slice(0, 10);
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

let parts: RulesOnRealParts;
let worker: RuleWorker;

beforeAll(async () => {
  parts = await rulesOnRealParts();
  worker = await parts.startWorker();
  await parts.send(build(DefinePipeline, { pipelineId: 'default', name: 'Sales', stages: [{ stage: 'talks', name: 'Talks', probabilityPercent: 50 }] }));
  await parts.send(build(AddMember, { memberId: 'max', name: 'Max', role: 'manager', zone: 'UTC' }));
  await parts.send(build(AddMember, { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'UTC', managerId: 'max' }));
});
afterAll(() => parts.stop());

const enable = (ruleId: RuleName, settings = {}): Promise<unknown> => parts.send(build(EnableRule, { ruleId, settings }));
const actionsOf = async (rule: string): Promise<readonly RuleAction[]> => (await parts.get<{ actions: RuleAction[] }>(`/v1/rules/${rule}/actions?limit=500`)).actions;
/** Sends, waits until the rules have acted upon it, and gives what was written by them. */
async function causes(rule: RuleName, command: CommandMessage, occurredAt?: string): Promise<readonly Recorded[]> {
  const { events, position } = await parts.send(command, { ...(occurredAt && { occurredAt }) });
  await worker.reached(position);
  const done = (await actionsOf(rule)).filter(({ cause }) => events.some(({ id }) => id === cause.id));
  return writtenBy(done);
}
async function writtenBy(actions: readonly RuleAction[]): Promise<readonly Recorded[]> {
  const written: Recorded[] = [];
  for (const { aggregateId, events, outcome, detail } of actions) {
    expect({ outcome, detail }).toEqual({ outcome: 'carried_out', detail: null });
    for (const category of ['lead', 'followUp', 'task', 'client', 'contract', 'survey', 'deal', 'case']) written.push(...(await parts.log.read(`${category}-${aggregateId}`)).filter(({ id }) => events.some((event) => event.id === id)));
  }
  return written;
}
/** Waits for what comes due by time. */
async function comesDue(rule: RuleName, count: number, about: (action: RuleAction) => boolean): Promise<readonly Recorded[]> {
  let done: readonly RuleAction[] = [];
  await until(async () => (done = (await actionsOf(rule)).filter(about)).length >= count, ACTED_MS_MAX);
  return writtenBy(done);
}
async function newLead(ownerId?: string): Promise<string> {
  const leadId = randomUUID();
  const { position } = await parts.send(build(CaptureLead, { leadId, source: 'web', company: 'Vela Marine', ...(ownerId && { ownerId }) }));
  if (!ownerId) await worker.reached(position); // a rule may give it to somebody; what a test does next comes after that
  return leadId;
}
async function wonDeal(rule: RuleName): Promise<{ dealId: string; written: readonly Recorded[] }> {
  const dealId = randomUUID();
  await parts.send(build(OpenDeal, { dealId, name: 'Crates', ownerId: 'ada', value: eur(120_000), company: 'Vela Marine' }));
  return { dealId, written: await causes(rule, build(CloseDeal, { dealId, outcome: 'won' })) };
}

describe('the rules of a company', () => {
  it('are those that can be switched on', () => {
    expect(new Set(rules.map(({ name }) => name))).toEqual(new Set(RULE_NAMES));
    for (const rule of rules) expect((rule.on as readonly string[]).filter((type) => !rule.react && type)).toEqual([]);
  });

  it('do nothing until they are switched on', async () => {
    expect(await causes('assign_lead', build(CaptureLead, { leadId: randomUUID(), source: 'web', company: 'Roe' }))).toEqual([]);
  });

  it('assign a new lead, in the name of the rule and with the lead as its cause', async () => {
    await enable('assign_lead', { roles: ['coordinator'] });
    const leadId = randomUUID();
    const [assigned] = await causes('assign_lead', build(CaptureLead, { leadId, source: 'web', company: 'Roe' }));
    const [captured] = await parts.log.read(`lead-${leadId}`);
    expect(assigned).toMatchObject({ type: 'LeadAssigned', data: { ownerId: 'ada' }, actor: { id: 'rule:assign_lead', role: 'system' }, causationId: captured!.id, correlationId: captured!.correlationId, occurredAt: captured!.occurredAt });
  });

  it('plan the first follow-up when a lead is qualified', async () => {
    await enable('first_follow_up');
    const leadId = await newLead('ada');
    expect(await causes('first_follow_up', build(QualifyLead, { leadId }))).toMatchObject([{ type: 'FollowUpScheduled', data: { subject: { kind: 'lead', id: leadId }, ownerId: 'ada' } }]);
  });

  it('plan the next follow-up when one is done', async () => {
    await enable('follow_up_cadence');
    const leadId = await newLead('ada');
    const { id: followUpId } = await parts.send(build(ScheduleFollowUp, { followUpId: randomUUID(), subject: { kind: 'lead', id: leadId }, ownerId: 'ada', dueAt: inMs(HOUR_MS) }));
    expect(await causes('follow_up_cadence', build(CompleteFollowUp, { followUpId, outcome: 'no_answer' }))).toMatchObject([{ type: 'FollowUpScheduled', data: { subject: { kind: 'lead', id: leadId } } }]);
  });

  it('turn to the manager after the second miss', async () => {
    await enable('escalate_after_second_miss');
    const leadId = await newLead('ada');
    const missed: (readonly Recorded[])[] = [];
    for (const hours of [3, 2]) {
      const dueAt = inMs(-hours * HOUR_MS);
      const { id: followUpId } = await parts.send(build(ScheduleFollowUp, { followUpId: randomUUID(), subject: { kind: 'lead', id: leadId }, ownerId: 'ada', dueAt }), { occurredAt: inMs(-DAY_MS) });
      missed.push(await causes('escalate_after_second_miss', build(MarkFollowUpMissed, { followUpId, dueAt }), dueAt));
    }
    expect(missed).toMatchObject([[], [{ type: 'TaskAllocated', data: { ownerId: 'max', subject: { kind: 'lead', id: leadId } } }]]);
  });

  it('follow up a meeting that was held', async () => {
    await enable('meeting_follow_up');
    const leadId = await newLead('ada');
    const { id: meetingId } = await parts.send(build(ScheduleMeeting, { meetingId: randomUUID(), subject: { kind: 'lead', id: leadId }, title: 'Demo', ownerId: 'ada', startsAt: inMs(-2 * HOUR_MS), endsAt: inMs(-HOUR_MS) }));
    expect(await causes('meeting_follow_up', build(HoldMeeting, { meetingId, outcome: 'progressed' }))).toMatchObject([{ type: 'FollowUpScheduled', data: { subject: { kind: 'lead', id: leadId } } }]);
  });

  it('onboard the client of a won deal, allocate its tasks and draft its contract', async () => {
    await Promise.all([enable('onboard_won_deal'), enable('onboarding_task'), enable('contract_for_won_deal')]);
    const { dealId, written } = await wonDeal('onboard_won_deal');
    expect(written).toMatchObject([{ type: 'ClientOnboarded', data: { name: 'Vela Marine', ownerId: 'ada', monthlyRevenue: eur(10_000), dealId } }]);
    await worker.reached(written[0]!.position);
    const tasks = (await actionsOf('onboarding_task')).filter(({ cause }) => cause.id === written[0]!.id);
    expect((await writtenBy(tasks)).map(({ type, correlationId }) => ({ type, correlationId }))).toEqual(Array(3).fill({ type: 'TaskAllocated', correlationId: written[0]!.correlationId }));
    const contract = (await actionsOf('contract_for_won_deal')).filter(({ cause }) => cause.stream === `deal-${dealId}`);
    expect(await writtenBy(contract)).toMatchObject([{ type: 'ContractDrafted', data: { dealId, ownerId: 'ada' } }]);
  });

  it('send a survey when a case is resolved', async () => {
    await enable('survey_after_resolution');
    const leadId = await newLead('ada');
    const { id: caseId } = await parts.send(build(OpenCase, { caseId: randomUUID(), kind: 'issue', subject: { kind: 'lead', id: leadId }, ownerId: 'ada', title: 'Late' }));
    expect(await causes('survey_after_resolution', build(ResolveCase, { caseId, resolution: 'sent' }))).toMatchObject([{ type: 'SurveySent', data: { caseId, ownerId: 'ada' } }]);
  });

  it('remind of a renewal and of a certificate ahead of their days, once', async () => {
    await Promise.all([enable('renewal_reminder'), enable('certificate_reminder')]);
    const clientId = randomUUID();
    await parts.send(build(OnboardClient, { clientId, name: 'Orla', ownerId: 'ada', monthlyRevenue: eur(1), renewalOn: day(10) }));
    await parts.send(build(RecordCertification, { certificationId: 'k1', memberId: 'ada', certificate: 'Crane', issuedOn: day(-300), expiresOn: day(20) }));
    expect(await comesDue('renewal_reminder', 1, ({ cause }) => cause.id.includes(clientId))).toMatchObject([{ type: 'TaskAllocated', data: { title: 'Renewal of Orla', ownerId: 'ada', subject: { kind: 'client', id: clientId } } }]);
    expect(await comesDue('certificate_reminder', 1, () => true)).toMatchObject([{ type: 'TaskAllocated', data: { title: 'Renew the certificate Crane', ownerId: 'ada' } }]);
  });

  it('hand the open work of one who leaves to others', async () => {
    await enable('reassign_on_departure');
    await parts.send(build(AddMember, { memberId: 'zoe', name: 'Zoe', role: 'coordinator', zone: 'UTC' }));
    const leadId = await newLead();
    await parts.send(build(AssignLead, { leadId, ownerId: 'zoe' }));
    const dealId = (await parts.send(build(OpenDeal, { dealId: randomUUID(), name: 'Crates', ownerId: 'zoe', value: eur(1) }))).id;
    const taskId = (await parts.send(build(AllocateTask, { taskId: randomUUID(), title: 'Call', ownerId: 'zoe', dueAt: inMs(DAY_MS) }))).id;
    const followUpId = (await parts.send(build(ScheduleFollowUp, { followUpId: randomUUID(), subject: { kind: 'deal', id: dealId }, ownerId: 'zoe', dueAt: inMs(DAY_MS) }))).id;
    const caseId = (await parts.send(build(OpenCase, { caseId: randomUUID(), kind: 'issue', subject: { kind: 'deal', id: dealId }, ownerId: 'zoe', title: 'Late' }))).id;
    const clientId = (await parts.send(build(OnboardClient, { clientId: randomUUID(), name: 'Roe', ownerId: 'zoe', monthlyRevenue: eur(1) }))).id;
    await parts.send(build(OffboardMember, { memberId: 'zoe' }));
    // The tasks of that client's onboarding are handed on as well.
    const written = await comesDue('reassign_on_departure', 10, ({ cause }) => cause.id.startsWith('left|zoe'));
    expect(written.map(({ type, stream, data }) => ({ type, stream, ...data }))).toEqual(expect.arrayContaining([
      expect.objectContaining({ type: 'LeadAssigned', stream: `lead-${leadId}`, ownerId: 'ada' }), expect.objectContaining({ type: 'DealReassigned', stream: `deal-${dealId}`, ownerId: 'ada' }),
      expect.objectContaining({ type: 'TaskReassigned', stream: `task-${taskId}`, ownerId: 'ada' }), expect.objectContaining({ type: 'CaseEscalated', stream: `case-${caseId}`, ownerId: 'ada' }),
      expect.objectContaining({ type: 'ClientReassigned', stream: `client-${clientId}`, ownerId: 'ada' }), expect.objectContaining({ type: 'FollowUpScheduled', subject: { kind: 'deal', id: dealId }, ownerId: 'ada' }),
      expect.objectContaining({ type: 'FollowUpCancelled', stream: `followUp-${followUpId}` }),
    ]));
  });

  it('hand on what falls due while one is away for long, and leave the rest', async () => {
    await parts.send(build(AddMember, { memberId: 'yan', name: 'Yan', role: 'coordinator', zone: 'UTC' }));
    const task = async (dueInDays: number): Promise<string> => (await parts.send(build(AllocateTask, { taskId: randomUUID(), title: 'Call', ownerId: 'yan', dueAt: inMs(dueInDays * DAY_MS) }))).id;
    const [meanwhile, after] = [await task(3), await task(30)];
    await parts.send(build(RecordAbsence, { memberId: 'yan', firstDay: day(0), lastDay: day(10), reason: 'leave' }));
    const written = await comesDue('reassign_on_departure', 1, ({ cause }) => cause.id.startsWith('away|yan'));
    expect(written).toMatchObject([{ type: 'TaskReassigned', stream: `task-${meanwhile}`, data: { from: 'yan', ownerId: 'ada' } }]);
    expect(await parts.log.read(`task-${after}`)).toHaveLength(1);
  });

  it('are listed with what they did, why, and how many minutes that saved', async () => {
    const { rules: listed } = await parts.get<{ rules: { name: string; enabled: boolean; settings: object; counts: Record<string, number>; minutesSaved: number; lastActions: RuleAction[] }[] }>('/v1/rules');
    expect(listed.map(({ name }) => name).sort()).toEqual([...RULE_NAMES].sort());
    const assign = listed.find(({ name }) => name === 'assign_lead')!;
    expect(assign).toMatchObject({ enabled: true, settings: { roles: ['coordinator'], byTerritory: true, minutesSaved: 4 } });
    expect(assign.minutesSaved).toBe(4 * assign.counts['carried_out']!);
    expect(assign.lastActions[0]).toMatchObject({ outcome: 'carried_out', commandType: 'AssignLead', because: expect.stringContaining('open items') as unknown, cause: { type: 'LeadCaptured' } });
  });

  it('page what a rule did', async () => {
    const all = await actionsOf('reassign_on_departure');
    const first = await parts.get<{ actions: RuleAction[]; next: number }>('/v1/rules/reassign_on_departure/actions?limit=3');
    const rest = await parts.get<{ actions: RuleAction[]; next: number | null }>(`/v1/rules/reassign_on_departure/actions?limit=500&before=${first.next}`);
    expect([...first.actions, ...rest.actions]).toEqual(all);
    expect(rest.next).toBeNull();
    await expect(parts.get('/v1/rules/make_coffee/actions')).rejects.toThrow('404');
    await expect(parts.get('/v1/rules/assign_lead/actions?limit=0')).rejects.toThrow('400');
  });

  it('say what one would have done, other settings given, and send nothing', async () => {
    const before = await parts.log.head();
    const asked = { from: inMs(-30 * DAY_MS), to: inMs(HOUR_MS), settings: { roles: ['manager'], coffee: true } };
    const { status, body } = await parts.post<{ commands: number; complete: boolean; unheeded: string[]; minutesSaved: number; wouldDo: { command: { fields: { ownerId: string } } }[] }>('/v1/rules/assign_lead/dry-run', asked);
    expect({ status, complete: body.complete, unheeded: body.unheeded }).toEqual({ status: 200, complete: true, unheeded: ['coffee'] });
    // All leads that nobody owned: also the one from before the rule was switched on.
    expect(body.commands).toBe((await actionsOf('assign_lead')).length + 1);
    expect(new Set(body.wouldDo.map(({ command }) => command.fields.ownerId))).toEqual(new Set(['max']));
    expect(body.minutesSaved).toBe(4 * body.commands);
    expect(await parts.log.head()).toBe(before);
    expect((await parts.post('/v1/rules/assign_lead/dry-run', { from: 'x', to: 'y' })).status).toBe(400);
    expect((await parts.post('/v1/rules/make_coffee/dry-run', asked)).status).toBe(404);
  });

  it('do nothing twice when the whole log is delivered again and all that was noted of it is lost, what came due included', async () => {
    await worker.stop();
    const head = await parts.log.head();
    await parts.store.query('DELETE FROM rule_action');
    await parts.store.query('DELETE FROM rule_snapshot');
    await parts.store.query('UPDATE rule_checkpoint SET position = -1');
    worker = await parts.startWorker();
    await worker.reached(head);
    // Comes due last: whoever acts upon it has looked at all that had come due before.
    const { id: clientId } = await parts.send(build(OnboardClient, { clientId: randomUUID(), name: 'Last', ownerId: 'ada', monthlyRevenue: eur(1), renewalOn: day(10) }));
    const [reminder] = await comesDue('renewal_reminder', 1, ({ cause }) => cause.id.includes(clientId));
    const written: Recorded[] = [];
    for await (const page of new EventStoreLogSource(parts.log).subscribe({ afterPosition: head, eventTypes: [], signal: AbortSignal.timeout(ACTED_MS_MAX) })) {
      for (const entry of page.events) if (!isUndecodable(entry)) written.push(entry);
      if (page.lastPosition >= reminder!.position) break;
    }
    expect(written.map(({ type, data }) => ('clientId' in data || ('subject' in data && Object(data.subject).id === clientId) ? 'of the new client' : type)).filter((what) => what !== 'of the new client')).toEqual([]);
    expect((await actionsOf('assign_lead')).map(({ outcome }) => outcome)).toContain('carried_out');
  });

  it('had nothing to report', () => expect(parts.reports).toEqual([]));
});
