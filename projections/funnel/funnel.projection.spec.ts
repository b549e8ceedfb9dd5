import { describe, it } from '@jest/globals';
import type { LostReason } from '../../libs/domain/deal/events.js';
import { projectionSpec } from '../../libs/testing/projection-spec.js';
import { funnel } from './funnel.projection.js';

const { given } = projectionSpec(funnel);
const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T09:00:00.000Z`;
const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

const captured = (on: number) => ({ type: 'LeadCaptured', data: { leadId: 'l1', source: 'web', contact: {}, ownerId: 'ada', region: 'north' }, occurredAt: day(on) }) as const;
const contacted = (on: number, automated = false) => ({ type: 'LeadContacted', data: { leadId: 'l1', memberId: 'ada', channel: 'call', direction: 'outbound', automated }, occurredAt: day(on) }) as const;
const qualified = (on: number) => ({ type: 'LeadQualified', data: { leadId: 'l1' }, occurredAt: day(on) }) as const;
const openedDeal = (on: number, leadId?: string) => ({ type: 'DealOpened', data: { dealId: 'd1', name: 'Deal', ownerId: 'bob', pipelineId: 'p', stage: 'proposal', value: EUR(1_000), ...(leadId && { leadId }) }, occurredAt: day(on) }) as const;
const moved = (on: number, from: string, to: string) => ({ type: 'DealStageChanged', data: { dealId: 'd1', from, to }, occurredAt: day(on) }) as const;
const closedDeal = (on: number, outcome: 'won' | 'lost', stage = 'proposal', reason?: LostReason) => ({ type: 'DealClosed', data: { dealId: 'd1', outcome, value: EUR(1_200), ownerId: 'bob', stage, ...(reason && { reason }) }, occurredAt: day(on) }) as const;
const reopenedDeal = (on: number) => ({ type: 'DealReopened', data: { dealId: 'd1', outcome: 'won', value: EUR(1_200), ownerId: 'bob', stage: 'proposal', reason: 'signed the wrong paper' }, occurredAt: day(on) }) as const;

describe('a lead in the funnel', () => {
  it('leaves each step when it enters the next', () => {
    given(captured(1), contacted(2), qualified(4)).thenRows('visit',
      { step: 'captured', entered_at: day(1), left_at: day(2), exit: 'moved' },
      { step: 'contacted', entered_at: day(2), left_at: day(4), exit: 'moved' },
      { step: 'qualified', entered_at: day(4), left_at: null, exit: null });
  });
  it('is not contacted by a machine, nor by a second contact', () => {
    given(captured(1), contacted(2, true), contacted(3), contacted(5)).thenRows('visit', { step: 'captured', left_at: day(3) }, { step: 'contacted', left_at: null });
  });
  it('leaves the funnel with its reason when it is disqualified, and comes back to its step when reopened', () => {
    given(captured(1), { type: 'LeadDisqualified', data: { leadId: 'l1', ownerId: 'cleo', reason: 'no_budget' }, occurredAt: day(3) }, { type: 'LeadReopened', data: { leadId: 'l1', reason: 'new year' }, occurredAt: day(5) }).thenRows('visit',
      { step: 'captured', left_at: day(3), exit: 'disqualified', exit_reason: 'no_budget', exit_owner_id: 'cleo' },
      { step: 'captured', left_at: null, exit: null, exit_reason: null, exit_owner_id: null });
  });
  it('has no journey of its own once it was merged into another, but had one before', () => {
    const history = given(captured(1), contacted(2), { type: 'LeadMerged', data: { leadId: 'l1', intoLeadId: 'l2' }, occurredAt: day(3) });
    history.thenRows('visit');
    history.thenRows('lead', { status: 'merged', merged_into: 'l2' });
    history.asOf({ event: 2 }).thenRows('visit', { step: 'captured' }, { step: 'contacted' });
  });
  it('has met us when a meeting about it was held, not when one was planned', () => {
    const scheduled = { type: 'MeetingScheduled', data: { meetingId: 'm1', subject: { kind: 'lead', id: 'l1' }, title: 'Demo', ownerId: 'ada', attendeeIds: [], startsAt: day(6), endsAt: day(6), zone: 'UTC' } } as const;
    given(scheduled).thenRows('visit');
    given(scheduled, { type: 'MeetingHeld', data: { meetingId: 'm1', outcome: 'progressed' }, occurredAt: day(6) }).thenRows('visit', { journey: 'lead:l1', kind: 'milestone', step: 'meeting_held', entered_at: day(6) });
  });
});

describe('a deal in the funnel', () => {
  it('continues the journey of its lead', () => {
    given(openedDeal(1, 'l1')).thenRows('visit', { journey: 'lead:l1', step: 'deal_opened', entered_at: day(1) }, { journey: 'lead:l1', step: 'proposal', entered_at: day(1) });
    given(openedDeal(1)).thenRows('deal', { journey: 'deal:d1', status: 'open', value_minor: 1_000 });
  });
  it('counts a return to a stage as a second visit', () => {
    given(openedDeal(1), moved(2, 'proposal', 'legal'), moved(5, 'legal', 'proposal')).thenRows('visit',
      { step: 'deal_opened', entered_at: day(1), left_at: null },
      { step: 'proposal', entered_at: day(1), left_at: day(2) }, { step: 'legal', entered_at: day(2), left_at: day(5) }, { step: 'proposal', entered_at: day(5), left_at: null });
  });
  it('keeps a closing as an interval that a reopening ends', () => {
    const history = given(openedDeal(1), closedDeal(3, 'won'), reopenedDeal(8));
    history.thenRows('closing', { outcome: 'won', closed_at: day(3), reopened_at: day(8), value_minor: 1_200 });
    history.thenRows('deal', { status: 'open' });
    history.asOf({ event: 2 }).thenRows('closing', { outcome: 'won', closed_at: day(3), reopened_at: null, value_minor: 1_200 });
  });
  it('says in which stage and why it was lost', () => {
    given(openedDeal(1), moved(2, 'proposal', 'legal'), closedDeal(4, 'lost', 'legal', 'price')).thenRows('visit',
      { step: 'deal_opened', exit: null, exit_reason: null, exit_value_minor: null }, { step: 'proposal', exit: 'moved', exit_reason: null, exit_value_minor: null }, { step: 'legal', exit: 'lost', exit_reason: 'price', exit_value_minor: 1_200 });
  });
  it('is no longer blocked once it is closed', () => {
    given(openedDeal(1), { type: 'RoadblockRaised', data: { dealId: 'd1', roadblockId: 'r1', cause: 'legal' }, occurredAt: day(2) }, closedDeal(5, 'lost')).thenRows('roadblock', { cause: 'legal', raised_at: day(2), ended_at: day(5), ended_by: 'closed' });
  });
  it('is converted at the rate on the event, in minor units of either currency', () => {
    given({ ...openedDeal(1), data: { ...openedDeal(1).data, value: { amountMinor: 5_000, currency: 'JPY' }, rate: { to: 'EUR', perUnitMicro: 6_000 } } }).thenRows('deal', { value_minor: 5_000, currency: 'JPY', converted_minor: 3_000, converted_to: 'EUR' });
  });
  it('keeps its last rate when its value is revised without one', () => {
    const rate = { to: 'EUR', perUnitMicro: 6_000 };
    const yen = (amountMinor: number) => ({ amountMinor, currency: 'JPY' });
    given({ ...openedDeal(1), data: { ...openedDeal(1).data, value: yen(5_000), rate } }, { type: 'DealValueRevised', data: { dealId: 'd1', value: yen(1_000), from: yen(5_000) }, occurredAt: day(2) }).thenRows('deal', { value_minor: 1_000, converted_minor: 600, converted_to: 'EUR' });
  });
  it('never leaves a stage before it came in, even when told so late', () => {
    given(openedDeal(5), moved(3, 'proposal', 'legal')).thenRows('visit', { step: 'deal_opened', left_at: null }, { step: 'proposal', left_at: day(5) }, { step: 'legal', left_at: null });
  });
});

describe('the roster', () => {
  it('tells role and team by the date they were true on, whatever the order in which it was told', () => {
    given(
      { type: 'MemberAdded', data: { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'UTC', teamId: 'north' }, occurredAt: day(1) },
      { type: 'RoleChanged', data: { memberId: 'ada', role: 'executive', from: 'coordinator' }, occurredAt: day(20) },
      { type: 'MemberMovedToTeam', data: { memberId: 'ada', teamId: 'south' }, occurredAt: day(10) },
    ).thenRows('roster',
      { role: 'coordinator', team_id: 'north', valid_from: null, valid_to: day(10) },
      { role: 'coordinator', team_id: 'south', valid_from: day(10), valid_to: day(20) },
      { role: 'executive', team_id: 'south', valid_from: day(20), valid_to: null });
  });
});
