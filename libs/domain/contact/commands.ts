import { Command } from '../../kernel/command.js';
import { IsId, IsOneOf } from '../../kernel/fields.js';
import { FORGET_REASONS, type ForgetReason } from './events.js';

@Command({ path: 'POST /contacts/:contactId/forget', roles: ['manager', 'admin'], summary: 'Destroy the key of a person’s data: it can never be read again, and every figure stays' })
export class ForgetContact {
  declare readonly type: 'ForgetContact';
  @IsId({ description: 'The id under which the data was stored: of the lead, client or member' }) contactId!: string;
  @IsOneOf(FORGET_REASONS, { optional: true }) reason?: ForgetReason;
}

export type ContactCommand = ForgetContact;
