import type { EventCatalog, Instant, LocalDate, Money } from '../../kernel/event.js';
import type { ContactPerson } from '../lead/events.js';

export const CHURN_REASONS = ['price', 'competitor', 'no_need', 'service', 'product_gap', 'out_of_business', 'other'] as const;
export type ChurnReason = (typeof CHURN_REASONS)[number];

/** When a client's contract is up for renewal: by the end of a day, which is the moment `lapsesAt` in the company's zone of that time. */
export interface Renewal {
  readonly on: LocalDate;
  readonly lapsesAt: Instant;
}

/**
 * Stored for ever in these shapes: add a type or a version, never change one.
 * `monthlyRevenue`, `from` and `to` are what the client pays in a month, 0 where it pays nothing regularly, and always in the
 * currency of its onboarding. `ownerId` as it stood: credit at the event needs no look back.
 */
export type ClientEvent =
  | {
      type: 'ClientOnboarded';
      data: {
        clientId: string; name: string; ownerId: string; monthlyRevenue: Money; contact: ContactPerson; renewal?: Renewal; segment?: string; region?: string; product?: string; dealId?: string; leadId?: string;
      };
    }
  /** `amount` is paid once; it changes nothing in the monthly revenue. */
  | { type: 'PurchaseRecorded'; data: { clientId: string; purchaseId: string; amount: Money; ownerId: string; dealId?: string; product?: string } }
  /** Goes on until `renewal`; where the price changed with it, a ClientExpanded or ClientDownsized stands beside it. */
  | { type: 'ClientRenewed'; data: { clientId: string; ownerId: string; monthlyRevenue: Money; renewal: Renewal; from?: Renewal } }
  | { type: 'ClientExpanded'; data: { clientId: string; ownerId: string; from: Money; to: Money; dealId?: string; reason?: string } }
  | { type: 'ClientDownsized'; data: { clientId: string; ownerId: string; from: Money; to: Money; reason?: string } }
  /** `to` is nothing. */
  | { type: 'ClientChurned'; data: { clientId: string; ownerId: string; from: Money; to: Money; reason: ChurnReason; note?: string } }
  /** `from` is nothing. */
  | { type: 'ClientWonBack'; data: { clientId: string; ownerId: string; from: Money; to: Money; renewal?: Renewal; dealId?: string } }
  | { type: 'ClientReassigned'; data: { clientId: string; ownerId: string; from: string; reason?: string } }
  /** The renewal day passed without a renewal; the client stays active until it churns. */
  | { type: 'RenewalLapsed'; data: { clientId: string; ownerId: string; monthlyRevenue: Money; renewal: Renewal } };

export const clientEvents: EventCatalog<ClientEvent> = {
  ClientOnboarded: { version: 1, personal: ['contact.name', 'contact.email', 'contact.phone'], personalSubject: 'clientId' },
  PurchaseRecorded: { version: 1, personal: [] },
  ClientRenewed: { version: 1, personal: [] },
  ClientExpanded: { version: 1, personal: [] },
  ClientDownsized: { version: 1, personal: [] },
  ClientChurned: { version: 1, personal: ['note'], personalSubject: 'clientId' },
  ClientWonBack: { version: 1, personal: [] },
  ClientReassigned: { version: 1, personal: [] },
  RenewalLapsed: { version: 1, personal: [] },
};
