import type { EventCatalog, Instant, LocalDate, Money } from '../../kernel/event.js';
import type { SubjectRef } from '../subject.js';

export const CASE_KINDS = ['inquiry', 'issue', 'expectation'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

export const CASE_CHANNELS = ['call', 'email', 'visit', 'chat', 'form', 'social', 'other'] as const;
export type CaseChannel = (typeof CASE_CHANNELS)[number];

export const SERVICE_LEVELS = ['first_response', 'resolution'] as const;
export type ServiceLevel = (typeof SERVICE_LEVELS)[number];

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type CaseEvent =
  | {
      type: 'CaseOpened';
      /** The due times are in business hours of the owner's calendar (the company's where none is set), as both stood when it was opened. `clientId` is set whenever the subject is a client. */
      data: {
        caseId: string; kind: CaseKind; subject: SubjectRef; clientId?: string; ownerId: string; title: string; channel?: CaseChannel; note?: string; responseDueAt: Instant; resolutionDueAt: Instant;
      };
    }
  /** `businessMinutes` from the opening to this answer. Resolving a case that had no answer yet is its first answer. */
  | { type: 'CaseResponded'; data: { caseId: string; responseId: string; memberId: string; first: boolean; businessMinutes: number; note?: string } }
  /** The case goes to `ownerId`. `level` counts from 1. */
  | { type: 'CaseEscalated'; data: { caseId: string; ownerId: string; from: string; level: number; reason: string } }
  /** `businessMinutes` from the opening, or from the last reopening, to this resolution. */
  | { type: 'CaseResolved'; data: { caseId: string; memberId: string; businessMinutes: number; resolution: string } }
  /** It is due to be resolved anew; its first answer stands. */
  | { type: 'CaseReopened'; data: { caseId: string; reason: string; resolutionDueAt: Instant } }
  /** `policy` says in words which rule was waived; `approvedBy` is the member who did. */
  | { type: 'PolicyExceptionApproved'; data: { caseId: string; exceptionId: string; policy: string; reason: string; approvedBy: string; amount?: Money; validUntil?: LocalDate } }
  | { type: 'PromiseMade'; data: { caseId: string; promiseId: string; memberId: string; promise: string; dueAt: Instant } }
  /** A broken promise can still be kept, late: it stays broken for the figures. */
  | { type: 'PromiseKept'; data: { caseId: string; promiseId: string; note?: string } }
  | { type: 'PromiseBroken'; data: { caseId: string; promiseId: string; dueAt: Instant } }
  /** Nothing had happened when the due time passed; once for each due time. An answer or resolution that came late before the alarm rang has no such event. */
  | { type: 'CaseServiceLevelBreached'; data: { caseId: string; kind: ServiceLevel; dueAt: Instant } };

export const caseEvents: EventCatalog<CaseEvent> = {
  CaseOpened: { version: 1, personal: [] },
  CaseResponded: { version: 1, personal: [] },
  CaseEscalated: { version: 1, personal: [] },
  CaseResolved: { version: 1, personal: [] },
  CaseReopened: { version: 1, personal: [] },
  PolicyExceptionApproved: { version: 1, personal: [] },
  PromiseMade: { version: 1, personal: [] },
  PromiseKept: { version: 1, personal: [] },
  PromiseBroken: { version: 1, personal: [] },
  CaseServiceLevelBreached: { version: 1, personal: [] },
};
