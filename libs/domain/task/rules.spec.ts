import { describe, it } from '@jest/globals';
import type { Said } from '../../testing/in-memory-log.js';
import { memberAdded, ruleSpec } from '../../testing/rule-spec.js';
import { certificateReminder, escalateAfterSecondMiss, handOverTasks, onboardingTask, renewalReminder } from './rules.js';

const subject = { kind: 'lead', id: 'l1' };

describe('a missed follow-up', () => {
  const { given } = ruleSpec(escalateAfterSecondMiss);
  const planned = (followUpId: string): Said => ({ type: 'FollowUpScheduled', data: { followUpId, subject, ownerId: 'ada', dueAt: '2026-03-02T08:00:00.000Z', graceMinutes: 0 } });
  const missed = (followUpId: string): Said => ({ type: 'FollowUpMissed', data: { followUpId, dueAt: '2026-03-02T08:00:00.000Z', graceMinutes: 0 } });
  const done = (followUpId: string): Said => ({ type: 'FollowUpCompleted', data: { followUpId, outcome: 'reached' } });
  const team = [memberAdded('max', { role: 'manager' }), memberAdded('ada', { managerId: 'max' })];
  const task = { type: 'AllocateTask', ownerId: 'max', subject, dueAt: '2026-03-02T17:00:00.000Z', title: 'Missed follow-ups: lead l1' };

  it('is no reason to turn to the manager', () => given(...team, planned('f1')).when(missed('f1')).thenNothing());
  it('is the second time, whichever it was the first', () => {
    given(...team, planned('f1'), missed('f1')).when(missed('f1')).then(task);
    given(...team, planned('f1'), missed('f1'), planned('f2')).when(missed('f2')).then(task);
  });
  it('is not reported again the third time', () => given(...team, planned('f1'), missed('f1'), missed('f1')).when(missed('f1')).thenNothing());
  it('counts from nothing once one was done', () => given(...team, planned('f1'), missed('f1'), done('f1'), planned('f2')).when(missed('f2')).thenNothing());
  it('is seen where there is no manager to turn to', () => given(memberAdded('ada'), planned('f1'), missed('f1')).when(missed('f1')).then('no manager'));
  it('escalates at the miss that it is set up for', () => ruleSpec(escalateAfterSecondMiss, { misses: 1 }).given(...team, planned('f1')).when(missed('f1')).then(task));
});

describe('a new client', () => {
  const onboarded: Said = { type: 'ClientOnboarded', data: { clientId: 'c1', name: 'Vela Marine', ownerId: 'ada', monthlyRevenue: { amountMinor: 1, currency: 'EUR' }, contact: {} } };
  const about = { type: 'AllocateTask', ownerId: 'ada', subject: { kind: 'client', id: 'c1' } };
  it('gets its kick-off, check-in and review', () =>
    ruleSpec(onboardingTask).given().when(onboarded).then({ ...about, title: 'Kick-off with Vela Marine', dueAt: '2026-03-05T09:00:00.000Z' }, { ...about, dueAt: '2026-03-16T09:00:00.000Z' }, { ...about, dueAt: '2026-05-01T09:00:00.000Z' }));
  it('is due at the same time of day where the clocks of its owner change in between', () =>
    ruleSpec(onboardingTask, { kickOffDays: 28, reviewDays: 0, checkInDays: 0 }).given(memberAdded('ada', { zone: 'Europe/Zurich' }))
      .when({ ...onboarded, occurredAt: '2026-03-02T09:00:00.000Z' }).then({ ...about, title: 'Kick-off with Vela Marine', dueAt: '2026-03-30T08:00:00.000Z' }));
  it('gets only those that are wanted', () => ruleSpec(onboardingTask, { checkInDays: 0, reviewDays: 0 }).given().when(onboarded).then({ ...about, title: 'Kick-off with Vela Marine' }));
});

