import { Command } from '../../kernel/command.js';
import type { Instant, LocalDate, Money } from '../../kernel/event.js';
import { IsDay, IsId, IsInstant, IsMoney, IsOneOf, IsText } from '../../kernel/fields.js';
import { IsSubject, type SubjectRef } from '../subject.js';
import { CASE_CHANNELS, CASE_KINDS, SERVICE_LEVELS, type CaseChannel, type CaseKind, type ServiceLevel } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;
const OWNER_WHEN_LEFT_OUT = 'When left out: the owner of the case';
const CHOSEN_BY_CALLER = 'Chosen by the caller, so that the same one sent twice is one';

@Command({ path: 'POST /cases', roles: SELLERS, creates: true, summary: 'Open a case for what a client asks, complains of or expects; its due times follow from the policy and the owner’s hours' })
export class OpenCase {
  declare readonly type: 'OpenCase';
  @IsId() caseId!: string;
  @IsOneOf(CASE_KINDS) kind!: CaseKind;
  @IsSubject() subject!: SubjectRef;
  @IsId({ optional: true, description: 'When left out: the client the subject is, if it is one' }) clientId?: string;
  @IsId({ description: 'The member who sees to it' }) ownerId!: string;
  @IsText({ max: 200 }) title!: string;
  @IsOneOf(CASE_CHANNELS, { optional: true }) channel?: CaseChannel;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /cases/:caseId/responses', roles: SELLERS, summary: 'Record an answer to the client; the first one meets the response time' })
export class RespondToCase {
  declare readonly type: 'RespondToCase';
  @IsId() caseId!: string;
  @IsId({ description: CHOSEN_BY_CALLER }) responseId!: string;
  @IsId({ optional: true, description: OWNER_WHEN_LEFT_OUT }) memberId?: string;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /cases/:caseId/escalate', roles: SELLERS, summary: 'Hand a case up to another member; its due times stay' })
export class EscalateCase {
  declare readonly type: 'EscalateCase';
  @IsId() caseId!: string;
  @IsId() ownerId!: string;
  @IsText() reason!: string;
}

@Command({ path: 'POST /cases/:caseId/resolve', roles: SELLERS, summary: 'Say how a case was settled; where it had no answer yet, this is the first' })
export class ResolveCase {
  declare readonly type: 'ResolveCase';
  @IsId() caseId!: string;
  @IsText() resolution!: string;
  @IsId({ optional: true, description: OWNER_WHEN_LEFT_OUT }) memberId?: string;
}

@Command({ path: 'POST /cases/:caseId/reopen', roles: SELLERS, summary: 'Take up a resolved case again, with a new due time for its resolution' })
export class ReopenCase {
  declare readonly type: 'ReopenCase';
  @IsId() caseId!: string;
  @IsText() reason!: string;
}

@Command({ path: 'POST /cases/:caseId/exceptions', roles: ['manager', 'admin'], summary: 'Waive a company policy for this case, in the name of whoever sends this' })
export class ApproveException {
  declare readonly type: 'ApproveException';
  @IsId() caseId!: string;
  @IsId({ description: CHOSEN_BY_CALLER }) exceptionId!: string;
  @IsText({ max: 200, description: 'The rule that is waived' }) policy!: string;
  @IsText() reason!: string;
  @IsMoney({ optional: true, description: 'What it costs' }) amount?: Money;
  @IsDay({ optional: true }) validUntil?: LocalDate;
}

@Command({ path: 'POST /cases/:caseId/promises', roles: SELLERS, summary: 'Record what was promised to the client, and for when' })
export class PromiseToClient {
  declare readonly type: 'PromiseToClient';
  @IsId() caseId!: string;
  @IsId({ description: CHOSEN_BY_CALLER }) promiseId!: string;
  @IsText() promise!: string;
  @IsInstant() dueAt!: Instant;
  @IsId({ optional: true, description: OWNER_WHEN_LEFT_OUT }) memberId?: string;
}

@Command({ path: 'POST /cases/:caseId/promises/:promiseId/keep', roles: SELLERS, summary: 'Say that a promise was kept, in time or late' })
export class KeepPromise {
  declare readonly type: 'KeepPromise';
  @IsId() caseId!: string;
  @IsId() promiseId!: string;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /cases/:caseId/promises/:promiseId/break', roles: ['system'], summary: 'The alarm of a promise: marks it broken if it still stands and its due time has passed' })
export class MarkPromiseBroken {
  declare readonly type: 'MarkPromiseBroken';
  @IsId() caseId!: string;
  @IsId() promiseId!: string;
  @IsInstant({ description: 'The due time the alarm was set for' }) dueAt!: Instant;
}

@Command({ path: 'POST /cases/:caseId/breach', roles: ['system'], summary: 'The alarm of a service level: marks it breached if its due time still stands and has passed' })
export class MarkServiceLevelBreached {
  declare readonly type: 'MarkServiceLevelBreached';
  @IsId() caseId!: string;
  @IsOneOf(SERVICE_LEVELS) kind!: ServiceLevel;
  @IsInstant({ description: 'The due time the alarm was set for' }) dueAt!: Instant;
}

export type CaseCommand =
  | OpenCase | RespondToCase | EscalateCase | ResolveCase | ReopenCase | ApproveException | PromiseToClient | KeepPromise | MarkPromiseBroken | MarkServiceLevelBreached;
