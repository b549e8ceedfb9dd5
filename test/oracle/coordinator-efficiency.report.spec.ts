import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../libs/kernel/event.js';
import type { Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { activity, coordinatorEfficiency, roster } from '../../projections/coordinator-efficiency/coordinator-efficiency.projection.js';
import { coordinatorEfficiencyReport, type EfficiencyAnswer, type EfficiencyFigures } from '../../projections/coordinator-efficiency/coordinator-efficiency.report.js';
import { withLive } from './live.js';

type Asked = (query: object) => Promise<EfficiencyAnswer>;

const SUBJECT = { kind: 'lead', id: 'l' };
const event = (stream: string, type: string, occurredAt: string, data: object, recordedAt = occurredAt): Said<DomainEvent> => ({ stream, type, data, occurredAt, recordedAt });
const member = (memberId: string, role: string): Said<DomainEvent> => event(`member-${memberId}`, 'MemberAdded', '2026-01-01T00:00:00.000Z', { memberId, role, name: 'n', zone: 'Europe/Zurich' });
const staff = [
  event('policy-settings', 'PolicySet', '2026-01-01T00:00:00.000Z', { policyId: 'settings', settings: { zone: 'Europe/Zurich' } }), member('ada', 'coordinator'), member('ben', 'executive'),
];
const followUp = (id: string, dueAt: string, graceMinutes = 0, ownerId = 'ada'): Said<DomainEvent> => event(`followUp-${id}`, 'FollowUpScheduled', '2026-01-02T00:00:00.000Z', { followUpId: id, subject: SUBJECT, ownerId, dueAt, graceMinutes });
const done = (id: string, at: string, recordedAt = at): Said<DomainEvent> => event(`followUp-${id}`, 'FollowUpCompleted', at, { followUpId: id, outcome: 'reached' }, recordedAt);

describe('the coordinator efficiency report', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  /** Told in the order of time, as a log is. */
  const over = (history: readonly Said<DomainEvent>[], work: (ask: Asked) => Promise<void>): Promise<void> =>
    withLive(kind, [coordinatorEfficiency, activity, roster], coordinatorEfficiencyReport, [...staff, ...history].sort((a, b) => Date.parse(a.recordedAt!) - Date.parse(b.recordedAt!)), ({ ask }) => work((query) => ask<EfficiencyAnswer>(query)));
  const card = ({ scorecards }: EfficiencyAnswer, role = 'coordinator'): EfficiencyFigures => scorecards.find((each) => each.role === role)!.groups[0]!; // the coordinators' stands always

  it('has null for every rate of nothing, and a scorecard for coordinators and executives', () => over([], async (ask) => {
    const answer = await ask({ from: '2026-03-01', to: '2026-03-31' });
    expect(answer.scorecards.map(({ role }) => role)).toEqual(['coordinator', 'executive']);
    expect(card(answer)).toMatchObject({
      leadResponse: { leads: 0, neverContacted: 0, wall: { count: 0, median: null, p90: null, mean: null } }, followUps: { due: 0, onTime: { value: null } }, meetings: { noShowRate: { value: null }, holdRate: { value: null } },
      work: { adminShare: { value: null } }, workload: { workload: { value: null }, balance: { gini: null } }, activitiesPerDeal: { won: { value: null } },
    });
  }));

  it('tells on time, late, missed and open apart to the minute, and they add up to all due', () => over([
    followUp('intime', '2026-03-02T10:00:00.000Z', 30), done('intime', '2026-03-02T10:00:00.000Z'), followUp('late', '2026-03-02T10:00:00.000Z', 30), done('late', '2026-03-02T10:30:00.000Z'),
    followUp('toolate', '2026-03-02T10:00:00.000Z', 30), done('toolate', '2026-03-02T10:31:00.000Z'), followUp('never', '2026-03-02T10:00:00.000Z'), followUp('ahead', '2026-03-20T10:00:00.000Z'),
    followUp('dropped', '2026-03-02T10:00:00.000Z'), event('followUp-dropped', 'FollowUpCancelled', '2026-03-02T09:59:00.000Z', { followUpId: 'dropped', reason: 'r' }),
    followUp('excused', '2026-03-02T10:00:00.000Z'), event('followUp-excused', 'FollowUpCancelled', '2026-03-03T00:00:00.000Z', { followUpId: 'excused', reason: 'r' }),
  ], async (ask) => {
    const { followUps } = card(await ask({ from: '2026-03-01', to: '2026-03-31', asOf: '2026-03-10T00:00:00.000Z' }));
    expect([followUps.due, followUps.onTime.numerator, followUps.late.numerator, followUps.missed.numerator, followUps.open.numerator, followUps.cancelled, followUps.missedDoneLater]).toEqual([6, 1, 1, 3, 1, 1, 1]);
  }));

  it('cuts days where the zone changes its clocks', () => over([followUp('last', '2026-03-29T21:59:59.000Z'), followUp('next', '2026-03-29T22:00:00.000Z')], async (ask) => {
    expect(card(await ask({ from: '2026-03-29', to: '2026-03-29' })).followUps.due).toBe(1);
    expect(card(await ask({ from: '2026-03-29', to: '2026-03-29', tz: 'UTC' })).followUps.due).toBe(2);
    const byDay = await ask({ from: '2026-03-28', to: '2026-03-30', groupBy: 'day' });
    expect(byDay.scorecards[0]!.groups.filter(({ followUps }) => followUps.due > 0).map(({ group, followUps }) => [group, followUps.due])).toEqual([['2026-03-29', 1], ['2026-03-30', 1]]);
  }));

  it('believes what was told late, but not before it was told', () => over([followUp('f', '2026-03-02T10:00:00.000Z'), done('f', '2026-03-02T09:00:00.000Z', '2026-03-05T12:00:00.000Z')], async (ask) => {
    const query = { from: '2026-03-01', to: '2026-03-31' };
    expect(card(await ask({ ...query, asOf: '2026-03-04T00:00:00.000Z' })).followUps.missed.numerator).toBe(1);
    expect(card(await ask(query)).followUps.onTime.numerator).toBe(1);
  }));

  it('counts for the role that the owner had on the day', () => over([
    followUp('before', '2026-03-09T10:00:00.000Z'), followUp('after', '2026-03-11T10:00:00.000Z'), event('member-ada', 'RoleChanged', '2026-03-10T00:00:00.000Z', { memberId: 'ada', role: 'executive', from: 'coordinator' }),
  ], async (ask) => {
    const answer = await ask({ from: '2026-03-01', to: '2026-03-31' });
    expect([card(answer).followUps.due, card(answer, 'executive').followUps.due]).toEqual([1, 1]);
  }));

  it('gives the period before beside it', () => over([followUp('f', '2026-02-28T22:59:00.000Z'), followUp('g', '2026-03-31T20:00:00.000Z')], async (ask) => {
    const { previous, ...present } = await ask({ from: '2026-03-01', to: '2026-03-31', compare: 'previous' });
    expect(card(present).followUps.due).toBe(1);
    expect(previous).toMatchObject({ period: { from: '2026-02-01', to: '2026-02-28' }, scorecards: [{ groups: [{ followUps: { due: 1 } }] }, {}] });
  }));

  it('measures a response over a weekend in the owner’s business hours', () => over([
    event('lead-l', 'LeadCaptured', '2026-03-27T15:00:00.000Z', { leadId: 'l', source: 'web', contact: {}, ownerId: 'ada' }),
    event('lead-l', 'LeadContacted', '2026-03-30T08:00:00.000Z', { leadId: 'l', memberId: 'ada', channel: 'call', direction: 'outbound', automated: false }),
  ], async (ask) => {
    // Friday 16:00 to Monday 10:00 in Zurich, the clocks going forward on Sunday: an hour on Friday, an hour on Monday.
    const { leadResponse } = card(await ask({ from: '2026-03-27', to: '2026-03-27' }));
    expect([leadResponse.wall.median, leadResponse.business.median, leadResponse.neverContacted]).toEqual([65 * 60, 120, 0]);
  }));

  it('knows the load at the end of a day, and the hand-off to an executive', () => over([
    event('member-ada', 'CapacitySet', '2026-01-01T00:00:00.000Z', { memberId: 'ada', openItemsMax: 1 }), event('member-ben', 'CapacitySet', '2026-01-01T00:00:00.000Z', { memberId: 'ben', openItemsMax: 4 }),
    event('lead-l', 'LeadCaptured', '2026-03-02T09:00:00.000Z', { leadId: 'l', source: 'web', contact: {}, ownerId: 'ada' }), event('lead-k', 'LeadCaptured', '2026-03-02T09:00:00.000Z', { leadId: 'k', source: 'web', contact: {}, ownerId: 'ada' }),
    event('deal-d', 'DealOpened', '2026-03-03T09:00:00.000Z', { dealId: 'd', ownerId: 'ben', leadId: 'l', value: { amountMinor: 1, currency: 'EUR' } }),
    event('lead-k', 'LeadAssigned', '2026-03-03T10:00:00.000Z', { leadId: 'k', ownerId: 'ben', from: 'ada' }),
    event('lead-k', 'LeadContacted', '2026-03-03T10:30:00.000Z', { leadId: 'k', memberId: 'ben', channel: 'call', direction: 'outbound', automated: false }),
  ], async (ask) => {
    const answer = await ask({ from: '2026-03-02', to: '2026-03-03', asOf: '2026-03-03T10:30:00.000Z' });
    expect(card(answer).workload).toMatchObject({ openWeighted: 1, workload: { numerator: 1, denominator: 1 }, overloadDays: 1, memberDays: 2 });
    expect(card(answer, 'executive').workload).toMatchObject({ openWeighted: 2, workload: { value: 0.5 }, overloadDays: 0 });
    expect(card(answer, 'executive').handoffLatency).toMatchObject({ handoffs: 2, wall: { count: 1, median: 30, open: { count: 1, median: 90 } } });
  }));

  it('tells no-shows from the cancelled, and counts how often a meeting was moved', () => over([
    ...['a', 'b', 'c', 'missed', 'off', 'ahead'].map((id) => event(`meeting-${id}`, 'MeetingScheduled', '2026-03-02T08:00:00.000Z', { meetingId: id, subject: SUBJECT, ownerId: 'ada', title: 't', attendeeIds: [], startsAt: '2026-03-10T09:00:00.000Z', endsAt: '2026-03-10T10:00:00.000Z', zone: 'UTC' })),
    ...['2026-04-01T09:00:00.000Z', '2026-03-31T09:00:00.000Z'].map((startsAt) => event('meeting-a', 'MeetingRescheduled', '2026-03-03T08:00:00.000Z', { meetingId: 'a', startsAt, endsAt: startsAt, from: {}, reason: 'r' })),
    ...['a', 'b', 'c'].map((id) => event(`meeting-${id}`, 'MeetingHeld', '2026-03-31T10:00:00.000Z', { meetingId: id, outcome: 'progressed' })),
    event('meeting-missed', 'MeetingMissed', '2026-03-31T10:00:00.000Z', { meetingId: 'missed' }), event('meeting-off', 'MeetingCancelled', '2026-03-31T10:00:00.000Z', { meetingId: 'off', reason: 'r', by: 'us' }),
  ], async (ask) => {
    expect(card(await ask({ from: '2026-03-01', to: '2026-03-31' })).meetings).toMatchObject({
      meetings: 6, held: 3, noShows: 1, cancelled: 1, open: 1, noShowRate: { numerator: 1, denominator: 4, value: 0.25 }, holdRate: { numerator: 3, denominator: 5 }, reschedulesPerMeeting: { numerator: 2, denominator: 6 },
    });
  }));

  it('splits a contract’s turnaround into our time and the client’s', () => {
    const contract = (id: string, type: string, at: string, more: object = {}) => event(`contract-${id}`, type, at, { contractId: id, ...more });
    const drafted = (id: string) => contract(id, 'ContractDrafted', '2026-03-02T08:00:00.000Z', { dealId: 'd', ownerId: 'ada', dueAt: '2026-03-06T08:00:00.000Z' });
    return over([
      drafted('intime'), contract('intime', 'ContractSent', '2026-03-03T08:00:00.000Z'), contract('intime', 'ContractSigned', '2026-03-06T08:00:00.000Z'), drafted('late'), contract('late', 'ContractSigned', '2026-03-06T09:00:00.000Z'),
      drafted('void'), contract('void', 'ContractVoided', '2026-03-05T08:00:00.000Z', { reason: 'r' }), drafted('waiting'), contract('waiting', 'ContractSent', '2026-03-04T08:00:00.000Z'),
    ], async (ask) => {
      const { contracts, contractsOnTime } = card(await ask({ from: '2026-03-01', to: '2026-03-31', asOf: '2026-03-08T08:00:00.000Z' }));
      const hours = ({ wall }: { wall: { count: number; mean: number | null; open: { count: number; mean: number | null } } }) => [wall.count, wall.mean! / 60, wall.open.count, wall.open.mean! / 60];
      // One was signed without being sent: all of its time was ours. Four days to 6 March; the one that waits is six days old.
      expect([hours(contracts.total), hours(contracts.own), hours(contracts.client)]).toEqual([[2, (96 + 97) / 2, 1, 144], [3, (24 + 97 + 48) / 3, 0, 0], [1, 72, 1, 96]]);
      expect(contractsOnTime).toMatchObject({ due: 3, onTime: { numerator: 1, value: 1 / 3 }, late: { numerator: 1 }, missed: { numerator: 1 }, cancelled: 1 });
    });
  });

  it('counts what was logged as last corrected, on the leap day too, and what machines saved apart', () => {
    const logged = (id: string, category: string, minutes: number, on: string, automated = false) => event(`workLog-${id}`, 'WorkLogged', '2024-03-01T08:00:00.000Z', { workLogId: id, memberId: 'ada', category, minutes, on, automated });
    return over([
      logged('a', 'data_entry', 30, '2024-02-29'), logged('b', 'selling', 90, '2024-02-29'), logged('c', 'reporting', 500, '2024-03-01'), logged('m', 'data_entry', 90, '2024-02-29', true),
      event('workLog-a', 'WorkCorrected', '2024-03-02T08:00:00.000Z', { workLogId: 'a', memberId: 'ada', category: 'data_entry', minutes: 10, on: '2024-02-29', from: { category: 'data_entry', minutes: 30, on: '2024-02-29' }, reason: 'r' }),
    ], async (ask) => {
      const answer = await ask({ from: '2024-02-01' });
      expect(answer.administrative).toMatchObject({ version: 1, categories: expect.arrayContaining(['data_entry']) });
      expect(card(answer).work).toEqual({ adminShare: { numerator: 10, denominator: 100, value: 0.1, sampleSize: 2 }, minutesByCategory: { data_entry: 10, selling: 90 }, hoursSaved: { actions: 1, minutes: 90, hours: 1.5 } });
    });
  });

  it('puts what was done for a deal and its lead against the deals closed, by outcome; a reopened one is not closed', () => {
    const deal = (id: string, type: string, at: string, more: object = {}) => event(`deal-${id}`, type, at, { dealId: id, ownerId: 'ben', ...more });
    const contact = (at: string) => event('lead-l', 'LeadContacted', at, { leadId: 'l', memberId: 'ada', channel: 'call', direction: 'outbound', automated: false });
    return over([
      event('lead-l', 'LeadCaptured', '2026-03-02T08:00:00.000Z', { leadId: 'l', source: 'web', contact: {}, ownerId: 'ada' }), contact('2026-03-02T09:00:00.000Z'), contact('2026-03-03T09:00:00.000Z'), contact('2026-03-20T09:00:00.000Z'),
      deal('won', 'DealOpened', '2026-03-04T09:00:00.000Z', { leadId: 'l' }), deal('lost', 'DealOpened', '2026-03-04T09:00:00.000Z'), deal('back', 'DealOpened', '2026-03-04T09:00:00.000Z', { leadId: 'l' }),
      ...['won', 'lost', 'back'].map((id) => deal(id, 'DealClosed', '2026-03-10T09:00:00.000Z', { outcome: id === 'lost' ? 'lost' : 'won' })), deal('back', 'DealReopened', '2026-03-11T09:00:00.000Z', { outcome: 'won' }),
    ], async (ask) => {
      const answer = await ask({ from: '2026-03-01', to: '2026-03-31' });
      // The contact after the closing was not for it.
      expect(card(answer).activitiesPerDeal).toMatchObject({ won: { numerator: 2, denominator: 1, value: 2, byKind: { contact: 2 } }, lost: { numerator: 0, denominator: 1, value: 0 } });
      expect(card(await ask({ from: '2026-03-01', to: '2026-03-31', asOf: '2026-03-10T12:00:00.000Z' })).activitiesPerDeal.won).toMatchObject({ numerator: 4, denominator: 2 });
    });
  });

  it('keeps the holidays of a calendar as it was on the day, whatever it became', () => {
    const calendar = (at: string, holidays: string[], hours = { from: '09:00', to: '17:00' }) => event('member-ada', 'WorkCalendarSet', at, { memberId: 'ada', zone: 'Europe/Zurich', weekdays: [1, 2, 3, 4, 5], hours, holidays });
    return over([
      calendar('2026-01-01T00:00:00.000Z', ['2026-03-03']), event('lead-l', 'LeadCaptured', '2026-03-02T15:00:00.000Z', { leadId: 'l', source: 'web', contact: {}, ownerId: 'ada' }),
      event('lead-l', 'LeadContacted', '2026-03-04T09:00:00.000Z', { leadId: 'l', memberId: 'ada', channel: 'call', direction: 'outbound', automated: false }), calendar('2026-03-05T00:00:00.000Z', [], { from: '00:00', to: '24:00' }),
    ], async (ask) => {
      // Monday 16:00 to Wednesday 10:00, Tuesday being a holiday then: an hour on either day.
      expect(card(await ask({ from: '2026-03-01', to: '2026-03-31' })).leadResponse.business.median).toBe(120);
    });
  });

  it('credits a task to who had it when it came due, or to who has it now, and counts open ones by age', () => {
    const task = (id: string, type: string, at: string, more: object = {}) => event(`task-${id}`, type, at, { taskId: id, ...more });
    const allocated = (id: string, at: string) => task(id, 'TaskAllocated', at, { title: 't', ownerId: 'ada', dueAt: '2026-03-10T09:00:00.000Z' });
    return over([
      allocated('passed', '2026-03-02T09:00:00.000Z'), task('passed', 'TaskReassigned', '2026-03-11T09:00:00.000Z', { ownerId: 'ben', from: 'ada' }), allocated('old', '2026-03-01T09:00:00.000Z'), allocated('new', '2026-03-09T10:00:00.000Z'),
    ], async (ask) => {
      const march = { from: '2026-03-01', to: '2026-03-31', asOf: '2026-03-12T09:00:00.000Z' };
      const due = (answer: EfficiencyAnswer) => [card(answer).tasksOnTime.due, card(answer, 'executive').tasksOnTime.due];
      expect([due(await ask(march)), due(await ask({ ...march, credit: 'current' }))]).toEqual([[3, 0], [2, 1]]);
      expect(card(await ask(march)).taskHandling.openByAge).toEqual({ upTo1Day: 0, upTo3Days: 1, upTo7Days: 0, upTo30Days: 1, older: 0 });
    });
  });
});
