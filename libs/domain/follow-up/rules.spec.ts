import { describe, it } from '@jest/globals';
import type { Said } from '../../testing/in-memory-log.js';
import { memberAdded, ruleSpec } from '../../testing/rule-spec.js';
import { firstFollowUp, followUpCadence, handOverFollowUps, meetingFollowUp } from './rules.js';

const subject = { kind: 'lead', id: 'l1' };
const planned = (followUpId: string, more: object = {}): Said => ({ type: 'FollowUpScheduled', data: { followUpId, subject, ownerId: 'ada', dueAt: '2026-03-02T12:00:00.000Z', graceMinutes: 0, ...more } });
const completed = (followUpId: string, outcome = 'no_answer', occurredAt?: string): Said => ({ type: 'FollowUpCompleted', data: { followUpId, outcome }, ...(occurredAt && { occurredAt }) });
const qualified = (ownerId?: string, occurredAt?: string): Said => ({ type: 'LeadQualified', data: { leadId: 'l1', ...(ownerId && { ownerId }) }, ...(occurredAt && { occurredAt }) });
const inZurich: Said = { type: 'WorkCalendarSet', data: { memberId: 'ada', zone: 'Europe/Zurich', weekdays: [1, 2, 3, 4, 5], hours: { from: '08:00', to: '17:00' }, holidays: [] } };
const next = (dueAt: string) => ({ type: 'ScheduleFollowUp', subject, ownerId: 'ada', dueAt, followUpId: '' });

describe('the first follow-up', () => {
  const { given } = ruleSpec(firstFollowUp);
  it('is planned when a lead is qualified, a working day later', () => given(memberAdded('ada')).when(qualified('ada')).then(next('2026-03-02T17:00:00.000Z')));
  it('is due in the hours of its owner, over a weekend', () => given(memberAdded('ada'), inZurich).when(qualified('ada', '2026-03-06T15:00:00.000Z')).then(next('2026-03-09T14:00:00.000Z')));
  it('is due as soon as it is set up to be', () => ruleSpec(firstFollowUp, { workingHours: 1 }).given(memberAdded('ada')).when(qualified('ada')).then(next('2026-03-02T10:00:00.000Z')));
  it('is due from nine to five in the zone of an owner who has set no hours', () =>
    given(memberAdded('ada', { zone: 'America/New_York' })).when(qualified('ada', '2026-03-06T20:00:00.000Z')).then(next('2026-03-09T19:00:00.000Z')));
  it('needs an owner', () => given().when(qualified()).then('no owner'));
  it('is not planned beside another', () => given(memberAdded('ada'), planned('f1')).when(qualified('ada')).then('planned already'));
});

describe('the cadence of follow-ups', () => {
  const { given } = ruleSpec(followUpCadence);
  it('plans the next at growing distances', () => {
    given(planned('f1')).when(completed('f1')).then(next('2026-03-04T09:00:00.000Z'));
    given(planned('f1'), completed('f1'), planned('f2')).when(completed('f2')).then(next('2026-03-06T09:00:00.000Z'));
  });
  it('moves it into the owner’s hours', () => given(memberAdded('ada'), inZurich, planned('f1')).when(completed('f1', 'no_answer', '2026-03-05T20:00:00.000Z')).then(next('2026-03-09T07:00:00.000Z')));
  it.each([
    ['spring', '2026-03-26T15:30:00.000Z', '4', '2026-03-30T14:30:00.000Z'],
    ['autumn', '2026-10-22T14:30:00.000Z', '4', '2026-10-26T15:30:00.000Z'],
  ])('plans it for the same time of day where clocks change in %s', (_, doneAt, days, dueAt) =>
    ruleSpec(followUpCadence, { daysBetween: [days] }).given(memberAdded('ada'), inZurich, planned('f1')).when(completed('f1', 'no_answer', doneAt)).then(next(dueAt)));
  it('counts half a day as twelve hours', () =>
    ruleSpec(followUpCadence, { daysBetween: ['0.25'] }).given(planned('f1')).when(completed('f1')).then(next('2026-03-02T15:00:00.000Z')));
  it('ends after its last step', () => ruleSpec(followUpCadence, { daysBetween: ['1'] }).given(planned('f1'), completed('f1'), planned('f2')).when(completed('f2')).then('the last of the cadence'));
  it('ends with an outcome that ends it', () => given(planned('f1')).when(completed('f1', 'meeting_agreed')).then('meeting_agreed'));
  it('rests while another is planned', () => given(planned('f1'), planned('f2')).when(completed('f1')).then('planned already'));
  it('goes on when the other was cancelled', () => given(planned('f1'), planned('f2'), { type: 'FollowUpCancelled', data: { followUpId: 'f2', reason: 'twice' } }).when(completed('f1')).then(next('2026-03-04T09:00:00.000Z')));
  it('ends with its subject, and goes on when that is taken up again', () => {
    const lost: Said = { type: 'LeadDisqualified', data: { leadId: 'l1', reason: 'no_need' } };
    given(planned('f1'), lost).when(completed('f1')).then('closed');
    given(planned('f1'), lost, { type: 'LeadReopened', data: { leadId: 'l1', reason: 'called back' } }).when(completed('f1')).then(next('2026-03-04T09:00:00.000Z'));
  });
  it('knows nothing of a follow-up it never saw planned', () => given().when(completed('f9')).thenNothing());
});

