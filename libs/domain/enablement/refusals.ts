import type { RefusalCatalog } from '../../kernel/refusal.js';
import { actingMemberRefusals, type ActingMemberRefusal } from '../acting-member.js';

export type EnablementRefusal =
  | 'training_not_found' | 'training_already_assigned' | 'training_already_completed' | 'training_completed_before_assigned'
  | 'certification_of_another' | 'certification_not_newer' | 'certification_expires_before_issued' | 'certification_not_found' | 'certification_not_yet_expired' | 'material_not_found' | 'subject_unknown' | ActingMemberRefusal;

export const enablementRefusals: RefusalCatalog<EnablementRefusal> = {
  training_not_found: { kind: 'not_found', title: 'No training has this id.' },
  training_already_assigned: { kind: 'conflict', title: 'A training with this id was already assigned.' },
  training_already_completed: { kind: 'conflict', title: 'The training was already completed, with another result.' },
  training_completed_before_assigned: { kind: 'invalid', title: 'A training cannot be completed before it was assigned.' },
  certification_of_another: { kind: 'conflict', title: 'The certificate with this id is another member’s, or another certificate.' },
  certification_not_newer: { kind: 'conflict', title: 'A certificate is renewed with a later day of issue.' },
  certification_expires_before_issued: { kind: 'invalid', title: 'A certificate cannot expire before it is issued.' },
  certification_not_found: { kind: 'not_found', title: 'No certificate has this id.' },
  certification_not_yet_expired: { kind: 'conflict', title: 'The last day of the certificate is not over everywhere yet.' },
  material_not_found: { kind: 'not_found', title: 'No material has this id.' },
  subject_unknown: { kind: 'invalid', title: 'The deal or lead it was shared with is not known.' },
  ...actingMemberRefusals,
};
