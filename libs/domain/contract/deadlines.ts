import { build } from '../../kernel/command.js';
import type { DeadlineSource } from '../../kernel/deadline.js';
import { MarkContractDeadlineMissed } from './commands.js';
import type { ContractEvent } from './events.js';

/** A contract misses its deadline when it is not signed at its due time; sending it does not stop the clock. */
export const contractDeadline: DeadlineSource<ContractEvent> = {
  kind: 'contract_deadline_missed',
  category: 'contract',
  events: ['ContractDrafted', 'ContractSigned', 'ContractVoided', 'ContractDeadlineMissed'],
  after(event) {
    switch (event.type) {
      case 'ContractDrafted': return { dueAt: event.data.dueAt, ringAt: event.data.dueAt };
      case 'ContractSent': return undefined;
      case 'ContractSigned':
      case 'ContractVoided':
      case 'ContractDeadlineMissed': return null;
    }
  },
  command: (contractId, { dueAt }) => build(MarkContractDeadlineMissed, { contractId, dueAt }),
};
