import type { EventCatalog, LocalDate } from '../../kernel/event.js';

export interface PipelineStage {
  readonly stage: string;
  readonly name: string;
  /** Chance, in whole percent, that a deal in this stage is won. */
  readonly probabilityPercent: number;
  /** Days after which a deal in this stage counts as stalled. */
  readonly serviceLevelDays?: number;
}

/** Figures of the company that deciders and reports use; each may be left out. */
export interface PolicySettings {
  readonly zone?: string;
  readonly currency?: string;
  readonly fiscalYearStartMonth?: number;
  readonly followUpGraceMinutes?: number;
  readonly leadResponseMinutes?: number;
  readonly caseResponseMinutes?: number;
  readonly caseResolutionMinutes?: number;
  readonly contractTurnaroundDays?: number;
  /** ISO weekdays, 1 = Monday. */
  readonly businessDays?: readonly number[];
  readonly businessHours?: { readonly from: string; readonly to: string };
  readonly holidays?: readonly LocalDate[];
  readonly noContactDays?: number;
}

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type PolicyEvent =
  | { type: 'PipelineDefined'; data: { policyId: string; pipelineId: string; name: string; stages: readonly PipelineStage[] } }
  | { type: 'PolicySet'; data: { policyId: string; settings: PolicySettings } };

export const policyEvents: EventCatalog<PolicyEvent> = {
  PipelineDefined: { version: 1, personal: [] },
  PolicySet: { version: 1, personal: [] },
};
