import { describe, expect, it } from '@jest/globals';
import type { Recorded } from '../../kernel/event.js';
import { MarkContractDeadlineMissed } from './commands.js';
import { contractDeadline } from './deadlines.js';
import type { ContractEvent } from './events.js';

const contractId = 'k1';
const DUE = '2026-03-16T12:00:00.000Z';
const due = { dueAt: DUE, ringAt: DUE };
const after = (event: ContractEvent) => contractDeadline.after(event as Recorded<ContractEvent>); // a deadline reads type and data alone

describe('the alarm of a contract', () => {
  it('is set by the draft', () => expect(after({ type: 'ContractDrafted', data: { contractId, dealId: 'd1', ownerId: 'ada', dueAt: DUE } })).toEqual(due));
  it('goes on when the contract is sent', () => expect(after({ type: 'ContractSent', data: { contractId } })).toBeUndefined());
  it('is cleared when it is signed, void or missed', () => {
    const ends: ContractEvent[] = [{ type: 'ContractSigned', data: { contractId } }, { type: 'ContractVoided', data: { contractId, reason: 'lost' } }, { type: 'ContractDeadlineMissed', data: { contractId, dueAt: DUE } }];
    expect(ends.map(after)).toEqual([null, null, null]);
    expect(contractDeadline.events).toEqual(['ContractDrafted', ...ends.map(({ type }) => type)]);
  });
  it('names the due time it was set for', () => expect(contractDeadline.command(contractId, due, contractId)).toEqual(Object.assign(new MarkContractDeadlineMissed(), { contractId, dueAt: DUE })));
});
