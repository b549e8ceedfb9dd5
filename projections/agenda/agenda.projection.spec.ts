import { describe, it } from '@jest/globals';
import { projectionSpec } from '../../libs/testing/projection-spec.js';
import { agenda } from './agenda.projection.js';

const { given } = projectionSpec(agenda);
const at = (day: number, hour = 9): string => `2026-01-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00.000Z`;
const deal = { kind: 'deal', id: 'd1' } as const;

const followUp = { type: 'FollowUpScheduled', data: { followUpId: 'f1', subject: deal, ownerId: 'ada', dueAt: at(5), graceMinutes: 30, channel: 'call' } } as const;
const meeting = { type: 'MeetingScheduled', data: { meetingId: 'm1', subject: deal, title: 'Demo', ownerId: 'ada', attendeeIds: ['bob'], startsAt: at(6), endsAt: at(6, 10), zone: 'UTC', location: 'Room 1' } } as const;
const contract = { type: 'ContractDrafted', data: { contractId: 'c1', dealId: 'd1', ownerId: 'ada', dueAt: at(20) } } as const;
const opened = { type: 'CaseOpened', data: { caseId: 'k1', kind: 'issue', subject: { kind: 'client', id: 'a' }, ownerId: 'ada', title: 'Wrong invoice', responseDueAt: at(3), resolutionDueAt: at(8) } } as const;
const renewal = (day: number) => ({ on: `2026-01-${day}`, lapsesAt: at(day) });
const client = { type: 'ClientOnboarded', data: { clientId: 'a', name: 'Acme', ownerId: 'ada', monthlyRevenue: { amountMinor: 1, currency: 'EUR' }, contact: {}, renewal: renewal(15) } } as const;

describe('a follow-up in the agenda', () => {
  it('is there from its scheduling until it is done', () => {
    given(followUp).thenRows('item', { kind: 'follow_up', item_id: 'f1', member_id: 'ada', due_at: at(5), title: 'Follow up', detail: 'call', subject_id: 'd1', deal_id: 'd1', missed: false });
    given(followUp, { type: 'FollowUpCompleted', data: { followUpId: 'f1', outcome: 'reached' } }).thenRows('item');
  });
  it('stays when it was missed, and has a new due time once it is planned anew', () => {
    const missed = { type: 'FollowUpMissed', data: { followUpId: 'f1', dueAt: at(5), graceMinutes: 30 } } as const;
    given(followUp, missed).thenRows('item', { due_at: at(5), missed: true });
    given(followUp, missed, { type: 'FollowUpRescheduled', data: { followUpId: 'f1', dueAt: at(9), graceMinutes: 30, reason: 'ill' } }).thenRows('item', { due_at: at(9), missed: false });
  });
});

describe('planned work in the agenda', () => {
  it('has a meeting for each who takes part', () => {
    given(meeting).thenRows('item', { member_id: 'ada', takes_part_as: 'owner', due_at: at(6) }, { member_id: 'bob', takes_part_as: 'attendee', due_at: at(6) });
    given(meeting, { type: 'MeetingCancelled', data: { meetingId: 'm1', reason: 'ill', by: 'us' } }).thenRows('item');
  });
  it('gives a task to whom it was handed', () =>
    given({ type: 'TaskAllocated', data: { taskId: 't1', title: 'Send the list', ownerId: 'ada', dueAt: at(4) } }, { type: 'TaskReassigned', data: { taskId: 't1', ownerId: 'bob', from: 'ada' } }).thenRows('item', { kind: 'task', member_id: 'bob', title: 'Send the list', subject_id: null }));
  it('waits with a contract for the client once it was sent, and forgets it once signed', () => {
    const sent = { type: 'ContractSent', data: { contractId: 'c1' }, occurredAt: at(2) } as const;
    given(contract).thenRows('item', { kind: 'contract', waiting_on: 'us', deal_id: 'd1' });
    given(contract, sent).thenRows('item', { kind: 'contract', waiting_on: 'them', waiting_since: at(2) });
    given(contract, sent, { type: 'ContractSigned', data: { contractId: 'c1' } }).thenRows('item');
  });
  it('still knows the deal of a contract once it was signed or dropped: other work may be about it', () => {
    for (const end of [{ type: 'ContractSigned', data: { contractId: 'c1' } }, { type: 'ContractVoided', data: { contractId: 'c1', reason: 'x' } }] as const) given(contract, end).thenRows('subject', { subject_kind: 'contract', subject_id: 'c1', deal_id: 'd1', owner_id: 'ada' });
  });
});

