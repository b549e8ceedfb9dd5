import { describe, expect, it } from '@jest/globals';
import { build, type CommandMessage } from '../kernel/command.js';
import type { AnyContext, StreamReader } from '../kernel/context.js';
import type { DomainEvent } from '../kernel/event.js';
import { bonusContext } from './bonus/bonus.context.js';
import { DefineBonusPlan, type BonusCommand } from './bonus/commands.js';
import { caseContext } from './case/case.context.js';
import { EscalateCase, KeepPromise, OpenCase, PromiseToClient, ReopenCase, RespondToCase } from './case/commands.js';
import { DraftContract } from './contract/commands.js';
import { contractContext } from './contract/contract.context.js';
import { CloseDeal, MoveDealStage, OpenDeal, ReassignDeal, SplitDealCredit } from './deal/commands.js';
import { dealContext } from './deal/deal.context.js';
import { ScheduleMeeting } from './meeting/commands.js';
import { meetingContext } from './meeting/meeting.context.js';
import { AddMember } from './member/commands.js';
import type { MemberEvent } from './member/events.js';
import { memberContext } from './member/member.context.js';
import type { PolicyEvent } from './policy/events.js';
import { SetTarget } from './target/commands.js';
import { targetContext } from './target/target.context.js';
import { AllocateTask, ReassignTask } from './task/commands.js';
import { taskContext } from './task/task.context.js';

const added = (memberId: string, zone: string): MemberEvent => ({ type: 'MemberAdded', data: { memberId, name: memberId, role: 'coordinator', zone } });
const benHours = { zone: 'Asia/Tokyo', weekdays: [1, 2], hours: { from: '10:00', to: '12:00' }, holidays: [] };
const policy: PolicyEvent = {
  type: 'PolicySet',
  data: { policyId: 'settings', settings: { zone: 'Europe/Zurich', currency: 'CHF', caseResponseMinutes: 60, caseResolutionMinutes: 120, contractTurnaroundDays: 5, businessDays: [1, 2, 3], businessHours: { from: '08:00', to: '12:00' }, holidays: ['2026-08-01'] } },
};
const stages = [{ stage: 'new', name: 'New', probabilityPercent: 10 }];
const companyHours = { zone: 'Europe/Zurich', weekdays: [1, 2, 3], hours: { from: '08:00', to: '12:00' }, holidays: ['2026-08-01'] };
const something: DomainEvent = { type: 'Something', data: {} };

/** A log of a few streams, named as the engine names them. */
const LOG: Readonly<Record<string, readonly DomainEvent[]>> = {
  'member-ada': [added('ada', 'UTC')],
  'member-ben': [added('ben', 'UTC'), { type: 'WorkCalendarSet', data: { memberId: 'ben', ...benHours } }],
  'policy-settings': [policy],
  'policy-pipeline.default': [{ type: 'PipelineDefined', data: { policyId: 'pipeline.default', pipelineId: 'default', name: 'New', stages } }],
  'policy-pipeline.renewals': [{ type: 'PipelineDefined', data: { policyId: 'pipeline.renewals', pipelineId: 'renewals', name: 'Renewals', stages: [] } }],
  'lead-l1': [something], 'deal-d1': [something], 'client-c1': [something],
};

const reader: StreamReader = {
  // What the log above holds for a stream is what the stream's context would have written.
  fold: async (stream, fold) => (LOG[stream] ?? []).reduce((state, event) => fold.evolve(state, event as Parameters<typeof fold.evolve>[1]), fold.initial),
  exists: async (stream) => LOG[stream] !== undefined,
};

const factsOf = (context: AnyContext, command: CommandMessage, state: unknown = context.decider.initial): Promise<unknown> => context.facts(reader, command, state, at);

const ada = { status: 'active', role: 'coordinator', zone: 'UTC' };
const ben = { ...ada, zone: 'Asia/Tokyo' };
const unknown = { status: 'unknown' };
const at = '2026-03-02T12:00:00.000Z';
const value = { amountMinor: 1, currency: 'CHF' };

