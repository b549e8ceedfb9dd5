import { context, streamOf, type Facts } from '../../kernel/context.js';
import { memberStanding, memberStream } from '../member/facts.js';
import { companySettings, SETTINGS_STREAM } from '../policy/facts.js';
import { DraftContract, MarkContractDeadlineMissed, SendContract, SignContract, VoidContract, type ContractCommand } from './commands.js';
import { contract, contractRefusals, type Contract, type ContractFacts } from './decider.js';
import { contractEvents } from './events.js';

const NOT_ASKED: ContractFacts = { owner: { status: 'unknown' }, dealExists: false, turnaroundDays: 0, zone: 'UTC' };

const facts: Facts<ContractCommand, Contract, ContractFacts> = async (read, command) => {
  if (command.type !== 'DraftContract') return NOT_ASKED;
  const [owner, dealExists, settings] = await Promise.all([
    read.fold(memberStream(command.ownerId), memberStanding),
    read.exists(streamOf('deal', command.dealId)),
    read.fold(SETTINGS_STREAM, companySettings),
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
