import type { EventCatalog, LocalDate } from '../../kernel/event.js';

export const MATERIAL_KINDS = ['deck', 'one_pager', 'case_study', 'price_list', 'demo', 'battle_card', 'template', 'video', 'other'] as const;
export type MaterialKind = (typeof MATERIAL_KINDS)[number];

export const MATERIAL_SUBJECT_KINDS = ['deal', 'lead'] as const;

/** Whom material was shown to. */
export interface MaterialSubject {
  readonly kind: (typeof MATERIAL_SUBJECT_KINDS)[number];
  readonly id: string;
}

export type TrainingEvent =
  | { type: 'TrainingAssigned'; data: { trainingId: string; memberId: string; course: string; dueOn?: LocalDate } }
  | { type: 'TrainingCompleted'; data: { trainingId: string; memberId: string; course: string; scorePercent?: number } };

/** Recorded again with a later `issuedOn` it is renewed. Without `expiresOn` it is valid for good; else on that day for the last time. */
export type CertificationEvent = { type: 'CertificationRecorded'; data: { certificationId: string; memberId: string; certificate: string; issuedOn: LocalDate; expiresOn?: LocalDate; issuer?: string } };

/** Its last day is over, everywhere: a certificate names no zone. */
export type CertificateLapse = { type: 'CertificateExpired'; data: { certificationId: string; memberId: string; certificate: string; expiresOn: LocalDate } };

export type MaterialEvent =
  /** Published again under the same id it is a new edition. */
  | { type: 'MaterialPublished'; data: { materialId: string; title: string; kind: MaterialKind; edition?: string; product?: string; url?: string } }
  /** In a stream of what was shared with that deal or lead. */
  | { type: 'MaterialShared'; data: { materialId: string; subject: MaterialSubject; memberId: string; edition?: string } };

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type EnablementEvent = TrainingEvent | CertificationEvent | CertificateLapse | MaterialEvent;

export const enablementEvents: EventCatalog<EnablementEvent> = {
  TrainingAssigned: { version: 1, personal: [] },
  TrainingCompleted: { version: 1, personal: [] },
  CertificationRecorded: { version: 1, personal: [] },
  CertificateExpired: { version: 1, personal: [] },
  MaterialPublished: { version: 1, personal: [] },
  MaterialShared: { version: 1, personal: [] },
};