describe('what a decision knows of other streams', () => {
  it('is the manager of a new member', async () => {
    const add = build(AddMember, { memberId: 'cy', name: 'Cy', role: 'coordinator', zone: 'UTC' });
    expect(await factsOf(memberContext, add)).toEqual({ manager: unknown });
    expect(await factsOf(memberContext, build(AddMember, { ...add, managerId: 'ada' }))).toEqual({ manager: ada });
  });

  it('is the pipeline, owner and lead of a new deal', async () => {
    const open = build(OpenDeal, { dealId: 'd9', name: 'Deal', ownerId: 'ben', value });
    expect(await factsOf(dealContext, open)).toMatchObject({ stages, owner: ben, leadExists: false });
    expect(await factsOf(dealContext, build(OpenDeal, { ...open, pipelineId: 'renewals', leadId: 'l1' }))).toMatchObject({ stages: [], leadExists: true });
    expect(await factsOf(dealContext, build(OpenDeal, { ...open, pipelineId: 'none', leadId: 'l9' }))).toMatchObject({ stages: undefined, leadExists: false });
  });

  it('is the pipeline a deal is in, and the members it goes to', async () => {
    const deal = { status: 'open', pipelineId: 'renewals' };
    expect(await factsOf(dealContext, build(MoveDealStage, { dealId: 'd1', stage: 'new' }), deal)).toMatchObject({ stages: [] });
    expect(await factsOf(dealContext, build(ReassignDeal, { dealId: 'd1', ownerId: 'ben' }), deal)).toMatchObject({ owner: ben });
    expect(await factsOf(dealContext, build(SplitDealCredit, { dealId: 'd1', shares: [{ memberId: 'ada', percent: 50 }, { memberId: 'eve', percent: 50 }] }), deal)).toMatchObject({ shareMembers: new Map<string, object>([['ada', ada], ['eve', unknown]]) });
    expect(await factsOf(dealContext, build(CloseDeal, { dealId: 'd1', outcome: 'won' }), deal)).toMatchObject({ stages: undefined, owner: unknown });
  });

  it('is who takes part in a meeting and what it is about', async () => {
    const schedule = build(ScheduleMeeting, { meetingId: 'm1', subject: { kind: 'deal', id: 'd1' }, title: 'Demo', ownerId: 'ada', attendeeIds: ['ben', 'eve'], startsAt: at, endsAt: at });
    expect(await factsOf(meetingContext, schedule)).toEqual({ owner: ada, attendees: new Map<string, object>([['ben', ben], ['eve', unknown]]), subjectExists: true });
  });

  it('is the deal of a contract and the company’s turnaround, on the calendar of its owner', async () => {
    expect(await factsOf(contractContext, build(DraftContract, { contractId: 'k1', dealId: 'd1', ownerId: 'ada' }))).toEqual({ owner: ada, dealExists: true, turnaroundDays: 5, zone: 'UTC' });
  });

  it('is the hours of a case’s owner, or the company’s in their zone where they set none', async () => {
    const open = build(OpenCase, { caseId: 'q1', kind: 'issue', subject: { kind: 'client', id: 'c1' }, ownerId: 'ada', title: 'Invoice' });
    expect(await factsOf(caseContext, open)).toEqual({ owner: ada, member: unknown, subjectExists: true, clientExists: false, calendar: { ...companyHours, zone: 'UTC' }, responseMinutes: 60, resolutionMinutes: 120 });
    expect(await factsOf(caseContext, build(OpenCase, { ...open, ownerId: 'ben', clientId: 'c1' }))).toMatchObject({ owner: ben, clientExists: true, calendar: benHours });
  });

  it('is who answers, takes over or promises in a case, by its owner’s hours', async () => {
    const open = { status: 'open', ownerId: 'ben', owners: [] };
    expect(await factsOf(caseContext, build(RespondToCase, { caseId: 'q1', responseId: 'a1', memberId: 'ada' }), open)).toMatchObject({ member: ada, calendar: benHours });
    expect(await factsOf(caseContext, build(ReopenCase, { caseId: 'q1', reason: 'again' }), open)).toMatchObject({ calendar: benHours, resolutionMinutes: 120 });
    expect(await factsOf(caseContext, build(EscalateCase, { caseId: 'q1', ownerId: 'ada', reason: 'again' }), open)).toMatchObject({ owner: ada });
    expect(await factsOf(caseContext, build(PromiseToClient, { caseId: 'q1', promiseId: 'p1', promise: 'a call', dueAt: at, memberId: 'ada' }), open)).toMatchObject({ member: ada });
    expect(await factsOf(caseContext, build(KeepPromise, { caseId: 'q1', promiseId: 'p1' }), open)).toMatchObject({ member: unknown });
  });

  it('is the owner and subject of a task', async () => {
    const allocate = build(AllocateTask, { taskId: 't1', title: 'Offer', ownerId: 'ada', dueAt: at, subject: { kind: 'lead', id: 'l1' } });
    expect(await factsOf(taskContext, allocate)).toEqual({ owner: ada, subjectExists: true });
    expect(await factsOf(taskContext, build(ReassignTask, { taskId: 't1', ownerId: 'ben' }))).toEqual({ owner: ben, subjectExists: false });
  });

  it('is the member a target is for, and the company’s currency and zone', async () => {
    const set = build(SetTarget, { targetId: 'g1', metric: 'won_deals', scope: 'member', scopeId: 'ben', period: { from: '2026-01-01', to: '2026-01-31' }, amount: 1 });
    expect(await factsOf(targetContext, set)).toEqual({ member: ben, currency: 'CHF', zone: 'Europe/Zurich' });
    expect(await factsOf(targetContext, build(SetTarget, { ...set, scope: 'team', scopeId: 'ben' }))).toMatchObject({ member: unknown });
  });

  it('is which members a bonus plan names in vain', async () => {
    const define: BonusCommand = build(DefineBonusPlan, { planId: 'b1', name: 'Plan', metric: 'won_deals', periodKind: 'month', memberIds: ['ada', 'eve'], tiers: [{ attainmentPercentFrom: 100, amountMinor: 1 }], clawback: true, effectiveFrom: '2026-01-01' });
    expect(await factsOf(bonusContext, define)).toEqual({ unknownMemberIds: ['eve'], currency: 'CHF' });
  });
});

