import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../libs/kernel/event.js';
import type { Said } from '../../libs/testing/in-memory-log.js';
import { pgliteKind, type StoreKind } from '../../libs/testing/stores.js';
import { activity, coordinatorEfficiency, roster } from '../../projections/coordinator-efficiency/coordinator-efficiency.projection.js';
import { coordinatorEfficiencyReport, type EfficiencyAnswer, type EfficiencyFigures } from '../../projections/coordinator-efficiency/coordinator-efficiency.report.js';
import { withLive } from './coordinator-efficiency.live.js';

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
  beforeAll(async () => { kind = await pgliteKind(); }, 120_000);
  afterAll(() => kind.stop());

  const over = (history: readonly Said<DomainEvent>[], work: (ask: Asked) => Promise<void>): Promise<void> =>
    withLive(kind, [coordinatorEfficiency, activity, roster], coordinatorEfficiencyReport, [...staff, ...history], ({ ask }) => work((query) => ask<EfficiencyAnswer>(query)));
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
});
