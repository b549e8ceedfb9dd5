import type { RefusalCatalog } from '../../kernel/refusal.js';
import { actingMemberRefusals, type ActingMemberRefusal } from '../acting-member.js';

export type LeadRefusal =
  | 'lead_not_found' | 'lead_already_exists' | 'lead_needs_a_contact' | 'lead_not_yet_captured' | 'lead_merged' | 'lead_disqualified' | 'lead_converted' | 'lead_not_qualified'
  | 'lead_merge_into_itself' | 'lead_merge_target_unknown' | 'lead_merge_target_merged' | 'owner_unknown' | 'owner_offboarded' | ActingMemberRefusal;

export const leadRefusals: RefusalCatalog<LeadRefusal> = {
  lead_not_found: { kind: 'not_found', title: 'No lead has this id.' },
  lead_already_exists: { kind: 'conflict', title: 'A lead with this id was already captured.' },
  lead_needs_a_contact: { kind: 'invalid', title: 'A lead needs at least one of contactName, contactEmail, contactPhone and company.' },
  lead_not_yet_captured: { kind: 'invalid', title: 'Nothing can have happened with a lead before it was captured.' },
  lead_merged: { kind: 'conflict', title: 'The lead was merged into another one, which goes on alone.' },
  lead_disqualified: { kind: 'conflict', title: 'The lead is disqualified; reopen it first.' },
  lead_converted: { kind: 'conflict', title: 'The lead was already converted.' },
  lead_not_qualified: { kind: 'conflict', title: 'Only a qualified lead can be converted.' },
  lead_merge_into_itself: { kind: 'invalid', title: 'A lead cannot be merged into itself.' },
  lead_merge_target_unknown: { kind: 'invalid', title: 'The lead to merge into is not known.' },
  lead_merge_target_merged: { kind: 'invalid', title: 'The lead to merge into was itself merged into another one.' },
  owner_unknown: { kind: 'invalid', title: 'No member has the id given as owner.' },
  owner_offboarded: { kind: 'invalid', title: 'The member given as owner has left.' },
  ...actingMemberRefusals,
};