describe('what a decision knows of the past', () => {
  const JANUARY = '2026-01-05T09:00:00.000Z';
  const FEBRUARY = '2026-02-10T12:00:00.000Z';
  const march = [{ stage: 'lead', name: 'Lead', probabilityPercent: 5 }];
  const dated = (event: DomainEvent, occurredAt: string): DomainEvent => ({ ...event, occurredAt } as DomainEvent); // a recorded event is an event
  const PAST: Readonly<Record<string, readonly DomainEvent[]>> = {
    'policy-pipeline.default': [
      dated({ type: 'PipelineDefined', data: { policyId: 'pipeline.default', pipelineId: 'default', name: 'New', stages } }, JANUARY),
      dated({ type: 'PipelineDefined', data: { policyId: 'pipeline.default', pipelineId: 'default', name: 'New', stages: march } }, '2026-03-01T00:00:00.000Z'),
    ],
    'policy-settings': [dated({ type: 'PolicySet', data: { policyId: 'settings', settings: { caseResponseMinutes: 60, contractTurnaroundDays: 5 } } }, JANUARY), dated({ type: 'PolicySet', data: { policyId: 'settings', settings: { caseResponseMinutes: 30 } } }, '2026-03-01T00:00:00.000Z')],
    'member-ben': [
      dated(added('ben', 'UTC'), JANUARY), dated({ type: 'RoleChanged', data: { memberId: 'ben', role: 'manager', from: 'coordinator' } }, '2026-03-01T00:00:00.000Z'),
      dated({ type: 'WorkCalendarSet', data: { memberId: 'ben', ...benHours, hours: { from: '06:00', to: '08:00' } } }, '2026-03-01T00:00:00.000Z'),
      dated({ type: 'WorkCalendarSet', data: { memberId: 'ben', ...benHours } }, '2026-02-01T00:00:00.000Z'),
      dated({ type: 'RoleChanged', data: { memberId: 'ben', role: 'executive', from: 'coordinator' } }, '2026-02-01T00:00:00.000Z'),
    ],
  };
  const past: StreamReader = {
    fold: async (stream, fold) => (PAST[stream] ?? []).reduce((state, event) => fold.evolve(state, event as Parameters<typeof fold.evolve>[1]), fold.initial), // as above
    exists: async (stream) => PAST[stream] !== undefined,
  };
  const factsThen = (context: AnyContext, command: CommandMessage, state: unknown, occurredAt: string): Promise<unknown> => context.facts(past, command, state, occurredAt);
  const executive = { status: 'active', role: 'executive', zone: 'Asia/Tokyo' };

  it('is the stages that the pipeline had then', async () => {
    const open = build(OpenDeal, { dealId: 'd9', name: 'Deal', ownerId: 'ben', value });
    const moved = build(MoveDealStage, { dealId: 'd1', stage: 'new' });
    const deal = { status: 'open', pipelineId: 'default' };
    expect(await factsThen(dealContext, open, { status: 'absent' }, FEBRUARY)).toMatchObject({ stages, owner: executive });
    expect(await factsThen(dealContext, open, { status: 'absent' }, at)).toMatchObject({ stages: march, owner: { ...executive, role: 'manager' } });
    expect(await factsThen(dealContext, moved, deal, FEBRUARY)).toMatchObject({ stages });
    expect(await factsThen(dealContext, moved, deal, '2025-06-01T00:00:00.000Z')).toMatchObject({ stages });
  });
  it('is the service levels, hours and turnaround of then', async () => {
    const open = build(OpenCase, { caseId: 'q1', kind: 'issue', subject: { kind: 'client', id: 'c1' }, ownerId: 'ben', title: 'Invoice' });
    expect(await factsThen(caseContext, open, { status: 'absent' }, FEBRUARY)).toMatchObject({ responseMinutes: 60, calendar: benHours });
    expect(await factsThen(caseContext, open, { status: 'absent' }, at)).toMatchObject({ responseMinutes: 30, calendar: { ...benHours, hours: { from: '06:00', to: '08:00' } } });
    expect(await factsThen(contractContext, build(DraftContract, { contractId: 'k1', dealId: 'd1', ownerId: 'ben' }), { status: 'absent' }, FEBRUARY)).toMatchObject({ turnaroundDays: 5 });
  });
});
