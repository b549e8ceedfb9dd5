import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import { daysAfter } from '../../kernel/local-time.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { ownerProblem, type MemberStanding } from '../member/facts.js';
import type { ContractCommand, DraftContract } from './commands.js';
import type { ContractEvent } from './events.js';

export type Contract =
  | { readonly status: 'absent' }
  | { readonly status: 'signed' }
  | { readonly status: 'voided' }
  /** `since`: when it was drafted or sent. */
  | { readonly status: 'drafted' | 'sent'; readonly dueAt: Instant; readonly deadlineMissed: boolean; readonly since: Instant };

/** Read only when a contract is drafted; the other commands need nothing but its own stream. */
export interface ContractFacts {
  readonly owner: MemberStanding;
  readonly dealExists: boolean;
  readonly turnaroundDays: number;
  /** The owner's: a turnaround ends at the same hour of their day. */
  readonly zone: string;
}

export type ContractRefusal =
  | 'contract_not_found' | 'contract_already_exists' | 'contract_already_closed' | 'contract_due_in_past' | 'contract_out_of_order' | 'contract_deadline_not_passed' | 'deal_unknown' | 'owner_unknown' | 'owner_offboarded';

export const contractRefusals: RefusalCatalog<ContractRefusal> = {
  contract_not_found: { kind: 'not_found', title: 'No contract has this id.' },
  contract_already_exists: { kind: 'conflict', title: 'A contract with this id was already drafted.' },
  contract_already_closed: { kind: 'conflict', title: 'The contract was already signed or voided.' },
  contract_due_in_past: { kind: 'invalid', title: 'A contract must be due after the moment it is drafted.' },
  contract_out_of_order: { kind: 'invalid', title: 'A contract cannot be sent before it was drafted, nor signed or voided before that.' },
  contract_deadline_not_passed: { kind: 'conflict', title: 'The due time has not passed yet.' },
  deal_unknown: { kind: 'invalid', title: 'The deal that the contract is for is not known.' },
  owner_unknown: { kind: 'invalid', title: 'No member has the id given as owner.' },
  owner_offboarded: { kind: 'invalid', title: 'The member given as owner has left.' },
};

/** A contract: drafted, sent, then signed or voided. It may be signed unsent, at the table; after its deadline it is signed late. */
export const contract: Decider<ContractCommand, Contract, ContractEvent, ContractRefusal, ContractFacts> = {
  initial: { status: 'absent' },

  evolve(state, event) {
    switch (event.type) {
      case 'ContractDrafted': return { status: 'drafted', dueAt: event.data.dueAt, deadlineMissed: false, since: event.occurredAt ?? event.data.dueAt };
      case 'ContractSent': return 'dueAt' in state ? { ...state, status: 'sent', since: event.occurredAt ?? state.since } : state;
      case 'ContractDeadlineMissed': return 'dueAt' in state ? { ...state, deadlineMissed: true } : state;
      case 'ContractSigned': return { status: 'signed' };
      case 'ContractVoided': return { status: 'voided' };
    }
  },

  decide(state, command, { now, occurredAt, facts }) {
    const { contractId } = command;
    if (command.type === 'DraftContract') return state.status === 'absent' ? draft(command, occurredAt, facts) : refuse('contract_already_exists');
    if (state.status === 'absent') return refuse('contract_not_found');
    if (command.type === 'MarkContractDeadlineMissed') {
      // Alarms ring late, early and twice: one counts only for the due time that set it.
      if (state.status === 'signed' || state.status === 'voided' || state.deadlineMissed || state.dueAt !== command.dueAt) return accept();
      if (now < state.dueAt) return refuse('contract_deadline_not_passed', `due ${state.dueAt}`);
      return accept({ type: 'ContractDeadlineMissed', data: { contractId, dueAt: state.dueAt } });
    }
    if (state.status === 'signed' || state.status === 'voided') return command.type === 'VoidContract' && state.status === 'voided' ? accept() : refuse('contract_already_closed', state.status);
    if (command.type === 'SendContract' && state.status === 'sent') return accept();
    if (occurredAt < state.since) return refuse('contract_out_of_order', `${state.status} ${state.since}`);
    switch (command.type) {
      case 'SendContract':
        return accept({ type: 'ContractSent', data: { contractId, ...(command.channel && { channel: command.channel }), ...(command.note && { note: command.note }) } });
      case 'SignContract':
        return accept({ type: 'ContractSigned', data: { contractId, ...(command.note && { note: command.note }) } });
      case 'VoidContract':
        return accept({ type: 'ContractVoided', data: { contractId, reason: command.reason } });
    }
  },
};

function draft(command: DraftContract, occurredAt: Instant, { owner, dealExists, turnaroundDays, zone }: ContractFacts): Decision<ContractEvent, ContractRefusal> {
  const { contractId, dealId, clientId, ownerId, title } = command;
  const problem = ownerProblem(owner, occurredAt);
  if (problem) return refuse(problem, ownerId);
  if (!dealExists) return refuse('deal_unknown', dealId);
  const dueAt = command.dueAt ?? daysAfter(occurredAt, turnaroundDays, zone);
  if (dueAt <= occurredAt) return refuse('contract_due_in_past', `due ${dueAt}, drafted ${occurredAt}`);
  return accept({ type: 'ContractDrafted', data: { contractId, dealId, ...(clientId && { clientId }), ownerId, ...(title && { title }), dueAt } });
}