describe('a meeting', () => {
  const { given } = ruleSpec(meetingFollowUp);
  const scheduled: Said = { type: 'MeetingScheduled', data: { meetingId: 'm1', subject, title: 'Demo', ownerId: 'ada', attendeeIds: [], startsAt: '2026-03-02T08:00:00.000Z', endsAt: '2026-03-02T09:00:00.000Z', zone: 'UTC' } };
  const held = (outcome = 'progressed'): Said => ({ type: 'MeetingHeld', data: { meetingId: 'm1', outcome } });
  it('that was held is followed up a working day later', () => given(memberAdded('ada'), scheduled).when(held()).then(next('2026-03-02T17:00:00.000Z')));
  it('that the other side missed is followed up within hours', () => given(memberAdded('ada'), scheduled).when({ type: 'MeetingMissed', data: { meetingId: 'm1' } }).then(next('2026-03-02T11:00:00.000Z')));
  it('that came to nothing is not', () => given(scheduled).when(held('not_interested')).then('not_interested'));
  it('is followed up once', () => given(scheduled, planned('f1')).when(held()).then('planned already'));
  it('about a closed deal is not', () => given({ ...scheduled, data: { ...scheduled.data, subject: { kind: 'deal', id: 'd1' } } }, { type: 'DealClosed', data: { dealId: 'd1' } }).when(held()).then('closed'));
});

describe('the follow-ups of one who is away for long', () => {
  const away: Said = { type: 'AbsenceRecorded', data: { memberId: 'ada', firstDay: '2026-03-02', lastDay: '2026-03-13', reason: 'leave' } };
  const { given } = ruleSpec(handOverFollowUps);
  it('are planned anew for another where they fall due meanwhile, and then cancelled', () =>
    given(memberAdded('ada'), memberAdded('bob'), planned('f1', { dueAt: '2026-03-10T12:00:00.000Z' }), planned('f2', { dueAt: '2026-03-16T12:00:00.000Z' }), away).byNow('2026-03-02T09:00:00.000Z')
      .then({ type: 'ScheduleFollowUp', ownerId: 'bob', dueAt: '2026-03-10T12:00:00.000Z' }, { type: 'CancelFollowUp', followUpId: 'f1' }));
  it('are planned for the next working day where they are late already', () => {
    const late = ruleSpec(handOverFollowUps).given(memberAdded('ada'), memberAdded('bob'), planned('f1', { dueAt: '2026-03-05T12:00:00.000Z' }), { type: 'MemberOffboarded', data: { memberId: 'ada', leftAt: '2026-03-06T12:00:00.000Z' } });
    late.byNow('2026-03-06T13:00:00.000Z').then({ type: 'ScheduleFollowUp', ownerId: 'bob', dueAt: '2026-03-09T17:00:00.000Z' }, { type: 'CancelFollowUp', followUpId: 'f1' });
  });
  it('wait where the absence is short', () => ruleSpec(handOverFollowUps, { absenceDaysMin: 13 }).given(memberAdded('ada'), memberAdded('bob'), planned('f1', { dueAt: '2026-03-10T12:00:00.000Z' }), away).byNow('2026-03-02T09:00:00.000Z').thenNothing());
});
