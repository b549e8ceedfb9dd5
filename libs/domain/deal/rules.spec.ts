import { describe, it } from '@jest/globals';
import type { Said } from '../../testing/in-memory-log.js';
import { memberAdded, ruleSpec } from '../../testing/rule-spec.js';
import { handOverDeals } from './rules.js';

const opened: Said = { type: 'DealOpened', data: { dealId: 'x1', name: 'Crates', ownerId: 'ada', pipelineId: 'default', stage: 'prospecting', value: { amountMinor: 1, currency: 'EUR' } } };
const ended: Said = { type: 'DealClosed', data: { dealId: 'x1', outcome: 'lost', value: { amountMinor: 1, currency: 'EUR' }, ownerId: 'ada', stage: 'prospecting' } };
const left: Said = { type: 'MemberOffboarded', data: { memberId: 'ada', leftAt: '2026-03-02T00:00:00.000Z' } };
const { given } = ruleSpec(handOverDeals);

describe('an open deal of one who leaves', () => {
  it('goes to another of their role, with the reason', () =>
    given(memberAdded('ada'), memberAdded('bob'), memberAdded('max', { role: 'manager' }), opened, left).byNow('2026-03-02T09:00:00.000Z').then({ type: 'ReassignDeal', dealId: 'x1', ownerId: 'bob', reason: 'ada has left' }));
  it('stays where it is once it is closed', () => given(memberAdded('ada'), memberAdded('bob'), opened, ended, left).byNow('2026-03-02T09:00:00.000Z').thenNothing());
});