describe('a client’s affairs in the agenda', () => {
  it('owe an answer and a resolution, of which a resolution is both', () => {
    const resolved = { type: 'CaseResolved', data: { caseId: 'k1', memberId: 'ada', businessMinutes: 5, resolution: 'done' } } as const;
    given(opened).thenRows('item', { kind: 'case_response', due_at: at(3) }, { kind: 'case_resolution', due_at: at(8) });
    given(opened, { type: 'CaseResponded', data: { caseId: 'k1', responseId: 'r', memberId: 'ada', first: true, businessMinutes: 5 } }).thenRows('item', { kind: 'case_resolution' });
    given(opened, resolved).thenRows('item');
    given(opened, resolved, { type: 'CaseReopened', data: { caseId: 'k1', reason: 'again', resolutionDueAt: at(12) } }).thenRows('item', { kind: 'case_resolution', due_at: at(12) });
  });
  it('go with an escalated case to its new owner, and with a promise to who made it', () => {
    const promised = { type: 'PromiseMade', data: { caseId: 'k1', promiseId: 'p1', memberId: 'cleo', promise: 'A credit note', dueAt: at(7) } } as const;
    const resolved = { type: 'CaseResolved', data: { caseId: 'k1', memberId: 'ada', businessMinutes: 5, resolution: 'done' } } as const;
    given(opened, { type: 'CaseEscalated', data: { caseId: 'k1', ownerId: 'bob', from: 'ada', level: 1, reason: 'late' } }).thenRows('item', { kind: 'case_response', member_id: 'bob' }, { kind: 'case_resolution', member_id: 'bob' });
    given(opened, promised, resolved).thenRows('item', { kind: 'promise', part: 'p1', member_id: 'cleo', due_at: at(7), detail: 'A credit note' });
    given(opened, promised, resolved, { type: 'PromiseKept', data: { caseId: 'k1', promiseId: 'p1' } }).thenRows('item');
  });
  it('come up for renewal until they are renewed or end', () => {
    const lapsed = { type: 'RenewalLapsed', data: { clientId: 'a', ownerId: 'ada', monthlyRevenue: { amountMinor: 1, currency: 'EUR' }, renewal: renewal(15) } } as const;
    given(client, lapsed).thenRows('item', { kind: 'renewal', title: 'Renewal of Acme', due_at: at(15), missed: true });
    given(client, lapsed, { type: 'ClientRenewed', data: { clientId: 'a', ownerId: 'ada', monthlyRevenue: { amountMinor: 1, currency: 'EUR' }, renewal: renewal(25) } }).thenRows('item', { due_at: at(25), missed: false });
    given(client, { type: 'ClientChurned', data: { clientId: 'a', ownerId: 'ada', from: { amountMinor: 1, currency: 'EUR' }, to: { amountMinor: 0, currency: 'EUR' }, reason: 'price' } }).thenRows('item');
  });
});

describe('what work is about', () => {
  it('is named without the name of a person', () =>
    given({ type: 'LeadCaptured', data: { leadId: 'l1', source: 'web', contact: { name: 'Grace' } } }, { type: 'LeadCaptured', data: { leadId: 'l2', source: 'web', contact: { name: 'Grace' }, company: 'Acme' } }).thenRows('subject', { subject_id: 'l1', title: 'Lead from web' }, { subject_id: 'l2', title: 'Acme' }));
  it('is blocked by a roadblock until it is cleared or closed', () => {
    const open = { type: 'DealOpened', data: { dealId: 'd1', name: 'Big one', ownerId: 'ada', pipelineId: 'p', stage: 's', value: { amountMinor: 1, currency: 'EUR' }, leadId: 'l1', clientId: 'a' } } as const;
    const raised = { type: 'RoadblockRaised', data: { dealId: 'd1', roadblockId: 'r1', cause: 'legal' }, occurredAt: at(2) } as const;
    given(open, raised).thenRows('roadblock', { deal_id: 'd1', cause: 'legal', raised_at: at(2) });
    given(open, raised, { type: 'RoadblockCleared', data: { dealId: 'd1', roadblockId: 'r1' } }).thenRows('roadblock');
    given(open, raised, { type: 'DealClosed', data: { dealId: 'd1', outcome: 'won', value: { amountMinor: 1, currency: 'EUR' }, ownerId: 'ada', stage: 's' } }).thenRows('roadblock');
  });
});
