import type { Instant } from '../../libs/kernel/event.js';
import type { Row } from '../../libs/kernel/projection.js';

/** Whose visit it is, and what it can be grouped by: the same for all visits of a subject. */
export interface VisitSubject {
  readonly kind: 'lead' | 'deal' | 'meeting';
  readonly id: string;
  readonly journey: string;
  readonly leadId?: string;
  readonly pipelineId?: string;
  readonly source?: string;
  readonly campaignId?: string;
  readonly product?: string;
  readonly region?: string;
  readonly segment?: string;
}

/** One visit, or the reaching of a milestone. */
export interface VisitFact {
  readonly visit: number;
  readonly kind: 'lead' | 'stage' | 'milestone';
  readonly step: string;
  readonly enteredAt: Instant;
  readonly ownerId?: string;
  readonly leftAt?: Instant;
  readonly exit?: string;
  readonly exitReason?: string;
  readonly exitOwnerId?: string;
  readonly exitValueMinor?: number;
  readonly exitCurrency?: string;
}

/** The row of a visit. Spelt out in full: it is made more often than any other row. */
export const visitRow = (subject: VisitSubject, fact: VisitFact): Row => ({
  subject_kind: subject.kind,
  subject_id: subject.id,
  visit: fact.visit,
  journey: subject.journey,
  lead_id: subject.leadId ?? null,
  kind: fact.kind,
  step: fact.step,
  entered_at: fact.enteredAt,
  left_at: fact.leftAt ?? null,
  owner_id: fact.ownerId ?? null,
  exit: fact.exit ?? null,
  exit_reason: fact.exitReason ?? null,
  exit_owner_id: fact.exitOwnerId ?? null,
  exit_value_minor: fact.exitValueMinor ?? null,
  exit_currency: fact.exitCurrency ?? null,
  pipeline_id: subject.pipelineId ?? null,
  source: subject.source ?? null,
  campaign_id: subject.campaignId ?? null,
  product: subject.product ?? null,
  region: subject.region ?? null,
  segment: subject.segment ?? null,
});