describe('a renewal day', () => {
  const renewal = { on: '2026-03-31', lapsesAt: '2026-04-01T00:00:00.000Z' };
  const onboarded: Said = { type: 'ClientOnboarded', data: { clientId: 'c1', name: 'Vela Marine', ownerId: 'ada', monthlyRevenue: { amountMinor: 1, currency: 'EUR' }, contact: {}, renewal } };
  const { given } = ruleSpec(renewalReminder);
  const reminder = { type: 'AllocateTask', ownerId: 'ada', title: 'Renewal of Vela Marine', dueAt: renewal.lapsesAt, subject: { kind: 'client', id: 'c1' } };
  it('is reminded of 30 days ahead, not earlier', () => {
    given(onboarded).byNow('2026-03-01T23:59:59.999Z').thenNothing();
    given(onboarded).byNow('2026-03-02T00:00:00.000Z').then(reminder);
  });
  it('is reminded of once, also by another process', () => {
    const spec = given(onboarded);
    spec.byNow('2026-03-20T00:00:00.000Z').then(reminder);
    spec.byNow('2026-03-21T00:00:00.000Z').thenNothing();
    given(onboarded, { type: 'TaskAllocated', causationId: 'renewal_reminder|c1|2026-03-31', data: { taskId: 't1', title: 'x', ownerId: 'ada', dueAt: renewal.lapsesAt } }).byNow('2026-03-21T00:00:00.000Z').thenNothing();
  });
  it('comes so many calendar days after the reminder, where the clocks of its owner change in between', () => {
    const inZurich = memberAdded('ada', { zone: 'Europe/Zurich' });
    const zoned: Said = { ...onboarded, data: { ...onboarded.data, renewal: { on: '2026-03-31', lapsesAt: '2026-03-31T22:00:00.000Z' } } };
    given(inZurich, zoned).byNow('2026-03-01T22:59:59.999Z').thenNothing();
    given(inZurich, zoned).byNow('2026-03-01T23:00:00.000Z').then({ ...reminder, dueAt: '2026-03-31T22:00:00.000Z' });
  });
  it('is the new owner’s to be reminded of', () => given(onboarded, { type: 'ClientReassigned', data: { clientId: 'c1', ownerId: 'bob', from: 'ada' } }).byNow('2026-03-20T00:00:00.000Z').then({ ...reminder, ownerId: 'bob' }));
  it('that was moved is reminded of ahead of the new day', () => {
    const next = { on: '2027-03-31', lapsesAt: '2027-04-01T00:00:00.000Z' };
    const renewed: Said = { type: 'ClientRenewed', data: { clientId: 'c1', ownerId: 'ada', monthlyRevenue: { amountMinor: 1, currency: 'EUR' }, renewal: next } };
    given(onboarded, renewed).byNow('2026-03-20T00:00:00.000Z').thenNothing();
    given(onboarded, renewed).byNow('2027-03-20T00:00:00.000Z').then({ ...reminder, dueAt: next.lapsesAt });
  });
  it('that is over, or of a client who has left, is not', () => {
    given(onboarded).byNow(renewal.lapsesAt).thenNothing();
    given(onboarded, { type: 'ClientChurned', data: { clientId: 'c1', ownerId: 'ada', from: {}, to: {}, reason: 'price' } }).byNow('2026-03-20T00:00:00.000Z').thenNothing();
  });
});

describe('a certificate', () => {
  const held: Said = { type: 'CertificationRecorded', data: { certificationId: 'k1', memberId: 'ada', certificate: 'Crane', issuedOn: '2024-05-01', expiresOn: '2026-04-30' } };
  const { given } = ruleSpec(certificateReminder);
  const reminder = { type: 'AllocateTask', ownerId: 'ada', title: 'Renew the certificate Crane', dueAt: '2026-05-01T00:00:00.000Z' };
  it('expires so many calendar days after the reminder, where the clocks of its holder change in between', () => {
    const inZurich = memberAdded('ada', { zone: 'Europe/Zurich' });
    given(inZurich, held).byNow('2026-03-01T22:59:59.999Z').thenNothing();
    given(inZurich, held).byNow('2026-03-01T23:00:00.000Z').then({ ...reminder, dueAt: '2026-04-30T22:00:00.000Z' });
  });
  it('is reminded of 60 days before it expires, once', () => {
    const spec = given(memberAdded('ada'), held);
    spec.byNow('2026-03-01T00:00:00.000Z').thenNothing();
    spec.byNow('2026-03-02T00:00:00.000Z').then(reminder);
    spec.byNow('2026-03-03T00:00:00.000Z').thenNothing();
  });
  it('that was renewed, or whose holder has left, is not', () => {
    given(memberAdded('ada'), held, { ...held, data: { ...held.data, expiresOn: '2028-04-30' } }).byNow('2026-04-01T00:00:00.000Z').thenNothing();
    given(memberAdded('ada'), held, { type: 'MemberOffboarded', data: { memberId: 'ada', leftAt: '2026-03-01T00:00:00.000Z' } }).byNow('2026-04-01T00:00:00.000Z').thenNothing();
  });
});

describe('the tasks of one who leaves or is away for long', () => {
  const task = (taskId: string, dueAt: string): Said => ({ type: 'TaskAllocated', data: { taskId, title: 'Call', ownerId: 'ada', dueAt } });
  const { given } = ruleSpec(handOverTasks);
  it('go to another of their role', () =>
    given(memberAdded('ada'), memberAdded('bob'), memberAdded('max', { role: 'manager' }), task('t1', '2026-03-30T09:00:00.000Z'), { type: 'MemberOffboarded', data: { memberId: 'ada', leftAt: '2026-03-02T00:00:00.000Z' } })
      .byNow('2026-03-02T09:00:00.000Z').then({ type: 'ReassignTask', taskId: 't1', ownerId: 'bob' }));
  it('go on where they fall due in the absence', () =>
    given(memberAdded('ada'), memberAdded('bob'), task('t1', '2026-03-05T09:00:00.000Z'), task('t2', '2026-03-30T09:00:00.000Z'), { type: 'AbsenceRecorded', data: { memberId: 'ada', firstDay: '2026-03-02', lastDay: '2026-03-13', reason: 'leave' } })
      .byNow('2026-03-02T09:00:00.000Z').then({ type: 'ReassignTask', taskId: 't1', ownerId: 'bob' }));
});
