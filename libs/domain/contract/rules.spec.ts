import { describe, it } from '@jest/globals';
import type { Said } from '../../testing/in-memory-log.js';
import { ruleSpec } from '../../testing/rule-spec.js';
import { contractForWonDeal } from './rules.js';

const value = { amountMinor: 1_200_000, currency: 'EUR' };
const opened: Said = { type: 'DealOpened', data: { dealId: 'd1', name: 'Crates 2026', ownerId: 'ada', pipelineId: 'default', stage: 'prospecting', value, clientId: 'c1' } };
const closed = (outcome: 'won' | 'lost'): Said => ({ type: 'DealClosed', data: { dealId: 'd1', outcome, value, ownerId: 'bob', stage: 'negotiation' } });
const drafted: Said = { type: 'ContractDrafted', data: { contractId: 'k1', dealId: 'd1', ownerId: 'bob', dueAt: '2026-03-16T09:00:00.000Z' } };
const { given } = ruleSpec(contractForWonDeal);

describe('the contract of a won deal', () => {
  it('is drafted for its owner, due when the policy says', () => given(opened).when(closed('won')).then({ type: 'DraftContract', contractId: '', dealId: 'd1', clientId: 'c1', ownerId: 'bob', title: 'Crates 2026' }));
  it('is drafted once', () => given(opened, drafted).when(closed('won')).thenNothing());
  it('is drafted anew where the last one was voided', () => given(opened, drafted, { type: 'ContractVoided', data: { contractId: 'k1', reason: 'terms' } }).when(closed('won')).then({ type: 'DraftContract' }));
  it('is not drafted for a lost one', () => given(opened).when(closed('lost')).thenNothing());
});
