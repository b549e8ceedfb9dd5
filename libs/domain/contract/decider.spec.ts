import fc from 'fast-check';
import { describe, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { DraftContract, MarkContractDeadlineMissed, SendContract, SignContract, VoidContract, type ContractCommand } from './commands.js';
import { contractContext } from './contract.context.js';
import { contract, type ContractFacts } from './decider.js';
import type { ContractEvent } from './events.js';

const contractId = 'k1';
const DUE = '2026-03-16T12:00:00.000Z';
const EARLIER = '2026-03-02T08:59:59.999Z';
const facts: ContractFacts = { owner: { status: 'active', role: 'coordinator', zone: 'UTC' }, dealExists: true, turnaroundDays: 14, zone: 'Europe/Zurich' };

const drafted: ContractEvent = { type: 'ContractDrafted', data: { contractId, dealId: 'd1', ownerId: 'ada', dueAt: DUE } };
const sent: ContractEvent = { type: 'ContractSent', data: { contractId, channel: 'e_signature', note: 'version 2' } };
const signed: ContractEvent = { type: 'ContractSigned', data: { contractId } };
const voided: ContractEvent = { type: 'ContractVoided', data: { contractId, reason: 'deal lost' } };
const missed: ContractEvent = { type: 'ContractDeadlineMissed', data: { contractId, dueAt: DUE } };

const draft = build(DraftContract, { contractId, dealId: 'd1', ownerId: 'ada', dueAt: DUE });
const draftUndated = build(DraftContract, { contractId, dealId: 'd1', ownerId: 'ada' });
const send = build(SendContract, { contractId, channel: 'e_signature', note: 'version 2' });
const sign = build(SignContract, { contractId });
const withdraw = build(VoidContract, { contractId, reason: 'deal lost' });
const alarm = (dueAt: string) => build(MarkContractDeadlineMissed, { contractId, dueAt });

const { given } = deciderSpec(contract, facts);

describe('a contract', () => {
  it('is drafted with the time it is due', () => given().when(draft).then(drafted));
  it('keeps its client and title', () =>
    given().when(build(DraftContract, { ...draft, clientId: 'c1', title: 'Master agreement' })).then({ type: 'ContractDrafted', data: { contractId, dealId: 'd1', clientId: 'c1', ownerId: 'ada', title: 'Master agreement', dueAt: DUE } }));
  it('is due after the turnaround that the policy gives', () => given().when(draftUndated).then({ type: 'ContractDrafted', data: { contractId, dealId: 'd1', ownerId: 'ada', dueAt: '2026-03-16T09:00:00.000Z' } }));
  it('is due at the same hour of the day where the clocks change in between', () =>
    given().when(draftUndated, { occurredAt: '2026-03-20T09:00:00.000Z' }).then({ type: 'ContractDrafted', data: { contractId, dealId: 'd1', ownerId: 'ada', dueAt: '2026-04-03T08:00:00.000Z' } }));
  it('is not drafted twice', () => given(drafted).when(draft).thenRefused('contract_already_exists'));
  it('is due after it is drafted', () => given().when(draft, { occurredAt: DUE }).thenRefused('contract_due_in_past'));
  it('needs a deal that is known', () => given().when(draft, { facts: { ...facts, dealExists: false } }).thenRefused('deal_unknown'));
  it('needs an owner who is known', () => given().when(draft, { facts: { ...facts, owner: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('needs an owner who has not left', () =>
    given().when(draft, { facts: { ...facts, owner: { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW } } }).thenRefused('owner_offboarded'));

  it('is sent', () => given(drafted).when(send).then(sent));
  it('is sent once', () => given(drafted, sent).when(send).thenNothing());
  it('is not sent before it was drafted', () => given(drafted).when(send, { occurredAt: EARLIER }).thenRefused('contract_out_of_order'));

  it('is signed', () => given(drafted, sent).when(build(SignContract, { contractId, note: 'both originals' })).then({ type: 'ContractSigned', data: { contractId, note: 'both originals' } }));
  it('can be signed at the table, never sent', () => given(drafted).when(sign).then(signed));
  it('can still be signed late', () => given(drafted, sent, missed).when(sign).then(signed));
  it('is not signed before it was sent', () => given({ ...drafted, occurredAt: EARLIER }, sent).when(sign, { occurredAt: EARLIER }).thenRefused('contract_out_of_order'));

  it('is voided', () => given(drafted, sent).when(withdraw).then(voided));
  it('stays void', () => given(drafted, voided).when(withdraw).thenNothing());
  it('is neither sent, signed nor voided once signed', () => {
    for (const command of [send, sign, withdraw]) given(drafted, signed).when(command).thenRefused('contract_already_closed');
  });
  it('is neither sent nor signed once void', () => {
    for (const command of [send, sign]) given(drafted, voided).when(command).thenRefused('contract_already_closed');
  });

  it('misses its deadline when that passes', () => given(drafted, sent).when(alarm(DUE), { now: DUE }).then(missed));
  it('has not missed a deadline that lies ahead', () => given(drafted).when(alarm(DUE), { now: '2026-03-16T11:59:59.999Z' }).thenRefused('contract_deadline_not_passed'));
  it('misses its deadline once', () => given(drafted, missed).when(alarm(DUE), { now: DUE }).thenNothing());
  it('misses its deadline once, sent after that or not', () => given(drafted, missed, sent).when(alarm(DUE), { now: DUE }).thenNothing());
  it('ignores the alarm of a due time it does not have', () => given(drafted).when(alarm('2026-03-15T12:00:00.000Z'), { now: DUE }).thenNothing());
  it('ignores an alarm once signed or void', () => {
    for (const closed of [signed, voided]) given(drafted, closed).when(alarm(DUE), { now: DUE }).thenNothing();
  });

  it('is unknown until drafted', () => {
    for (const command of [send, sign, withdraw, alarm(DUE)]) given().when(command, { now: DUE }).thenRefused('contract_not_found');
  });

  it('does once what is sent twice, after any history', () => {
    const due = fc.integer({ min: 0, max: 5_000 }).map((minutes) => new Date(Date.parse(SPEC_NOW) + minutes * 60_000).toISOString());
    const commands: fc.Arbitrary<ContractCommand> = fc.oneof(
      due.map((dueAt) => build(DraftContract, { ...draft, dueAt })),
      fc.constant(draftUndated),
      fc.constant(send),
      fc.constant(sign),
      fc.constant(withdraw),
      due.map(alarm),
    );
    holdsTwiceIsOnce(contractContext, commands, fc.constant(facts));
  });
});
