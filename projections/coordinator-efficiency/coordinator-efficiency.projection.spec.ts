import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../libs/kernel/event.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import type { AnyProjection, Row } from '../../libs/kernel/projection.js';
import { foldLog, rowsAt } from '../../libs/projector/fold-log.js';
import { activity, coordinatorEfficiency, roster } from './coordinator-efficiency.projection.js';

/** The rows that events leave in a table. */
function rowsAfter(projection: AnyProjection, table: string, ...said: Said<DomainEvent>[]): readonly Row[] {
  const log = new InMemoryLog();
  log.append(...said);
  return rowsAt(foldLog(projection, log.events), table);
}

const at = (time: string): string => `2026-03-02T${time}:00.000Z`;
const followUp = (type: string, time: string, data: object = {}): Said<DomainEvent> => ({ type, stream: 'followUp-f', occurredAt: at(time), data: { followUpId: 'f', ...data } });
const scheduled = followUp('FollowUpScheduled', '08:00', { subject: { kind: 'lead', id: 'l' }, ownerId: 'ada', dueAt: at('10:00'), graceMinutes: 30 });
const lead = (type: string, time: string, data: object = {}): Said<DomainEvent> => ({ type, stream: 'lead-l', occurredAt: at(time), data: { leadId: 'l', ...data } });
const captured = lead('LeadCaptured', '08:00', { source: 'web', contact: {}, ownerId: 'ada' });
const contacted = (time: string, automated = false): Said<DomainEvent> => lead('LeadContacted', time, { memberId: 'ben', channel: 'call', direction: 'outbound', automated });

describe('a follow-up in the efficiency tables', () => {
  const dues = (...said: Said<DomainEvent>[]) => rowsAfter(coordinatorEfficiency, 'follow_up', ...said).map(({ due_at, missed_at, completed_at }) => [due_at, missed_at, completed_at]);
  it('has one due time when it was moved before it was missed', () =>
    expect(dues(scheduled, followUp('FollowUpRescheduled', '10:29', { dueAt: at('15:00'), graceMinutes: 0 }))).toEqual([[at('15:00'), at('15:00'), null]]));
  it('keeps the miss when it was moved afterwards', () =>
    expect(dues(scheduled, followUp('FollowUpRescheduled', '10:30', { dueAt: at('15:00'), graceMinutes: 0 }), followUp('FollowUpCompleted', '14:00'))).toEqual([[at('10:00'), at('10:30'), null], [at('15:00'), at('15:00'), at('14:00')]]));
  it('can turn out to have been done in time after its alarm rang', () =>
    expect(dues(scheduled, followUp('FollowUpMissed', '10:30'), followUp('FollowUpCompleted', '09:00'))).toEqual([[at('10:00'), at('10:30'), at('09:00')]]));
});

describe('a lead in the efficiency tables', () => {
  const contact = (...said: Said<DomainEvent>[]) => rowsAfter(coordinatorEfficiency, 'lead', ...said).map(({ contacted_at, owner_id, present_owner_id }) => [contacted_at, owner_id, present_owner_id]);
  it('counts the first contact by a person, not a machine’s', () => expect(contact(captured, contacted('08:05', true), contacted('09:00'), contacted('09:30'))).toEqual([[at('09:00'), 'ada', 'ada']]));
  it('counts an earlier contact that is told later', () => expect(contact(captured, contacted('09:30'), contacted('08:30'))).toEqual([[at('08:30'), 'ada', 'ada']]));
  it('credits whoever owned it at that contact', () => expect(contact(captured, contacted('09:00'), lead('LeadAssigned', '10:00', { ownerId: 'cyd' }))).toEqual([[at('09:00'), 'ada', 'cyd']]));
  it('is left out when it was merged away before anybody was in touch', () => expect(contact(captured, lead('LeadMerged', '09:00', { intoLeadId: 'm' }))).toEqual([]));
  it('says who passed it on', () =>
    expect(rowsAfter(coordinatorEfficiency, 'holding', captured, lead('LeadAssigned', '10:00', { ownerId: 'cyd' }), lead('LeadConverted', '11:00')).map(({ member_id, from_member_id, held_from, held_until }) => [member_id, from_member_id, held_from, held_until]))
      .toEqual([['ada', null, at('08:00'), at('10:00')], ['cyd', 'ada', at('10:00'), at('11:00')]]));
  it('has a row a contact, none for a machine’s', () => {
    expect(rowsAfter(activity, 'contact', contacted('09:00'))).toHaveLength(1);
    expect(rowsAfter(activity, 'contact', contacted('09:00', true))).toEqual([]);
  });
});

describe('a task in the efficiency tables', () => {
  const task = (type: string, time: string, data: object = {}): Said<DomainEvent> => ({ type, stream: 'task-t', occurredAt: at(time), data: { taskId: 't', ...data } });
  const allocated = task('TaskAllocated', '08:00', { title: 't', ownerId: 'ada', dueAt: at('10:00'), weight: 3 });
  const owners = (...said: Said<DomainEvent>[]) => rowsAfter(coordinatorEfficiency, 'task', ...said).map(({ owner_id, present_owner_id }) => [owner_id, present_owner_id]);
  it('credits whoever had it when it came due, not whoever did it late', () => expect(owners(allocated, task('TaskReassigned', '11:00', { ownerId: 'ben', from: 'ada' }), task('TaskCompleted', '12:00'))).toEqual([['ada', 'ben']]));
  it('credits whoever did it in time', () => expect(owners(allocated, task('TaskReassigned', '09:00', { ownerId: 'ben', from: 'ada' }), task('TaskCompleted', '09:30'))).toEqual([['ben', 'ben']]));
  it('weighs what it was said to weigh', () => expect(rowsAfter(coordinatorEfficiency, 'holding', allocated).map(({ weight }) => weight)).toEqual([3]));
});

describe('the roster', () => {
  const member = (type: string, day: string, data: object): Said<DomainEvent> => ({ type, stream: 'member-ada', occurredAt: `${day}T00:00:00.000Z`, data: { memberId: 'ada', ...data } });
  const added = member('MemberAdded', '2026-01-01', { role: 'coordinator', teamId: 'north' });
  it('puts a change told late in its place', () =>
    expect(rowsAfter(roster, 'stay', added, member('RoleChanged', '2026-03-01', { role: 'manager' }), member('RoleChanged', '2026-02-01', { role: 'executive' })).map(({ role, valid_from, valid_to }) => [role, valid_from, valid_to])).toEqual([
      ['coordinator', null, '2026-02-01T00:00:00.000Z'], ['executive', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'], ['manager', '2026-03-01T00:00:00.000Z', null],
    ]));
});
