import { Command } from '../../kernel/command.js';
import { IsFlag, IsId, IsMail, IsOneOf, IsPhone, IsText, IsWhole } from '../../kernel/fields.js';
import { CONTACT_CHANNELS, DISQUALIFY_REASONS, type ContactChannel, type DisqualifyReason } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;
const WORD_LENGTH_MAX = 100;
const NAME_LENGTH_MAX = 200;
const SCORE_MAX = 100;
export const CONTACT_DIRECTIONS = ['outbound', 'inbound'] as const;

@Command({ path: 'POST /leads', roles: SELLERS, creates: true, summary: 'Record that someone may want to buy; at least a name, an address, a number or a company says who' })
export class CaptureLead {
  declare readonly type: 'CaptureLead';
  @IsId() leadId!: string;
  @IsText({ max: WORD_LENGTH_MAX, description: 'Where it came from, in the words of the company: web, fair, referral' }) source!: string;
  @IsText({ optional: true, max: NAME_LENGTH_MAX }) contactName?: string;
  @IsMail({ optional: true }) contactEmail?: string;
  @IsPhone({ optional: true }) contactPhone?: string;
  @IsText({ optional: true, max: NAME_LENGTH_MAX }) company?: string;
  @IsText({ optional: true, max: WORD_LENGTH_MAX }) region?: string;
  @IsText({ optional: true, max: WORD_LENGTH_MAX }) segment?: string;
  @IsText({ optional: true, max: WORD_LENGTH_MAX }) product?: string;
  @IsId({ optional: true }) campaignId?: string;
  @IsId({ optional: true, description: 'The member who is to work on it' }) ownerId?: string;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /leads/:leadId/assign', roles: SELLERS, summary: 'Give a lead to a member' })
export class AssignLead {
  declare readonly type: 'AssignLead';
  @IsId() leadId!: string;
  @IsId({ description: 'The member who is to work on it' }) ownerId!: string;
  @IsText({ optional: true }) reason?: string;
}

@Command({ path: 'POST /leads/:leadId/contacts', roles: SELLERS, summary: 'Record that a member and the lead were in touch' })
export class RecordContact {
  declare readonly type: 'RecordContact';
  @IsId() leadId!: string;
  @IsId({ description: 'The member who was in touch' }) memberId!: string;
  @IsOneOf(CONTACT_CHANNELS) channel!: ContactChannel;
  @IsOneOf(CONTACT_DIRECTIONS) direction!: (typeof CONTACT_DIRECTIONS)[number];
  @IsFlag({ optional: true, description: 'No person of ours took part, so it is no response; left out: false' }) automated?: boolean;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /leads/:leadId/score', roles: SELLERS, summary: 'Say how promising a lead is, from 0 to 100' })
export class ScoreLead {
  declare readonly type: 'ScoreLead';
  @IsId() leadId!: string;
  @IsWhole(0, SCORE_MAX) score!: number;
  @IsText({ optional: true, max: WORD_LENGTH_MAX, description: 'What the score was worked out with' }) model?: string;
}

@Command({ path: 'POST /leads/:leadId/qualify', roles: SELLERS, summary: 'Say that a lead has need, means and say: it is worth a deal' })
export class QualifyLead {
  declare readonly type: 'QualifyLead';
  @IsId() leadId!: string;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /leads/:leadId/disqualify', roles: SELLERS, summary: 'Say that nothing will come of a lead, and why' })
export class DisqualifyLead {
  declare readonly type: 'DisqualifyLead';
  @IsId() leadId!: string;
  @IsOneOf(DISQUALIFY_REASONS) reason!: DisqualifyReason;
  @IsText({ optional: true }) note?: string;
}

@Command({ path: 'POST /leads/:leadId/reopen', roles: SELLERS, summary: 'Take up a disqualified lead again; it has to be qualified anew' })
export class ReopenLead {
  declare readonly type: 'ReopenLead';
  @IsId() leadId!: string;
  @IsText() reason!: string;
}

@Command({ path: 'POST /leads/:leadId/merge', roles: SELLERS, summary: 'Say that a lead is a duplicate of another one, which goes on alone' })
export class MergeLead {
  declare readonly type: 'MergeLead';
  @IsId() leadId!: string;
  @IsId({ description: 'The lead that goes on' }) intoLeadId!: string;
}

@Command({ path: 'POST /leads/:leadId/convert', roles: SELLERS, summary: 'Say that a qualified lead became a deal, a client or both' })
export class ConvertLead {
  declare readonly type: 'ConvertLead';
  @IsId() leadId!: string;
  @IsId({ optional: true }) dealId?: string;
  @IsId({ optional: true }) clientId?: string;
}

export type LeadCommand = CaptureLead | AssignLead | RecordContact | ScoreLead | QualifyLead | DisqualifyLead | ReopenLead | MergeLead | ConvertLead;
