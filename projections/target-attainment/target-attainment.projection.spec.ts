import { describe, it } from '@jest/globals';
import { projectionSpec } from '../../libs/testing/projection-spec.js';
import { targetAttainment } from './target-attainment.projection.js';

const { given } = projectionSpec(targetAttainment);
const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T09:00:00.000Z`;
const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const SHARES = [{ memberId: 'ada', percent: 67 }, { memberId: 'bob', percent: 33 }];

const opened = { type: 'DealOpened', data: { dealId: 'd1', name: 'Deal', ownerId: 'ada', pipelineId: 'p', stage: 'proposal', value: EUR(1_000), leadId: 'l1', expectedCloseOn: '2026-02-01' }, occurredAt: day(1) } as const;
const won = (on: number, amount = 1_000, ownerId = 'ada') => ({ type: 'DealClosed', data: { dealId: 'd1', outcome: 'won', value: EUR(amount), ownerId, stage: 'proposal' }, occurredAt: day(on) }) as const;
const reopened = (on: number, amount = 1_000) => ({ type: 'DealReopened', data: { dealId: 'd1', outcome: 'won', value: EUR(amount), ownerId: 'ada', stage: 'legal', reason: 'cancelled' }, occurredAt: day(on) }) as const;
const handed = { type: 'DealReassigned', data: { dealId: 'd1', ownerId: 'bob', from: 'ada' } } as const;

describe('a deal towards a target', () => {
  it('is in the pipeline while open, with each share of its credit', () => {
    given(opened, { type: 'DealCreditSplit', data: { dealId: 'd1', shares: SHARES } }).thenRows('open_deal', { member_id: 'ada', percent: 67, value_minor: 670 }, { member_id: 'bob', percent: 33, value_minor: 330 });
    given(opened, won(2)).thenRows('open_deal');
  });
  it('counts when it is won, and is taken back when it is reopened, in the time of the reopening', () =>
    given(opened, won(2), reopened(9)).thenRows('achievement',
      { kind: 'won', value_minor: 1_000, percent: 100, occurred_at: day(2), roster_at: day(2), reversed_at: day(9), credited: 'always' },
      { kind: 'reversed', value_minor: -1_000, percent: -100, occurred_at: day(9), roster_at: day(2), reversed_at: null, credited: 'always' }));
  it('does not count when it is lost, nor is that taken back', () =>
    given(opened, { type: 'DealClosed', data: { dealId: 'd1', outcome: 'lost', value: EUR(1), ownerId: 'ada', stage: 'proposal', reason: 'price' } }, { type: 'DealReopened', data: { dealId: 'd1', outcome: 'lost', value: EUR(1), ownerId: 'ada', stage: 'proposal', reason: 'again' } }).thenRows('achievement'));
  it('once handed over is credited to both: then and now', () =>
    given(opened, won(2), reopened(9), handed).thenRows('achievement',
      { kind: 'won', credited: 'at-event', member_id: 'ada' }, { kind: 'reversed', credited: 'at-event', member_id: 'ada' }, { kind: 'won', credited: 'current', member_id: 'bob' }, { kind: 'reversed', credited: 'current', member_id: 'bob' }));
  it('counts again when it is won again', () =>
    given(opened, won(2), reopened(9), won(12, 1_200)).thenRows('achievement', { kind: 'won', value_minor: 1_000 }, { kind: 'reversed', value_minor: -1_000 }, { kind: 'won', value_minor: 1_200 }));
});

describe('work towards a target', () => {
  const qualified = { type: 'LeadQualified', data: { leadId: 'l1', ownerId: 'ada' }, occurredAt: day(3) } as const;
  const captured = { type: 'LeadCaptured', data: { leadId: 'l1', source: 'web', contact: {}, ownerId: 'ada' } } as const;
  it('is a lead when it is first qualified', () =>
    given(captured, qualified, { ...qualified, occurredAt: day(8) }).thenRows('achievement', { kind: 'qualified', subject: 'lead', occurred_at: day(3), member_id: 'ada' }));
  it('is no lead that was merged into another', () => given(captured, qualified, { type: 'LeadMerged', data: { leadId: 'l1', intoLeadId: 'l2' } }).thenRows('achievement'));
  it('is a meeting when it was held', () => {
    const scheduled = { type: 'MeetingScheduled', data: { meetingId: 'm1', subject: { kind: 'deal', id: 'd1' }, title: 'Demo', ownerId: 'ada', attendeeIds: ['bob'], startsAt: day(4), endsAt: day(4), zone: 'UTC' } } as const;
    given(scheduled).thenRows('achievement');
    given(scheduled, { type: 'MeetingHeld', data: { meetingId: 'm1', outcome: 'progressed' }, occurredAt: day(4) }).thenRows('achievement', { kind: 'held', subject_id: 'm1', member_id: 'ada', occurred_at: day(4) });
  });
});

describe('a target', () => {
  const set = { type: 'TargetSet', data: { targetId: 't', metric: 'booked_value', scope: 'company', period: { from: '2026-01-01', to: '2026-03-31' }, amount: 100, currency: 'EUR', zone: 'UTC', weights: [1, 2, 3] } } as const;
  it('stands as it was set and as it was revised', () =>
    given(set, { type: 'TargetRevised', data: { targetId: 't', amount: 150, from: 100, currency: 'EUR', reason: 'more' }, occurredAt: day(9) }).thenRows('target', { amount: 150, weights: null, revised_at: day(9), set_amount: 100, set_weights: [1, 2, 3], withdrawn_at: null }));
  it('stands as it was last revised by when that happened, and before a late entry as was known then', () => {
    const revised = (amount: number, on: number) => ({ type: 'TargetRevised', data: { targetId: 't', amount, from: 100, currency: 'EUR', reason: 'x' }, occurredAt: day(on) }) as const;
    given(set, revised(300, 20), revised(200, 10)).thenRows('target', { amount: 300, revised_at: day(20) });
    given(set, revised(300, 20), revised(200, 10)).thenRows('revision', { revision: 1, from_amount: 100, amount: 200, revised_at: day(10) }, { revision: 2, from_amount: 200, amount: 300, revised_at: day(20) });
    given(set, revised(200, 10), revised(300, 5)).asOf({ event: 2 }).thenRows('target', { amount: 200 });
  });
  it('was what it was before it was revised', () =>
    given(set, { type: 'TargetRevised', data: { targetId: 't', amount: 150, from: 100, currency: 'EUR', reason: 'more' } }).asOf({ event: 1 }).thenRows('target', { amount: 100, weights: [1, 2, 3], revised_at: null }));
});

describe('the staff', () => {
  const added = { type: 'MemberAdded', data: { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'UTC', teamId: 'north' }, occurredAt: day(1) } as const;
  it('changes team from the day it happened, however late it is told', () =>
    given(added, { type: 'MemberMovedToTeam', data: { memberId: 'ada', teamId: 'south' }, occurredAt: day(20) }, { type: 'RoleChanged', data: { memberId: 'ada', role: 'executive', from: 'coordinator' }, occurredAt: day(10) }).thenRows('roster',
      { team_id: 'north', role: 'coordinator', valid_from: null, valid_to: day(10) }, { team_id: 'north', role: 'executive', valid_from: day(10), valid_to: day(20) }, { team_id: 'south', role: 'executive', valid_from: day(20), valid_to: null }));
  it('works on the company’s days, each setting on top of the one before', () =>
    given({ type: 'PolicySet', data: { policyId: 'settings', settings: { holidays: ['2026-01-06'] } }, occurredAt: day(1) }, { type: 'PolicySet', data: { policyId: 'settings', settings: { businessDays: [1, 2] } }, occurredAt: day(5) }).thenRows('calendar',
      { holder: 'company', valid_from: null, weekdays: [1, 2, 3, 4, 5], holidays: ['2026-01-06'] }, { holder: 'company', valid_from: day(5), weekdays: [1, 2], holidays: ['2026-01-06'] }));
  it('keeps the chance of a stage that was taken out of its pipeline', () => {
    const defined = (...stages: [string, number][]) => ({ type: 'PipelineDefined', data: { policyId: 'pipeline.p', pipelineId: 'p', name: 'P', stages: stages.map(([stage, probabilityPercent]) => ({ stage, name: stage, probabilityPercent })) } }) as const;
    given(defined(['a', 10], ['b', 50]), defined(['b', 60])).thenRows('stage', { stage: 'a', probability_percent: 10 }, { stage: 'b', probability_percent: 60 });
  });
});
