import { describe, it } from '@jest/globals';
import type { Said } from '../../testing/in-memory-log.js';
import { memberAdded, ruleSpec } from '../../testing/rule-spec.js';
import { handOverClients, onboardWonDeal } from './rules.js';

const value = { amountMinor: 1_200_005, currency: 'EUR' };
const opened = (more: object = {}): Said => ({ type: 'DealOpened', data: { dealId: 'd1', name: 'Crates 2026', ownerId: 'ada', pipelineId: 'default', stage: 'prospecting', value, company: 'Vela Marine', region: 'north', leadId: 'l1', ...more } });
const closed = (outcome: 'won' | 'lost'): Said => ({ type: 'DealClosed', data: { dealId: 'd1', outcome, value, ownerId: 'bob', stage: 'negotiation' } });
const { given } = ruleSpec(onboardWonDeal);

describe('a won deal', () => {
  it('brings a client, its value spread over a year', () =>
    given(opened()).when(closed('won')).then({ type: 'OnboardClient', clientId: '', name: 'Vela Marine', ownerId: 'bob', monthlyRevenue: { amountMinor: 100_000, currency: 'EUR' }, renewalOn: '2027-03-02', dealId: 'd1', leadId: 'l1', region: 'north' }));
  it('brings one for the term that is set up', () => ruleSpec(onboardWonDeal, { termMonths: 24 }).given(opened({ company: undefined })).when(closed('won')).then({ type: 'OnboardClient', name: 'Crates 2026', monthlyRevenue: { amountMinor: 50_000, currency: 'EUR' }, renewalOn: '2028-03-02' }));
  it('is to be renewed as many months after the day it was won on where its owner is', () => {
    const won = { ...closed('won'), occurredAt: '2026-02-28T20:00:00.000Z' };
    given(memberAdded('bob', { zone: 'Asia/Tokyo' }), opened()).when(won).then({ type: 'OnboardClient', renewalOn: '2027-03-01' });
    given(memberAdded('bob', { zone: 'UTC' }), opened()).when(won).then({ type: 'OnboardClient', renewalOn: '2027-02-28' });
  });
  it('with a client brings no other', () => given(opened({ clientId: 'c1' })).when(closed('won')).thenNothing());
  it('that was reopened and won again brings no second one', () => {
    const spec = given(opened());
    spec.when(closed('won')).then({ type: 'OnboardClient' });
    spec.when(closed('won')).thenNothing();
    given(opened(), { type: 'ClientOnboarded', data: { clientId: 'c1', name: 'x', ownerId: 'ada', monthlyRevenue: value, contact: {}, dealId: 'd1' } }).when(closed('won')).thenNothing();
  });
});

describe('a lost deal', () => {
  it('brings no client', () => given(opened()).when(closed('lost')).thenNothing());
});

describe('the clients of one who leaves', () => {
  it('go to another of their role', () =>
    ruleSpec(handOverClients).given(memberAdded('ada'), memberAdded('bob'), { type: 'ClientOnboarded', data: { clientId: 'c1', name: 'x', ownerId: 'ada', monthlyRevenue: value, contact: {} } }, { type: 'MemberOffboarded', data: { memberId: 'ada', leftAt: '2026-03-02T00:00:00.000Z' } })
      .byNow('2026-03-02T09:00:00.000Z').then({ type: 'ReassignClient', clientId: 'c1', ownerId: 'bob' }));
});
