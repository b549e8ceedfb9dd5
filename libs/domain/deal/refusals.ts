import type { RefusalCatalog } from '../../kernel/refusal.js';

export type DealRefusal =
  | 'deal_not_found' | 'deal_already_exists' | 'deal_already_closed' | 'deal_not_closed' | 'deal_not_yet_opened' | 'pipeline_unknown' | 'stage_unknown' | 'stage_left_before_entered' | 'lead_unknown'
  | 'owner_unknown' | 'owner_offboarded' | 'deal_currency_changed' | 'deal_rate_to_own_currency' | 'credit_not_100_percent' | 'credit_member_twice' | 'credit_member_unknown' | 'credit_member_offboarded'
  | 'roadblock_already_raised' | 'roadblock_unknown' | 'roadblock_already_cleared' | 'lost_without_reason' | 'won_with_lost_reason' | 'closed_before_opened' | 'reopened_before_closed';

export const dealRefusals: RefusalCatalog<DealRefusal> = {
  deal_not_found: { kind: 'not_found', title: 'No deal has this id.' },
  deal_already_exists: { kind: 'conflict', title: 'A deal with this id was already opened.' },
  deal_already_closed: { kind: 'conflict', title: 'The deal is closed; it can be reopened.' },
  deal_not_closed: { kind: 'conflict', title: 'The deal is open: there is no closing to reverse.' },
  deal_not_yet_opened: { kind: 'invalid', title: 'Nothing can have happened with a deal before it was opened; give a later occurredAt.' },
  pipeline_unknown: { kind: 'invalid', title: 'No pipeline with this id is defined.' },
  stage_unknown: { kind: 'invalid', title: 'The pipeline has no such stage.' },
  stage_left_before_entered: { kind: 'invalid', title: 'A deal cannot leave a stage before it entered it.' },
  lead_unknown: { kind: 'invalid', title: 'No lead has the id that the deal is said to come from.' },
  owner_unknown: { kind: 'invalid', title: 'No member has the id given as owner.' },
  owner_offboarded: { kind: 'invalid', title: 'The member given as owner has left.' },
  deal_currency_changed: { kind: 'invalid', title: 'A deal keeps the currency it was opened in.' },
  deal_rate_to_own_currency: { kind: 'invalid', title: 'An exchange rate leads to a currency other than the deal’s own.' },
  credit_not_100_percent: { kind: 'invalid', title: 'The shares of a deal’s credit must sum to 100 percent.' },
  credit_member_twice: { kind: 'invalid', title: 'Each member can have one share of a deal’s credit.' },
  credit_member_unknown: { kind: 'invalid', title: 'A share names someone who is no member.' },
  credit_member_offboarded: { kind: 'invalid', title: 'A share names a member who has left.' },
  roadblock_already_raised: { kind: 'conflict', title: 'A roadblock with this id was already raised on the deal.' },
  roadblock_unknown: { kind: 'not_found', title: 'The deal has no roadblock with this id.' },
  roadblock_already_cleared: { kind: 'conflict', title: 'The roadblock was already cleared.' },
  lost_without_reason: { kind: 'invalid', title: 'A lost deal needs the reason why it was lost.' },
  won_with_lost_reason: { kind: 'invalid', title: 'A won deal has no reason why it was lost.' },
  closed_before_opened: { kind: 'invalid', title: 'A deal cannot be closed before it was opened.' },
  reopened_before_closed: { kind: 'invalid', title: 'A deal cannot be reopened before it was closed.' },
};
