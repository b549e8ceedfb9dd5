import type { LeadEvent } from '../../libs/domain/lead/events.js';
import { begun, inForce, revised, type Change } from '../../libs/domain/in-force.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import { PartRow, type Rows } from '../../libs/kernel/projection.js';
import type { FunnelTable } from './funnel.tables.js';
import { visitRow, type VisitSubject } from './visit-row.js';

/** Steps of a lead before there is a deal, in their order. */
export const LEAD_STEPS = ['captured', 'contacted', 'qualified'] as const;
type LeadStep = (typeof LEAD_STEPS)[number];
type LeadExit = 'disqualified' | 'converted' | 'merged';

interface LeadVisit {
  readonly step: LeadStep;
  readonly enteredAt: Instant;
  readonly ownerId?: string;
  /** Whose it was as its event said; what is told late of the lead's owners does not change it. */
  readonly saidOwnerId?: string;
  /** Who was in touch, for a lead that nobody had. */
  readonly contactId?: string;
  readonly leftAt?: Instant;
  readonly exit?: 'moved' | LeadExit;
  readonly exitReason?: string;
  readonly exitOwnerId?: string;
}

/** A lead's way to its deal. */
export interface LeadJourney {
  readonly kind: 'lead';
  readonly capturedAt: Instant;
  readonly ownerId?: string;
  /** Who had it from when on: what is told late takes its place in between. */
  readonly changes: readonly Change<{ readonly ownerId?: string }>[];
  readonly status: 'open' | LeadExit;
  readonly source: string;
  readonly campaignId?: string;
  readonly product?: string;
  readonly region?: string;
  readonly segment?: string;
  readonly mergedInto?: string;
  readonly visits: readonly LeadVisit[];
}

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
const owned = (ownerId: string | undefined): { ownerId?: string } => (ownerId === undefined ? {} : { ownerId });

function leave(lead: LeadJourney, at: Instant, exit: 'moved' | LeadExit, ownerId: string | undefined, reason?: string): LeadVisit[] {
  return lead.visits.map((visit) =>
    visit.leftAt === undefined ? { ...visit, leftAt: later(visit.enteredAt, at), exit, ...(reason !== undefined && { exitReason: reason }), ...(ownerId !== undefined && { exitOwnerId: ownerId }) } : visit);
}

/** Who had the lead at a moment. */
const ownerAt = ({ changes }: LeadJourney, at: Instant): string | undefined => inForce(changes, at)?.ownerId;

/** A visit with its owner: as said, else whoever had the lead when it began, else whoever was in touch. */
function ofOwner(lead: LeadJourney, visit: LeadVisit): LeadVisit {
  const ownerId = visit.saidOwnerId ?? ownerAt(lead, visit.enteredAt) ?? visit.contactId;
  return ownerId === visit.ownerId ? visit : { ...visit, ...owned(ownerId) };
}

function assigned(before: LeadJourney, at: Instant, ownerId: string): LeadJourney {
  const lead = revised(before, at, { ownerId });
  return { ...lead, visits: lead.visits.map((visit) => ofOwner(lead, visit)) };
}

function enter(lead: LeadJourney, step: LeadStep, at: Instant, whose: Pick<LeadVisit, 'saidOwnerId' | 'contactId'> = {}): LeadJourney {
  const present = lead.visits.find((visit) => visit.leftAt === undefined);
  // A contact with a lead that is qualified already is no step back.
  if (present && LEAD_STEPS.indexOf(present.step) >= LEAD_STEPS.indexOf(step)) return lead;
  return { ...lead, visits: [...leave(lead, at, 'moved', undefined), ofOwner(lead, { step, enteredAt: at, ...whose })] };
}

const end = (lead: LeadJourney, exit: LeadExit, at: Instant, ownerId: string | undefined = ownerAt(lead, at), reason?: string): LeadJourney =>
  ({ ...lead, status: exit, visits: leave(lead, at, exit, ownerId, reason) });

/** Folds one event of a lead's stream. */
export function evolveLead(lead: LeadJourney | undefined, event: Recorded<LeadEvent>): LeadJourney | undefined {
  const { occurredAt } = event;
  if (event.type === 'LeadCaptured') {
    if (lead) return lead;
    const { source, campaignId, product, region, segment, ownerId } = event.data;
    const known = Object.fromEntries(Object.entries({ campaignId, product, region, segment }).filter(([, value]) => value !== undefined));
    return { kind: 'lead', capturedAt: occurredAt, status: 'open', source, ...known, ...begun(occurredAt, owned(ownerId)), visits: [{ step: 'captured', enteredAt: occurredAt, ...owned(ownerId) }] };
  }
  if (!lead) return undefined;
  switch (event.type) {
    case 'LeadAssigned': return assigned(lead, occurredAt, event.data.ownerId);
    case 'LeadContacted': return event.data.automated || lead.status !== 'open' ? lead : enter(lead, 'contacted', occurredAt, { contactId: event.data.memberId });
    case 'LeadScored': return lead;
    case 'LeadQualified': return enter(lead, 'qualified', occurredAt, event.data.ownerId === undefined ? {} : { saidOwnerId: event.data.ownerId });
    case 'LeadDisqualified': return end(lead, 'disqualified', occurredAt, event.data.ownerId, event.data.reason);
    case 'LeadMerged': return { ...end(lead, 'merged', occurredAt), mergedInto: event.data.intoLeadId };
    case 'LeadConverted': return end(lead, 'converted', occurredAt, event.data.ownerId);
    case 'LeadReopened': {
      const step = lead.visits.at(-1)?.step ?? 'captured';
      return { ...lead, status: 'open', visits: [...leave(lead, occurredAt, 'moved', undefined), ofOwner(lead, { step, enteredAt: occurredAt })] };
    }
  }
}

/** All rows of a lead. A duplicate that was merged away has no journey of its own any more. */
export function leadRows(lead: LeadJourney, id: string): Rows<FunnelTable> {
  const dimensions = { source: lead.source, campaign_id: lead.campaignId ?? null, product: lead.product ?? null, region: lead.region ?? null, segment: lead.segment ?? null };
  const subject: VisitSubject = { kind: 'lead', id, journey: `lead:${id}`, leadId: id, source: lead.source, campaignId: lead.campaignId, product: lead.product, region: lead.region, segment: lead.segment };
  const visits = lead.visits.map((visit, index) => new PartRow(visit, () => visitRow(subject, { ...visit, visit: index + 1, kind: 'lead' })));
  return {
    lead: [{ lead_id: id, journey: `lead:${id}`, owner_id: lead.ownerId ?? null, captured_owner_id: lead.visits[0]?.ownerId ?? null, status: lead.status, captured_at: lead.capturedAt, merged_into: lead.mergedInto ?? null, ...dimensions }],
    visit: lead.mergedInto === undefined ? visits : [],
  };
}
