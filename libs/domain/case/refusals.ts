import type { RefusalCatalog } from '../../kernel/refusal.js';
import { actingMemberRefusals, type ActingMemberRefusal } from '../acting-member.js';

export type CaseRefusal =
  | 'case_not_found' | 'case_already_exists' | 'case_already_resolved' | 'case_not_resolved' | 'case_out_of_order' | 'response_already_recorded' | 'exception_already_approved'
  | 'promise_already_made' | 'promise_unknown' | 'promise_already_kept' | 'promise_due_in_past' | 'promise_not_yet_due' | 'service_level_not_yet_due'
  | 'subject_unknown' | 'client_unknown' | 'owner_unknown' | 'owner_offboarded' | ActingMemberRefusal;

export const caseRefusals: RefusalCatalog<CaseRefusal> = {
  case_not_found: { kind: 'not_found', title: 'No case has this id.' },
  case_already_exists: { kind: 'conflict', title: 'A case with this id was already opened.' },
  case_already_resolved: { kind: 'conflict', title: 'The case is resolved; it can be reopened.' },
  case_not_resolved: { kind: 'conflict', title: 'The case is open: there is no resolution to take back.' },
  case_out_of_order: { kind: 'invalid', title: 'This cannot have happened before the case was opened, resolved or reopened.' },
  response_already_recorded: { kind: 'conflict', title: 'An answer with this id was already recorded on the case.' },
  exception_already_approved: { kind: 'conflict', title: 'An exception with this id was already approved on the case.' },
  promise_already_made: { kind: 'conflict', title: 'A promise with this id was already made on the case.' },
  promise_unknown: { kind: 'not_found', title: 'The case has no promise with this id.' },
  promise_already_kept: { kind: 'conflict', title: 'The promise was already kept.' },
  promise_due_in_past: { kind: 'invalid', title: 'A promise must be due after the moment it is made.' },
  promise_not_yet_due: { kind: 'conflict', title: 'The due time of the promise has not passed yet.' },
  service_level_not_yet_due: { kind: 'conflict', title: 'The due time of the service level has not passed yet.' },
  subject_unknown: { kind: 'invalid', title: 'What the case is about is not known.' },
  client_unknown: { kind: 'invalid', title: 'No client has the id given.' },
  owner_unknown: { kind: 'invalid', title: 'No member has the id given as owner.' },
  owner_offboarded: { kind: 'invalid', title: 'The member given as owner has left.' },
  ...actingMemberRefusals,
};
