import type { Instant } from '../../kernel/event.js';
import type { Change } from '../in-force.js';
import type { MemberStanding } from '../member/facts.js';
import type { ContactChannel, DisqualifyReason } from './events.js';
import type { LeadStanding } from './facts.js';

/** What tells one contact from another. */
export interface LastContact {
  readonly channel: ContactChannel;
  readonly memberId: string;
  readonly at?: Instant;
}

/** What of a lead is changed from a moment on. */
export interface Handling {
  readonly ownerId?: string;
  readonly score?: number;
  readonly model?: string;
}

/** Nothing personal is kept: a forgotten contact decides like any other. */
interface Known extends Handling {
  readonly capturedAt?: Instant;
  /** In the order in which they came into force: what is told late takes its place in between. */
  readonly changes: readonly Change<Handling>[];
  readonly lastContact?: LastContact;
}

export type OpenLead = Known & { readonly status: 'captured' | 'contacted' | 'qualified' };

/** A lead that is there and was not merged away. */
export type LiveLead =
  | OpenLead
  | (Known & { readonly status: 'disqualified'; readonly reason: DisqualifyReason })
  | (Known & { readonly status: 'converted'; readonly dealId?: string; readonly clientId?: string });

export type Lead = { readonly status: 'absent' } | { readonly status: 'merged'; readonly intoLeadId: string } | LiveLead;

/** Each is read only for the commands that name such a member or lead. */
export interface LeadFacts {
  /** The owner of CaptureLead and AssignLead, the member of RecordContact. */
  readonly member: MemberStanding;
  /** The lead that MergeLead merges into. */
  readonly target: LeadStanding;
}
