import type { CaseEvent } from '../../libs/domain/case/events.js';
import type { ClientEvent } from '../../libs/domain/client/events.js';
import type { DealEvent } from '../../libs/domain/deal/events.js';
import type { LeadEvent } from '../../libs/domain/lead/events.js';
import type { SubjectRef } from '../../libs/domain/subject.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Row, Rows } from '../../libs/kernel/projection.js';
import type { EfficiencyTable } from './coordinator-efficiency.tables.js';
import { ended, heldAgain, heldBy, holderAt, holdingRows, type Holding } from './holdings.js';

type SubjectRows = Rows<EfficiencyTable>;

/** Where a lead, deal or client belongs. */
interface Place {
  readonly source?: string;
  readonly campaignId?: string;
  readonly pipelineId?: string;
  readonly product?: string;
  readonly region?: string;
  readonly segment?: string;
}

const placeOf = ({ source, campaignId, pipelineId, product, region, segment }: Place): Place => ({
  ...(source !== undefined && { source }), ...(campaignId !== undefined && { campaignId }), ...(pipelineId !== undefined && { pipelineId }),
  ...(product !== undefined && { product }), ...(region !== undefined && { region }), ...(segment !== undefined && { segment }),
});

const placeRow = (kind: string, id: string, { source, campaignId, pipelineId, product, region, segment }: Place, of?: SubjectRef): Row => ({
  subject_kind: kind, subject_id: id, source: source ?? null, campaign_id: campaignId ?? null, pipeline_id: pipelineId ?? null, product: product ?? null, region: region ?? null, segment: segment ?? null,
  of_kind: of?.kind ?? null, of_id: of?.id ?? null,
});

/** A case or a contract belongs where what it is about belongs. */
export const belongsTo = (kind: 'case' | 'contract', id: string, of: SubjectRef): Row => placeRow(kind, id, {}, of);

export interface Lead {
  readonly kind: 'lead';
  readonly place: Place;
  readonly capturedAt: Instant;
  readonly holdings: readonly Holding[];
  readonly contact?: { readonly at: Instant; readonly memberId: string };
  readonly merged?: true;
}

/** The events of a lead that say who has it or who was in touch. */
export type LeadFact = Exclude<LeadEvent, { type: 'LeadScored' | 'LeadQualified' }>;

export function evolveLead(state: Lead | undefined, event: Recorded<LeadFact>): Lead | undefined {
  const at = event.occurredAt;
  if (event.type === 'LeadCaptured') {
    const { ownerId } = event.data;
    return state ?? { kind: 'lead', place: placeOf(event.data), capturedAt: at, holdings: ownerId === undefined ? [] : heldBy([], ownerId, at) };
  }
  if (!state) return undefined;
  switch (event.type) {
    case 'LeadAssigned': return { ...state, holdings: heldBy(state.holdings, event.data.ownerId, at) };
    case 'LeadContacted': {
      const { automated, memberId } = event.data;
      // Told late, an earlier contact takes the place of the first one known so far.
      return automated || (state.contact && state.contact.at <= at) ? state : { ...state, contact: { at, memberId } };
    }
    case 'LeadMerged': return { ...state, merged: true, holdings: ended(state.holdings, at) };
    case 'LeadDisqualified':
    case 'LeadConverted': return { ...state, holdings: ended(state.holdings, at) };
    case 'LeadReopened': return { ...state, holdings: heldAgain(state.holdings, at) };
  }
}

export function leadRows({ place, capturedAt, holdings, contact, merged }: Lead, id: string): SubjectRows {
  const present = holdings.at(-1)?.memberId ?? null;
  const row: Row = {
    lead_id: id, captured_at: capturedAt, contacted_at: contact?.at ?? null, contacted_by: contact?.memberId ?? null,
    owner_id: contact ? (holderAt(holdings, contact.at) ?? contact.memberId) : present, present_owner_id: present,
  };
  return { lead: merged && !contact ? [] : [row], subject: [placeRow('lead', id, place)], holding: holdingRows('lead', id, holdings) };
}

export interface Deal {
  readonly kind: 'deal';
  readonly place: Place;
  readonly leadId?: string;
  readonly holdings: readonly Holding[];
  readonly closing?: { readonly outcome: 'won' | 'lost'; readonly at: Instant; readonly ownerId: string };
}

export type DealFact = Extract<DealEvent, { type: 'DealOpened' | 'DealReassigned' | 'DealClosed' | 'DealReopened' }>;

export function evolveDeal(state: Deal | undefined, event: Recorded<DealFact>): Deal | undefined {
  const at = event.occurredAt;
  if (event.type === 'DealOpened') {
    const { leadId, ownerId } = event.data;
    return state ?? { kind: 'deal', place: placeOf(event.data), holdings: heldBy([], ownerId, at), ...(leadId !== undefined && { leadId }) };
  }
  if (!state) return undefined;
  switch (event.type) {
    case 'DealReassigned': return { ...state, holdings: heldBy(state.holdings, event.data.ownerId, at) };
    case 'DealClosed': return { ...state, closing: { outcome: event.data.outcome, at, ownerId: event.data.ownerId }, holdings: ended(state.holdings, at) };
    case 'DealReopened': {
      const { closing: _, ...open } = state;
      return { ...open, holdings: heldAgain(state.holdings, at) };
    }
  }
}

export const dealRows = ({ place, leadId, holdings, closing }: Deal, id: string): SubjectRows => ({
  subject: [placeRow('deal', id, place)],
  holding: holdingRows('deal', id, holdings, { leadId }),
  closing: closing ? [{ deal_id: id, lead_id: leadId ?? null, outcome: closing.outcome, closed_at: closing.at, owner_id: closing.ownerId }] : [],
});

export interface Case {
  readonly kind: 'case';
  readonly subject: SubjectRef;
  readonly holdings: readonly Holding[];
}

export type CaseFact = Extract<CaseEvent, { type: 'CaseOpened' | 'CaseEscalated' | 'CaseResolved' | 'CaseReopened' }>;

export function evolveCase(state: Case | undefined, event: Recorded<CaseFact>): Case | undefined {
  const at = event.occurredAt;
  if (event.type === 'CaseOpened') return state ?? { kind: 'case', subject: event.data.subject, holdings: heldBy([], event.data.ownerId, at) };
  if (!state) return undefined;
  switch (event.type) {
    case 'CaseEscalated': return { ...state, holdings: heldBy(state.holdings, event.data.ownerId, at) };
    case 'CaseResolved': return { ...state, holdings: ended(state.holdings, at) };
    case 'CaseReopened': return { ...state, holdings: heldAgain(state.holdings, at) };
  }
}

export const caseRows = ({ subject, holdings }: Case, id: string): SubjectRows => ({ subject: [belongsTo('case', id, subject)], holding: holdingRows('case', id, holdings) });

export interface Client {
  readonly kind: 'client';
  readonly place: Place;
}

export const evolveClient = (state: Client | undefined, { data }: Recorded<Extract<ClientEvent, { type: 'ClientOnboarded' }>>): Client => state ?? { kind: 'client', place: placeOf(data) };
export const clientRows = ({ place }: Client, id: string): SubjectRows => ({ subject: [placeRow('client', id, place)] });
