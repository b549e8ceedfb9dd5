import type { EventCatalog } from '../../kernel/event.js';
import type { Period } from '../period.js';

export const TARGET_METRICS = ['booked_value', 'won_deals', 'meetings_held', 'qualified_leads'] as const;
export type TargetMetric = (typeof TARGET_METRICS)[number];

export const TARGET_SCOPES = ['member', 'team', 'company'] as const;
export type TargetScope = (typeof TARGET_SCOPES)[number];

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type TargetEvent =
  | {
      type: 'TargetSet';
      /**
       * `amount`: minor units of `currency` for `booked_value`, a count for the others, which have no currency. `scopeId` names the member or team; the company has none.
       * `weights`: the seasonal curve, one relative weight for each calendar month that the period touches, in order; even by working days where left out.
       */
      data: { targetId: string; metric: TargetMetric; scope: TargetScope; scopeId?: string; period: Period; amount: number; currency?: string; zone: string; weights?: readonly number[]; note?: string };
    }
  /** Amount and curve as they stand from now on; `from` is the amount before. */
  | { type: 'TargetRevised'; data: { targetId: string; amount: number; from: number; currency?: string; weights?: readonly number[]; reason: string } }
  | { type: 'TargetWithdrawn'; data: { targetId: string; reason: string } };

export const targetEvents: EventCatalog<TargetEvent> = {
  TargetSet: { version: 1, personal: [] },
  TargetRevised: { version: 1, personal: [] },
  TargetWithdrawn: { version: 1, personal: [] },
};
