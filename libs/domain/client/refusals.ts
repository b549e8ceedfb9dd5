import type { RefusalCatalog } from '../../kernel/refusal.js';

export type ClientRefusal =
  | 'client_not_found' | 'client_already_exists' | 'client_not_yet_onboarded' | 'client_churned' | 'client_not_churned' | 'client_out_of_order' | 'client_won_back_before_churned' | 'client_currency_changed'
  | 'client_expansion_not_higher' | 'client_downsizing_not_lower' | 'client_renewal_in_past' | 'client_renewal_not_later' | 'client_renewal_not_yet_lapsed' | 'purchase_already_recorded'
  | 'owner_unknown' | 'owner_offboarded';

export const clientRefusals: RefusalCatalog<ClientRefusal> = {
  client_not_found: { kind: 'not_found', title: 'No client has this id.' },
  client_already_exists: { kind: 'conflict', title: 'A client with this id was already onboarded.' },
  client_not_yet_onboarded: { kind: 'invalid', title: 'Nothing can have happened with a client before it was onboarded.' },
  client_churned: { kind: 'conflict', title: 'The client has left; it can be won back.' },
  client_not_churned: { kind: 'conflict', title: 'The client has not left: there is nothing to win back.' },
  client_out_of_order: { kind: 'invalid', title: 'Revenue and renewals move from one to the next: this happened before the last such movement; give a later occurredAt.' },
  client_won_back_before_churned: { kind: 'invalid', title: 'A client cannot be won back before it left.' },
  client_currency_changed: { kind: 'invalid', title: 'A client keeps the currency it was onboarded in.' },
  client_expansion_not_higher: { kind: 'invalid', title: 'An expansion must raise the monthly revenue; to lower it, downsize.' },
  client_downsizing_not_lower: { kind: 'invalid', title: 'A downsizing must lower the monthly revenue; to raise it, expand.' },
  client_renewal_in_past: { kind: 'invalid', title: 'A renewal day must not be over when it is agreed.' },
  client_renewal_not_later: { kind: 'invalid', title: 'The next renewal day must be after the present one.' },
  client_renewal_not_yet_lapsed: { kind: 'conflict', title: 'The renewal day is not over yet.' },
  purchase_already_recorded: { kind: 'conflict', title: 'A purchase with this id was already recorded, at another amount.' },
  owner_unknown: { kind: 'invalid', title: 'No member has the id given as owner.' },
  owner_offboarded: { kind: 'invalid', title: 'The member given as owner has left.' },
};
