import { Command } from '../../kernel/command.js';
import type { Instant } from '../../kernel/event.js';
import { IsId, IsInstant, IsOneOf, IsText } from '../../kernel/fields.js';
import { CONTRACT_CHANNELS, type ContractChannel } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;

@Command({ path: 'POST /contracts', roles: SELLERS, creates: true, summary: 'Draft the contract of a deal, with the time by which it is to be signed' })
export class DraftContract {
  declare readonly type: 'DraftContract';
  @IsId() contractId!: string;
  @IsId() dealId!: string;
  @IsId({ optional: true }) clientId?: string;
  @IsId({ description: 'The member who sees to it' }) ownerId!: string;
  @IsText({ optional: true, max: 200 }) title?: string;
  @IsInstant({ optional: true, description: 'When it is to be signed by; when left out, the turnaround that the policy gives' }) dueAt?: Instant;
}

@Command({ path: 'POST /contracts/:contractId/send', roles: SELLERS, summary: 'Say that the contract went to the client: from now on it waits on them' })
export class SendContract {
  declare readonly type: 'SendContract';
  @IsId() contractId!: string;
  @IsOneOf(CONTRACT_CHANNELS, { optional: true }) channel?: ContractChannel;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /contracts/:contractId/sign', roles: SELLERS, summary: 'Say that the contract is signed by all' })
export class SignContract {
  declare readonly type: 'SignContract';
  @IsId() contractId!: string;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /contracts/:contractId/void', roles: SELLERS, summary: 'Withdraw a contract that is not signed: it is no longer due' })
export class VoidContract {
  declare readonly type: 'VoidContract';
  @IsId() contractId!: string;
  @IsText() reason!: string;
}

@Command({ path: 'POST /contracts/:contractId/miss-deadline', roles: ['system'], summary: 'The alarm of a due time: marks the deadline missed if that due time still stands and has passed' })
export class MarkContractDeadlineMissed {
  declare readonly type: 'MarkContractDeadlineMissed';
  @IsId() contractId!: string;
  @IsInstant({ description: 'The due time the alarm was set for' }) dueAt!: Instant;
}

export type ContractCommand = DraftContract | SendContract | SignContract | VoidContract | MarkContractDeadlineMissed;
