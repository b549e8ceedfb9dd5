import { Command } from '../../kernel/command.js';
import type { Instant, LocalDate, Money } from '../../kernel/event.js';
import { IsDay, IsId, IsInstant, IsMail, IsMoney, IsOneOf, IsPhone, IsText } from '../../kernel/fields.js';
import { CHURN_REASONS, type ChurnReason } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;
const WORD_LENGTH_MAX = 100;
const NAME_LENGTH_MAX = 200;
const MONTHLY = 'What it pays in a month; 0 where it pays nothing regularly';

@Command({ path: 'POST /clients', roles: SELLERS, creates: true, summary: 'Take on a client; its currency is that of its monthly revenue from now on' })
export class OnboardClient {
  declare readonly type: 'OnboardClient';
  @IsId() clientId!: string;
  @IsText({ max: NAME_LENGTH_MAX, description: 'The company or account' }) name!: string;
  @IsId({ description: 'The member who looks after it' }) ownerId!: string;
  @IsMoney({ description: MONTHLY }) monthlyRevenue!: Money;
  @IsDay({ optional: true, description: 'The last day on which it can be renewed in time' }) renewalOn?: LocalDate;
  @IsText({ optional: true, max: NAME_LENGTH_MAX }) contactName?: string;
  @IsMail({ optional: true }) contactEmail?: string;
  @IsPhone({ optional: true }) contactPhone?: string;
  @IsText({ optional: true, max: WORD_LENGTH_MAX }) segment?: string;
  @IsText({ optional: true, max: WORD_LENGTH_MAX }) region?: string;
  @IsText({ optional: true, max: WORD_LENGTH_MAX }) product?: string;
  @IsId({ optional: true, description: 'The deal that won it' }) dealId?: string;
  @IsId({ optional: true }) leadId?: string;
}

@Command({ path: 'POST /clients/:clientId/purchases', roles: SELLERS, summary: 'Record something bought and paid once' })
export class RecordPurchase {
  declare readonly type: 'RecordPurchase';
  @IsId() clientId!: string;
  @IsId({ description: 'Tells one purchase from another: an order or invoice number' }) purchaseId!: string;
  @IsMoney() amount!: Money;
  @IsId({ optional: true }) dealId?: string;
  @IsText({ optional: true, max: WORD_LENGTH_MAX }) product?: string;
}

@Command({ path: 'POST /clients/:clientId/renew', roles: SELLERS, summary: 'Renew a client until another day, perhaps at another price' })
export class RenewClient {
  declare readonly type: 'RenewClient';
  @IsId() clientId!: string;
  @IsDay({ description: 'The next renewal day' }) renewalOn!: LocalDate;
  @IsMoney({ optional: true, description: 'What it pays in a month from now on; left out: as before' }) monthlyRevenue?: Money;
}

@Command({ path: 'POST /clients/:clientId/expand', roles: SELLERS, summary: 'Say that a client pays more from now on' })
export class ExpandClient {
  declare readonly type: 'ExpandClient';
  @IsId() clientId!: string;
  @IsMoney({ description: MONTHLY }) monthlyRevenue!: Money;
  @IsId({ optional: true, description: 'The deal that brought it' }) dealId?: string;
  @IsText({ optional: true }) reason?: string;
}

@Command({ path: 'POST /clients/:clientId/downsize', roles: SELLERS, summary: 'Say that a client pays less from now on, and stays' })
export class DownsizeClient {
  declare readonly type: 'DownsizeClient';
  @IsId() clientId!: string;
  @IsMoney({ description: MONTHLY }) monthlyRevenue!: Money;
  @IsText({ optional: true }) reason?: string;
}

@Command({ path: 'POST /clients/:clientId/churn', roles: SELLERS, summary: 'Say that a client has left, and why' })
export class ChurnClient {
  declare readonly type: 'ChurnClient';
  @IsId() clientId!: string;
  @IsOneOf(CHURN_REASONS) reason!: ChurnReason;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /clients/:clientId/win-back', roles: SELLERS, summary: 'Say that a client who had left has come back' })
export class WinBackClient {
  declare readonly type: 'WinBackClient';
  @IsId() clientId!: string;
  @IsMoney({ description: MONTHLY }) monthlyRevenue!: Money;
  @IsDay({ optional: true }) renewalOn?: LocalDate;
  @IsId({ optional: true, description: 'The deal that won it back' }) dealId?: string;
}

@Command({ path: 'POST /clients/:clientId/reassign', roles: SELLERS, summary: 'Give a client to another member' })
export class ReassignClient {
  declare readonly type: 'ReassignClient';
  @IsId() clientId!: string;
  @IsId({ description: 'The member who looks after it from now on' }) ownerId!: string;
  @IsText({ optional: true }) reason?: string;
}

@Command({ path: 'POST /clients/:clientId/lapse', roles: ['system'], summary: 'The alarm of a renewal day: marks the renewal lapsed if that day still stands and is over' })
export class MarkRenewalLapsed {
  declare readonly type: 'MarkRenewalLapsed';
  @IsId() clientId!: string;
  @IsInstant({ description: 'The end of the renewal day the alarm was set for' }) lapsesAt!: Instant;
}

export type ClientCommand = OnboardClient | RecordPurchase | RenewClient | ExpandClient | DownsizeClient | ChurnClient | WinBackClient | ReassignClient | MarkRenewalLapsed;
