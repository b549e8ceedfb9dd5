import { context, streamOf, type Facts } from '../../kernel/context.js';
import { memberAt } from '../member/facts.js';
import { settingsAt } from '../policy/facts.js';
import { DraftContract, MarkContractDeadlineMissed, SendContract, SignContract, VoidContract, type ContractCommand } from './commands.js';
import { contract, contractRefusals, type Contract, type ContractFacts } from './decider.js';
import { contractEvents } from './events.js';

const NOT_ASKED: ContractFacts = { owner: { status: 'unknown' }, dealExists: false, turnaroundDays: 0, zone: 'UTC' };

const facts: Facts<ContractCommand, Contract, ContractFacts> = async (read, command, _, occurredAt) => {
  if (command.type !== 'DraftContract') return NOT_ASKED;
  const [owner, dealExists, settings] = await Promise.all([
    memberAt(read, command.ownerId, occurredAt),
    read.exists(streamOf('deal', command.dealId)),
    settingsAt(read, occurredAt),
  ]);
  return { owner, dealExists, turnaroundDays: settings.contractTurnaroundDays, zone: owner.status === 'unknown' ? settings.zone : owner.zone };
};

export const contractContext = context({
  name: 'contract',
  category: 'contract',
  idField: 'contractId',
  commands: [DraftContract, SendContract, SignContract, VoidContract, MarkContractDeadlineMissed],
  events: contractEvents,
  refusals: contractRefusals,
  decider: contract,
  facts,
});
